"""Says what the reply planner plans: answers, diagnoses, sub-questions, and the choices of the case once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from actions.core import moves, planner
from actions.core.asked import ABOUT_CASE, CERTAIN, HEARD, LIKELY, SURE, TAKEN, Asked, Clause, WishKind
from actions.core.diagnosis import Found, diagnose
from actions.core.subject import Subject
from actions.core.topics import Topic
from actions.dialogue import case_moves, casework, choices, clauses, follow_up, handover, quotes, step_answers, threads
from actions.dialogue.answers import OUT_OF_SCOPE, answer
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.choices import ask_back
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import Wish
from actions.dialogue.follow_up import REQUEST_HUMAN
from actions.dialogue.subjects import BILL_COMPLAINT
from actions.knowledge.aspects import asked_alone

CONTESTING = (planner.WHY, planner.UPSET, "why_me", "do_it_for_me", "refuse")
"""Sub-questions that contest a decision rather than ask about it."""
RISK = "risk"
"""The queue of what a person must look at before anything else is done."""


# --- actions: what is answered where no matter was understood ---------------------------------------------------------------------------


def complain(context: TurnContext) -> None:
    """Answers a complaint; without a matter it is diagnosed."""
    _reply(context)


def answer_question(context: TurnContext) -> None:
    """Answers a question; a button of the menu names no matter, and means the first one of what it asks."""
    _reply(context, usual=context.intent)


def quote(context: TurnContext) -> None:
    """Says what an amount would cost, unless something else about quotes was asked."""
    _reply(context, usual=quotes.QUOTE)


def follow_up_on(context: TurnContext) -> None:
    """Answers what only makes sense within the case; without a matter, what to do next."""
    _reply(context, usual=ABOUT_CASE)


def redirect(context: TurnContext) -> None:
    """Says where another matter belongs, or that it is none of the assistant's."""
    _reply(context, usual=OUT_OF_SCOPE)


def clarify(context: TurnContext) -> None:
    """Answers the likeliest reading that does no harm, or asks back."""
    _reply(context)


def request_person(context: TurnContext) -> None:
    """Hands over because the customer says so; what they ask beside it is answered on the way."""
    topics = context.knowledge.answers
    named = [name for name, confidence in context.turn.topics[:1] if confidence >= SURE]
    # The call itself is a matter too, and often the likelier one.
    heard = (topics.topics.get(name) for name in (*named, context.turn.second_topic or ""))
    beside = next((topic for topic in heard if topic is not None and topic.kind in planner.SETTLED), None)
    if beside is not None:
        answer(context, moves.GiveAnswer(beside, planner.own_aspects(beside, context.turn.aspects)))
        if topics.intent_of(beside.id) == REQUEST_HUMAN:
            # Whoever asks how people are reached has not asked for one.
            follow_up.offer_choices(context)
            return
    handover.request_person(context)


def object_to(context: TurnContext) -> None:
    """Hands over an objection; what is asked beside it is answered first."""
    about = next((part for part in planned_by_clauses(context) if isinstance(part, moves.AnswerAbout)), None)
    beside = tuple(aspect for aspect in about.aspects if aspect not in CONTESTING) if about is not None else ()
    if about is not None and beside:
        follow_up.answer_about(context, about.topic, beside)
    handover.object_to(context)


# --- parts -----------------------------------------------------------------------------------------------------------------------------


def _reply(context: TurnContext, usual: str | None = None) -> None:
    """Plans a reply to what was asked, and says it part by part; ``usual`` is the intent whose first topic is meant if none was understood."""
    together = planned_by_clauses(context)
    for part in together or _planned(context, usual):
        _say(context, part)


def planned_by_clauses(context: TurnContext) -> tuple[moves.Part, ...]:
    """The reply to a message of several questions, each read and planned by itself; empty if it is understood better as a whole."""
    return clauses.planned(context, lambda part: _planned(part, None))


def _planned(context: TurnContext, usual: str | None) -> tuple[moves.Part, ...]:
    """The parts of a reply to what was asked; ``usual`` as for ``_reply``."""
    beside = threads.asked_aside(context)
    if beside and context.aside is not None:
        return moves.GoOnAbout(context.aside, beside), moves.OfferChoices()
    exact = follow_up.asked_exactly(context) or follow_up.asked_of_its_matter(context)
    if exact:
        return (follow_up.about_exactly(context, exact),)
    further = threads.asked_exactly(context)
    if further and context.thread is not None:
        return (moves.GoOnAbout(context.thread, further),)
    diagnosis = diagnose(context.facts(), context.knowledge.causes.values())
    asked = asked_in(context, usual, diagnosis.first)
    rules = [found.cause.handoff for found in diagnosis.blocks]
    asked = replace(asked, endangered=any(rule.at_once and rule.queue == RISK for rule in rules))
    return planner.plan(asked, context.case.phase, diagnosis.cause_ids, context.thread)


def asked_in(context: TurnContext, usual: str | None, first: Found | None) -> Asked:
    """What the message of a turn asks for; ``usual`` as for ``_reply``, ``first`` is the cause that would be told first."""
    turn, topics = context.turn, context.knowledge.answers.topics
    named = [(topics[name], confidence) for name, confidence in context.named_topics if name in topics]
    ranked = [(topic, confidence) for topic, confidence in named if not handover.is_out_of_question(context, topic, confidence)]
    meaning = context.knowledge.intents[context.intent]
    kind, in_case = meaning.kind, context.case.phase != "idle"
    if usual == OUT_OF_SCOPE and ranked and ranked[0][1] < HEARD:
        ranked = []
    if not ranked and usual is not None:
        ranked = [(topic, 1.0) for topic in context.knowledge.answers.by_intent.get(usual, ())[:1]]
    doubtful = bool(ranked) and (ranked[0][1] < CERTAIN or len(context.case.causes) > 1)
    if doubtful and ranked[0][0].move == "correct_subject" and not _has_another_subject(context):
        # There is no other order it could be about.
        ranked = ranked[1:]
    told = in_case and context.case.phase != "asking_subject"
    if len(ranked) > 1 and ranked[0][0].vague and ranked[1][0].kind == "case" and ranked[1][1] >= LIKELY and told:
        # What says little by itself says enough about the case.
        ranked = ranked[1:]
    best, confidence = ranked[0] if ranked else (None, 0.0)
    # Questions about the case are readings only where there is one.
    elsewhere = ("dialogue", "emergency", *(() if in_case else ("case",)))
    guesses = tuple(topic for topic, _ in ranked if topic.kind not in elsewhere and not topic.vague)
    several = context.knowledge.locale.questions_in(turn.written or turn.text) > 1
    second = topics.get(turn.second_topic or "") or (_runner_up(context, ranked, first) if several else None)
    return Asked(
        kind=_WISHES.get(kind, "other"),
        topic=best,
        confidence=confidence,
        aspects=tuple(name for name in turn.aspects if _is_answered(context, name, best, first)),
        claims=tuple(name for name in turn.claims if name in context.knowledge.claims),
        second=second,
        of_second=_read_of(context, second) if second is not None else (),
        several=several and second is None,
        guesses=guesses,
        blamed=meaning.causes if meaning.keeps_from_splitting and best is not None and _home(context, best) == context.intent else (),
        alone=asked_alone(context.knowledge.aspects, turn.text),
        of_case=context.heard.of_case,
        narrow=tuple(name for name in turn.aspects if name in context.heard.read or _is_narrow(context, name)),
        of_block=_share_of_block(context, named, first),
        untold=in_case and not context.case.causes,
        told=context.case.given_up,
        complained=best is not None and _is_complaint(context, _home(context, best)),
        guessed=confidence < LIKELY and turn.confidence < CERTAIN,
        told_beside=_told_beside(context),
    )


def _told_beside(context: TurnContext) -> tuple[str, ...]:
    """The sub-questions whose words stand only in clauses that tell something, while another clause asks or complains."""
    known, clauses = context.knowledge, context.turn.clauses

    def asks(clause: Clause) -> bool:
        return known.intents[clause.intent].complaint or known.locale.questions_in(clause.text) > 0

    asking = [clause for clause in clauses if asks(clause)]
    told = {name for clause in clauses if clause not in asking for name in clause.aspects}
    asked = {name for clause in asking for name in clause.aspects}
    aside = [name for name in context.heard.worded if asking and name in told - asked and name not in context.heard.read]
    mixed = [name for name in context.heard.read if clauses and name not in context.heard.worded and not _reads(clauses, name)]
    return tuple(name for name in (*aside, *mixed) if name not in known.aspects or not known.aspects[name].may_be_told)


def _reads(clauses: Sequence[Clause], name: str) -> bool:
    return any(reading[0][0] == name for clause in clauses for reading in clause.readings.values() if reading)


def _runner_up(context: TurnContext, ranked: Sequence[tuple[Topic, float]], found: Found | None) -> Topic | None:
    """The second of two things that are asked: the matter that comes next, if an answer settles it as it does the first.

    Where what was found is told as well, that is enough for one reply, unless the second is likely.
    """
    asked = [topic for topic, confidence in ranked[:2] if confidence >= HEARD and topic.kind in planner.SETTLED and not topic.vague]
    homes = [_home(context, topic) for topic in asked]
    if len(asked) < 2 or None in homes or OUT_OF_SCOPE in homes:
        return None
    told = context.knowledge.intents[context.intent].complaint and found is not None and found.cause.id in asked[0].causes
    return None if told and ranked[1][1] < LIKELY else asked[1]


def _read_of(context: TurnContext, topic: Topic) -> tuple[str, ...]:
    """The sub-question of a matter that was read, if the matter answers it."""
    name, share = next(iter(context.turn.readings.get(topic.id, ())), ("", 0.0))
    return (name,) if share >= TAKEN and name in topic.aspects else ()


def _share_of_block(context: TurnContext, ranked: Sequence[tuple[Topic, float]], first: Found | None) -> float:
    """The share of the confidence that falls on complaints, on follow-ups of a case, and on what the cause that was found stands in the way of."""
    intents, cause = context.knowledge.intents, first.cause.id if first is not None else ""

    def concerns(topic: Topic) -> bool:
        home = _home(context, topic)
        return topic.kind in ("case", "failure") or cause in topic.causes or (home is not None and intents[home].complaint)

    whole = sum(confidence for _, confidence in ranked)
    return sum(confidence for topic, confidence in ranked if concerns(topic)) / whole if whole else 0.0


def _has_another_subject(context: TurnContext) -> bool:
    """Whether the customer has an order or a bill beside the one at hand."""
    source, user = context.source, context.turn.user_id
    own = [*(Subject("order", order.id) for order, _ in source.orders(user)), *(Subject("bill", bill.id) for bill in source.bills(user))]
    return any(subject != context.case.subject for subject in own)


def _is_narrow(context: TurnContext, aspect: str) -> bool:
    known = context.knowledge.aspects.get(aspect)
    return known is not None and known.is_narrow


def _is_answered(context: TurnContext, aspect: str, topic: Topic | None, first: Found | None) -> bool:
    """Whether anything can be said to a sub-question; what was taken out of the knowledge since the servers began may still be heard."""
    known = context.knowledge.aspects.get(aspect)
    if known is None:
        return False
    by_topic = topic is not None and topic.answers_to(aspect)
    by_cause = first is not None and bool(first.cause.aspects.get(aspect))
    return by_topic or by_cause or any(known.answers.values())


def _home(context: TurnContext, topic: Topic) -> str | None:
    return context.knowledge.answers.intent_of(topic.id)


def _is_order_blocked(context: TurnContext) -> bool:
    """Whether something stands in the way of the order on the page."""
    order = context.turn.token_order
    return order is not None and bool(context.diagnosis_of(Subject.of(order=order)).blocks)


def _is_complaint(context: TurnContext, intent: str | None) -> bool:
    return intent is not None and context.knowledge.intents[intent].complaint


_WISHES: dict[str, WishKind] = {"complaint": "complaint", "question": "question"}


def _say(context: TurnContext, part: moves.Part) -> None:
    match part:
        case moves.HandOverFor(topic):
            handover.hand_over_for(context, topic)
        case moves.GiveAnswer(topic) if topic.id == NOTICE_TOPIC and not part.beside:
            _promise_notice(context, part)
        case moves.GiveAnswer():
            answer(context, part)
        case moves.GiveDiagnosis(lead, aspects, claims, second, answered):
            complaint = _complaint(context)
            if lead is not None and complaint != context.intent and _home(context, lead) == BILL_COMPLAINT != complaint:
                lead = None
            wish = Wish(lead, aspects, claims, answered)
            if second is not None:
                wish = replace(wish, second=partial(answer, context, moves.GiveAnswer(second, beside=True)))
            casework.open_case(context, complaint, wish)
        case moves.AnswerAbout(topic, aspects, claims):
            follow_up.answer_about(context, topic, aspects, claims)
        case moves.GoOnAbout(topic, aspects):
            threads.go_on(context, topic, aspects)
        case moves.MoveCase(topic, move):
            case_moves.move(context, topic, move)
        case moves.OfferChoices():
            follow_up.offer_choices(context)
        case moves.AskInCase():
            follow_up.ask_in_case(context)
        case moves.AskBack(guesses):
            ask_back(context, guesses)


def _promise_notice(context: TurnContext, part: moves.GiveAnswer) -> None:
    """Answers who wants to be told of the end, and sees to it that they are; says so where there is nothing of which they could be told."""
    found = choices.awaited(context)
    if found is None:
        step_answers.subscribe_or_refuse(context)
        return
    answer(context, part)
    if context.case.phase == "idle":
        step_answers.take_up(context)
        step_answers.subscribe(context, found)
    else:
        # A step in hand, or the place in the queue, is not given up for it.
        context.notices.subscribe(context.turn.user_id, context.diagnose().facts.subject, found.cause.id)


def _complaint(context: TurnContext) -> str:
    """The complaint under which a case is opened: the one that was made, else the one under way, else the assumed one."""
    intents = context.knowledge.intents
    if intents[context.intent].complaint:
        return context.intent
    named = ((context.knowledge.answers.intent_of(name), confidence) for name, confidence in context.named_topics[:1])
    home, confidence = next(((name, sure) for name, sure in named if name is not None and intents[name].complaint), (None, 0.0))
    if home == BILL_COMPLAINT and confidence < CERTAIN and _is_order_blocked(context):
        # Whether the bill was meant is not sure; that something stands in the way of the order on the page is.
        return context.knowledge.assumed_complaint
    return home or context.case.intent or context.knowledge.assumed_complaint
