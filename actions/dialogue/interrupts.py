"""What comes before the action that the rules chose: the queue, an alarm, a correction, a denial, a second matter that matters more."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.core.asked import ABOUT_CASE, CERTAIN, DOUBTLESS, LIKELY, SURE
from actions.core.moves import AnswerAbout
from actions.core.planner import OPEN_PHASES, WHY
from actions.core.turn import ActionName, Turn
from actions.dialogue import follow_up, handover, queue, replying, step_answers, subjects, threads
from actions.dialogue.buttons import CANCEL_TOPIC
from actions.dialogue.context import TurnContext
from actions.dialogue.handover import REQUESTED
from actions.dialogue.quotes import QUOTE, names_amount

MOSTLY = 0.5
"""More than half of the confidence."""
OUT_OF_SCOPE = "out_of_scope"
REQUEST_PERSON = "request_human"
ANGER = "complaint_angry"
_FALLBACK = "nlu_fallback"
_DONE_AS_SAID: tuple[ActionName, ...] = ("action_step_done", "action_step_not_found", "action_step_not_possible", "action_thanks")
"""Actions that words of a question do not keep from being done."""
_ASKED_OR_TOLD: tuple[ActionName, ...] = (
    "action_answer",
    "action_quote",
    "action_follow_up",
    "action_diagnose",
    "action_redirect",
    "action_clarify",
)
"""Actions that plan their reply, and so take up each question of several themselves."""
_CONTESTING = (None, WHY, follow_up.DOUBT, "do_it_for_me", "refuse")
"""Aspects of topics that do not keep an objection from being one; a topic without any moves the case."""
_NAMELESS = (_FALLBACK, "about_case")
"""Intents that say nothing of the matter, which the topic alone does."""
_LIKELIEST = 3
_FEW = 6
"""Characters in which nothing more than a tenor can be said."""
_BARE = 8
"""Characters in which little more than the name of an order or bill can be said."""
_NUMBER = re.compile("[0-9]+")
_BARE_ANSWERS = (_FALLBACK, OUT_OF_SCOPE, "affirm", "deny", "step_done", ABOUT_CASE)
"""What a few words such as the name of an item may be taken for."""


def instead_of(chosen: ActionName, context: TurnContext) -> ActionName:
    """The name of the action that answers: the one the rules chose, unless something comes first.

    Settles on the way which intent is answered, and forgets the misunderstandings and outbursts that this message ends.
    """
    understood = context.turn.intent
    _settle(context)
    context.remember(asked_amount=False, quoted=None, answered=context.case.answered if context.case.has_ended else None)
    intent, case, turn = context.intent, context.case, context.turn
    if intent != understood:
        chosen = context.knowledge.intents[intent].action
    chosen = _by_topic(context) or chosen
    if chosen != "action_clarify":
        context.remember(misses=0)
    if intent != ANGER:
        context.remember(upsets=0)
    if queue.concerns(context):
        return "action_queue"
    if case.leaving_message and not queue.is_waiting(context):
        context.remember(leaving_message=False)
    alarm = None if _names_the_order(context) and turn.confidence < CERTAIN else handover.alarm_reason(context)
    if alarm == REQUESTED and _asks_whether_a_person_can(context):
        alarm = None
    called = (queue.is_waiting(context) or intent != REQUEST_PERSON) and not _calls_in_a_clause(context)
    if alarm == REQUESTED and called and follow_up.asked_exactly(context):
        # The person is called already, or only spoken of: what is asked about it is answered.
        return "action_follow_up"
    if alarm == REQUESTED and chosen == "action_follow_up" and queue.is_waiting(context) and intent != REQUEST_PERSON:
        # Who waits for the person and speaks of them has called them.
        return chosen
    if alarm is not None:
        return "action_request_person" if alarm == REQUESTED else "action_alarm"
    handover.note_alarm(context)
    if context.knowledge.intents[intent].complaint and chosen == "action_diagnose" and not follow_up.asked_exactly(context):
        # Which hears objections itself: it hands over with what it found.
        return chosen
    another = _another_order(context)
    if another is not None:
        turn = replace(turn, entities={**turn.entities, "order": (another,)})
    if another is not None or (turn.has(subjects.MEANS_ANOTHER) and case.intent is not None) or _names_the_order(context):
        # Whatever such words look like by themselves, the complaint under way is what they are about.
        context.turn, context.intent = (
            replace(turn, topics=(), aspects=_beside_exact(context)),
            case.intent or context.knowledge.assumed_complaint,
        )
        return "action_diagnose"
    if step_answers.wants_notice(context):
        return "action_agree"
    if chosen not in _DONE_AS_SAID and threads.asked_aside(context):
        return "action_follow_up"
    topic = context.knowledge.answers.topics.get(next((name for name, _ in context.named_topics), ""))
    contests = topic is not None and topic.aspect == WHY
    asks = topic is not None and topic.aspect not in _CONTESTING and context.named_topics[0][1] >= SURE
    neutral = bool(context.exactly_heard) and {*context.exactly_heard}.isdisjoint(replying.CONTESTING)
    asks = asks or (neutral and context.knowledge.locale.asks.search(turn.text) is not None)
    asks_about_it = chosen == "action_follow_up" and (queue.is_waiting(context) and not contests or asks)
    several = replying.planned_by_clauses(context)
    sought = {aspect for part in several if isinstance(part, AnswerAbout) for aspect in part.aspects}
    asks_about_it = sought.isdisjoint(replying.CONTESTING) if several else asks_about_it
    if turn.has("cue_objection") and handover.objectionable(context, case.causes) and not asks_about_it:
        return "action_object"
    if chosen not in (*_DONE_AS_SAID, *_ASKED_OR_TOLD) and several:
        return "action_follow_up"
    agreed = chosen == "action_agree" and turn.confidence >= DOUBTLESS
    if not agreed and chosen not in _DONE_AS_SAID and follow_up.asked_exactly(context):
        return "action_follow_up"
    if turn.has("cue_later") and case.phase == "doing" and not several:
        return "action_decline"
    return chosen


def _asks_whether_a_person_can(context: TurnContext) -> bool:
    """Whether a person is only named in the question whether one can do what the answer to it says nobody can, and is not called."""
    asks = context.knowledge.locale.asks
    named = context.turn.entities.get("cue_person", ())
    return context.turn.intent != REQUEST_PERSON and context.sure_beside >= CERTAIN and bool(named) and all(map(asks.search, named))


def _calls_in_a_clause(context: TurnContext) -> bool:
    """Whether a clause calls for a person by itself, whatever the others ask, while none is awaited."""
    calling = [clause for clause in context.turn.clauses if clause.intent == REQUEST_PERSON and clause.confidence >= DOUBTLESS]
    named = [context.knowledge.answers.topics.get(name) for each in calling for name, share in each.topics[:1] if share >= DOUBTLESS]
    return not queue.is_waiting(context) and any(topic is not None and topic.kind == "dialogue" for topic in named)


def _by_topic(context: TurnContext) -> ActionName | None:
    """The action that the matter of a message asks for, where the matter is surer than the intent; None leaves it to the intent."""
    topics, intents = context.knowledge.answers, context.knowledge.intents
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    topic = topics.topics.get(name)
    about_it = topic is not None and topic.kind in ("case", "dialogue") and (context.case.phase != "idle" or context.thread is not None)
    if topic is None or confidence < (LIKELY if about_it else SURE):
        return None
    act = intents[context.intent].kind == "act" and context.intent not in _NAMELESS
    # A button's topic goes with its intent, and so does what is typed in answer to a question of ours.
    if act and confidence <= context.turn.confidence and not _takes_person_back(context):
        return None
    home = topics.intent_of(topic.id)
    if topic.kind == "dialogue":
        return intents[home].action if home is not None else None
    if topic.kind == "emergency":
        # A doubtful one calls nobody: the intent answers.
        return "action_alarm" if handover.emergency(context) is not None else None
    if topic.kind == "case":
        return "action_follow_up"
    if topic.kind == "failure":
        return "action_diagnose"
    return "action_redirect" if home == OUT_OF_SCOPE else "action_answer"


def _takes_person_back(context: TurnContext) -> bool:
    """Whether a person is not wanted any more who was called or offered, or is called in the same breath."""
    name, confidence = next(iter(context.turn.topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    needed = SURE if context.case.phase in ("handed_over", "handoff_offered") else CERTAIN
    return topic is not None and topic.move == "cancel_person" and confidence >= needed


def _settle(context: TurnContext) -> None:
    """Finds the intent that is answered; what stands beside it stays in the turn."""
    turn, meanings = context.turn, context.knowledge.intents
    intent = _understood(context)
    # A button says what it sends, whatever its title sounds like.
    typed = turn.entity("topic") is None
    denied = {name for name, meaning in meanings.items() if typed and meaning.denied_by(turn.text)}
    if REQUEST_PERSON in denied and queue.is_waiting(context):
        context.turn = replace(_without(context, "cue_person"), topics=((CANCEL_TOPIC, 1.0),))
        context.intent = ABOUT_CASE
        return
    if denied:
        # By the matter or the intent: what is said not to be wanted must not be done, whatever its words look like.
        wanted = tuple(each for each in turn.topics if context.knowledge.answers.intent_of(each[0]) not in denied)
        context.turn, context.intent = replace(_without(context, "cue_person"), topics=wanted), "deny"
        return
    if _takes_person_back(context):
        # Whoever takes the request back speaks of a person too.
        turn = context.turn = _without(context, "cue_person")
    turn = context.turn = _with_bare_tenor(context)
    if (intent in (OUT_OF_SCOPE, _FALLBACK) and _wants_a_quote(context)) or _names_a_tenor(context):
        # Whatever few numbers look like by themselves, here they say what a quote needs.
        context.turn, context.intent = replace(turn, intent=QUOTE, topics=((QUOTE, 1.0),)), QUOTE
        return
    corrected = _corrected(context, intent)
    if corrected is not None:
        # The other subject is named: it need not be found out.
        turned = replace(_without(context, subjects.MEANS_ANOTHER), topics=_beside_case(context), aspects=_beside_exact(context))
        context.turn, context.intent = turned, corrected
        return
    second = turn.second_intent
    if second is not None and meanings[second].complaint and _is_question(context, intent):
        # What is broken comes first, whichever was said first; the question is answered with it.
        first_topic = next((name for name, _ in turn.topics), None)
        topics = ((turn.second_topic, 1.0),) if turn.second_topic else ()
        context.turn, intent = replace(turn, intent=second, second_intent=intent, topics=topics, second_topic=first_topic), second
    context.intent = intent


def _wants_a_quote(context: TurnContext) -> bool:
    """Whether a message of little but numbers names what a quote needs: an amount that was asked for, or an amount and a tenor."""
    turn = context.turn
    if not names_amount(context) or context.case.asked_amount:
        return names_amount(context)
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    if confidence >= SURE and context.knowledge.answers.intent_of(name) == OUT_OF_SCOPE:
        # What another product would cost is not in our table.
        return False
    likely = [name for name, _ in turn.ranking[:_LIKELIEST]]
    return turn.has("tenor") and not turn.has("product") and QUOTE in likely


def _names_a_tenor(context: TurnContext) -> bool:
    """Whether a message after a quote says little more than another tenor."""
    turn = context.turn
    most = 2 * _FEW if turn.intent in _BARE_ANSWERS else _FEW
    return context.case.asked_amount and turn.has("tenor") and not names_amount(context) and len(turn.text) <= most


def _with_bare_tenor(context: TurnContext) -> Turn:
    """The turn, with the number in it as a tenor, if a few words after a quote hold nothing but one that can be chosen."""
    turn, numbers = context.turn, _NUMBER.findall(context.turn.text)
    named = turn.has("tenor") or names_amount(context) or len(turn.text) > _FEW or len(numbers) != 1
    if named or not context.case.asked_amount or int(numbers[0]) not in {plan.tenor for plan in context.facts().plans}:
        return turn
    return replace(turn, entities={**turn.entities, "tenor": (numbers[0],)})


def _understood(context: TurnContext) -> str:
    """The intent, unless only which complaint it is was unsure: every complaint leads to the same diagnosis."""
    turn = context.turn
    if not turn.has_words or handover.is_doubtful_alarm(context):
        # Nobody is sent to the police on a guess: emergencies are known by their matter and by cues.
        return _FALLBACK
    complaints = [(name, weight) for name, weight in turn.ranking if context.knowledge.intents[name].complaint]
    surely_one = sum(weight for _, weight in complaints) >= MOSTLY
    intent = complaints[0][0] if turn.intent == _FALLBACK and surely_one else turn.intent
    topic = next((name for name, _ in turn.topics), "")
    of_bill = context.knowledge.answers.intent_of(topic) == subjects.BILL_COMPLAINT
    doubtful = intent == subjects.BILL_COMPLAINT and turn.confidence < MOSTLY and turn.token_order is not None and not of_bill
    if doubtful and len(complaints) > 1 and complaints[1][1] > 0:
        # A bill is another subject than the order on the page: for that, the customer must have spoken of one.
        return next(name for name, _ in complaints if name != subjects.BILL_COMPLAINT)
    return intent


def _beside_case(context: TurnContext) -> tuple[tuple[str, float], ...]:
    """The topics of a turn but for those about the case under way, from which the customer turns away."""
    known = context.knowledge.answers.topics
    return tuple((name, confidence) for name, confidence in context.turn.topics if name in known and known[name].kind != "case")


def _beside_exact(context: TurnContext) -> tuple[str, ...]:
    """The sub-questions of a turn but for those that would be answered about the subject from which the customer turns away."""
    of_case = (*context.exactly_heard, context.heard.of_case)
    return tuple(name for name in context.turn.aspects if name not in of_case)


def _without(context: TurnContext, cue: str) -> Turn:
    entities = {name: values for name, values in context.turn.entities.items() if name != cue}
    return replace(context.turn, entities=entities)


def _corrected(context: TurnContext, intent: str) -> str | None:
    """The complaint to which the customer turns the case under way, if they do."""
    if context.case.intent is None or (_is_question(context, intent) and context.turn.confidence >= MOSTLY):
        return None
    return next((name for name, meaning in context.knowledge.intents.items() if meaning.corrected_by(context.turn.text)), None)


def _is_question(context: TurnContext, intent: str) -> bool:
    return context.knowledge.intents[intent].kind == "question"


def _another_order(context: TurnContext) -> str | None:
    """The order that a few words in the middle of a case name, if they are little more than the name of another one."""
    held = context.case.subject.order if context.case.subject is not None else None
    if held is None or context.case.phase not in OPEN_PHASES or not 0 < len(context.turn.text) <= _BARE:
        return None
    named = subjects.described(context.turn, context.source.orders(context.turn.user_id), in_answer=True)
    return named if named not in (subjects.NO_ORDER, subjects.EACH, held) else None


def _names_the_order(context: TurnContext) -> bool:
    """Whether the message answers the question for the order in words instead of by button."""
    if context.case.phase != "asking_subject":
        return False
    if len(context.turn.text) <= _BARE and subjects.bill_described(context.turn, context.source.bills(context.turn.user_id)):
        return True
    asks = _is_question(context, context.intent) and context.turn.confidence >= MOSTLY
    doubtful = context.intent in _BARE_ANSWERS or context.turn.confidence < MOSTLY
    if not doubtful and (asks or not context.turn.has(subjects.CHOICE)):
        return False
    return subjects.described(context.turn, context.source.orders(context.turn.user_id)) is not None
