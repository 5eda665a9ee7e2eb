"""What comes before the action that the rules chose: the queue, an alarm, a correction, a denial, a second matter that matters more."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Tuple

from actions.core.planner import LIKELY, SURE
from actions.core.turn import ActionName, Turn
from actions.dialogue import handover, queue, subjects
from actions.dialogue.buttons import CANCEL_TOPIC
from actions.dialogue.context import TurnContext
from actions.dialogue.quotes import QUOTE, names_amount

MOSTLY = 0.5
"""More than half of the confidence."""
OUT_OF_SCOPE = "out_of_scope"
REQUEST_PERSON = "request_human"
_ABOUT_CASE = "about_case"
_FALLBACK = "nlu_fallback"
_NAMELESS = (_FALLBACK, "about_case")
"""Intents that say nothing of the matter, which the topic alone does."""
_LIKELIEST = 3
_BARE_ANSWERS = (_FALLBACK, OUT_OF_SCOPE, "affirm", "deny", "step_done")
"""What a few words such as the name of an item may be taken for."""


def instead_of(chosen: ActionName, context: TurnContext) -> ActionName:
    """The name of the action that answers: the one the rules chose, unless something comes first.

    Settles on the way which intent is answered, and forgets the misunderstandings and outbursts that this message ends.
    """
    understood = context.turn.intent
    _settle(context)
    context.remember(asked_amount=False)
    intent, case, turn = context.intent, context.case, context.turn
    if intent != understood:
        chosen = context.knowledge.intents[intent].action
    chosen = _by_topic(context) or chosen
    if chosen != "action_clarify":
        context.remember(misses=0)
    if intent != "complaint_angry":
        context.remember(upsets=0)
    if queue.concerns(context):
        return "action_queue"
    if case.leaving_message and not queue.is_waiting(context):
        context.remember(leaving_message=False)
    if handover.alarm_reason(context) is not None:
        return "action_alarm"
    handover.note_alarm(context)
    if context.knowledge.intents[intent].complaint and chosen == "action_diagnose":
        # Which hears objections itself: it hands over with what it found.
        return chosen
    if (turn.has("cue_not_this_order") and case.intent is not None) or _names_the_order(context):
        # Whatever such words look like by themselves, the complaint under way is what they are about.
        context.turn, context.intent = replace(turn, topics=()), case.intent or context.knowledge.assumed_complaint
        return "action_diagnose"
    if turn.has("cue_objection") and handover.objectionable(context, case.causes):
        return "action_object"
    if turn.has("cue_later") and case.phase == "doing":
        return "action_decline"
    return chosen


def _by_topic(context: TurnContext) -> Optional[ActionName]:
    """The action that the matter of a message asks for, where the matter is surer than the intent; None leaves it to the intent."""
    topics, intents = context.knowledge.answers, context.knowledge.intents
    name, confidence = next(iter(context.named_topics), ("", 0.0))
    topic = topics.topics.get(name)
    about_it = topic is not None and topic.kind in ("case", "dialogue") and context.case.phase != "idle"
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
        return "action_alarm"
    if topic.kind == "case":
        return "action_follow_up"
    if topic.kind == "failure":
        return "action_diagnose"
    return "action_redirect" if home == OUT_OF_SCOPE else "action_answer"


def _takes_person_back(context: TurnContext) -> bool:
    """Whether a person is not wanted any more who was called or offered."""
    if context.case.phase not in ("handed_over", "handoff_offered"):
        return False
    name, confidence = next(iter(context.turn.topics), ("", 0.0))
    topic = context.knowledge.answers.topics.get(name)
    return topic is not None and topic.move == "cancel_person" and confidence >= SURE


def _settle(context: TurnContext) -> None:
    """Finds the intent that is answered; what stands beside it stays in the turn."""
    turn, meanings = context.turn, context.knowledge.intents
    intent = _understood(context)
    # A button says what it sends, whatever its title sounds like.
    typed = turn.entity("topic") is None
    denied = {name for name, meaning in meanings.items() if typed and meaning.denied_by(turn.text)}
    if REQUEST_PERSON in denied and queue.is_waiting(context):
        context.turn = replace(_without(context, "cue_person"), topics=((CANCEL_TOPIC, 1.0),))
        context.intent = _ABOUT_CASE
        return
    if denied:
        # By the matter or the intent: what is said not to be wanted must not be done, whatever its words look like.
        wanted = tuple(each for each in turn.topics if context.knowledge.answers.intent_of(each[0]) not in denied)
        context.turn, context.intent = replace(_without(context, "cue_person"), topics=wanted), "deny"
        return
    if _takes_person_back(context):
        # Whoever takes the request back speaks of a person too.
        turn = context.turn = _without(context, "cue_person")
    if intent in (OUT_OF_SCOPE, _FALLBACK) and _wants_a_quote(context):
        # Whatever few numbers look like by themselves, here they say what a quote needs.
        context.turn, context.intent = replace(turn, intent=QUOTE, topics=((QUOTE, 1.0),)), QUOTE
        return
    corrected = _corrected(context, intent)
    if corrected is not None:
        # The other subject is named: it need not be found out.
        context.turn, context.intent = replace(_without(context, "cue_not_this_order"), topics=_beside_case(context)), corrected
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
    likely = [name for name, _ in turn.ranking[:_LIKELIEST]]
    return turn.has("tenor") and not turn.has("product") and QUOTE in likely


def _understood(context: TurnContext) -> str:
    """The intent, unless only which complaint it is was unsure: every complaint leads to the same diagnosis."""
    turn = context.turn
    doubtful_alarm = context.knowledge.intents[turn.intent].kind == "alarm" and turn.confidence < SURE
    if not turn.has_words or doubtful_alarm:
        # Nobody is sent to the police on a guess: emergencies are known by their matter and by cues.
        return _FALLBACK
    complaints = [(name, weight) for name, weight in turn.ranking if context.knowledge.intents[name].complaint]
    surely_one = sum(weight for _, weight in complaints) >= MOSTLY
    intent = complaints[0][0] if turn.intent == _FALLBACK and surely_one else turn.intent
    doubtful = intent == subjects.BILL_COMPLAINT and turn.confidence < MOSTLY and turn.token_order is not None
    if doubtful and len(complaints) > 1 and complaints[1][1] > 0:
        # A bill is another subject than the order on the page: for that, the customer must have spoken of one.
        return next(name for name, _ in complaints if name != subjects.BILL_COMPLAINT)
    return intent


def _beside_case(context: TurnContext) -> Tuple[Tuple[str, float], ...]:
    """The topics of a turn but for those about the case under way, from which the customer turns away."""
    known = context.knowledge.answers.topics
    return tuple((name, confidence) for name, confidence in context.turn.topics if name in known and known[name].kind != "case")


def _without(context: TurnContext, cue: str) -> Turn:
    entities = {name: values for name, values in context.turn.entities.items() if name != cue}
    return replace(context.turn, entities=entities)


def _corrected(context: TurnContext, intent: str) -> Optional[str]:
    """The complaint to which the customer turns the case under way, if they do."""
    if context.case.intent is None or (_is_question(context, intent) and context.turn.confidence >= MOSTLY):
        return None
    return next((name for name, meaning in context.knowledge.intents.items() if meaning.corrected_by(context.turn.text)), None)


def _is_question(context: TurnContext, intent: str) -> bool:
    return context.knowledge.intents[intent].kind == "question"


def _names_the_order(context: TurnContext) -> bool:
    """Whether the message answers the question for the order in words instead of by button."""
    if context.case.phase != "asking_subject" or context.intent not in _BARE_ANSWERS:
        return False
    return subjects.described(context.turn, context.source.orders(context.turn.user_id)) is not None
