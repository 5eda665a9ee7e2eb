"""Says what the reply planner plans: answers, diagnoses, sub-questions, and the choices of the case once more."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from actions.core import moves, planner
from actions.core.asked import ABOUT_CASE, CERTAIN, SURE
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.subject import Subject
from actions.dialogue import advice, case_moves, casework, choices, clauses, follow_up, handover, quotes, step_answers, threads, told
from actions.dialogue.answers import OUT_OF_SCOPE, answer
from actions.dialogue.asking import asked_in, home_of
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.choices import ask_back
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import Wish
from actions.dialogue.step_answers import TRIED
from actions.dialogue.subjects import BILL_COMPLAINT, resolve
from actions.dialogue.told import REQUEST_HUMAN
from actions.knowledge import phrases

CONTESTING = (planner.WHY, planner.UPSET, "why_me", "do_it_for_me", "refuse")
"""Sub-questions that contest a decision rather than ask about it."""
_ANSWERS = (moves.GiveAnswer, moves.AnswerAbout, moves.GoOnAbout, moves.OfferChoices)
"""Parts of replies that answer, and move nothing."""
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
    parts = planned_by_clauses(context) or _planned(context, usual)
    answered = context.case.phase == "doing" and all(isinstance(part, _ANSWERS) for part in parts)
    # Who does not want to do the step and asks about that puts nothing off.
    beside = any(isinstance(part, moves.GiveAnswer) for part in parts) and not any(isinstance(part, moves.AnswerAbout) for part in parts)
    put_off = answered and beside and told.puts_off(context)
    if answered and told.found_it(context):
        casework.confirm(context)
    elif put_off:
        context.remember(paused=True)
    before = len(context.speaker.replies)
    for part in parts:
        _say(context, part)
    if put_off and context.case.paused and len(context.speaker.replies) > before:
        context.speaker.lead_in(context.speaker.phrase(phrases.PUT_ASIDE), before)


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
    read = follow_up.read_of_the_case(context)
    if read:
        return (follow_up.about_exactly(context, read),)
    diagnosis = _looked_at(context)
    asked = asked_in(context, usual, diagnosis.first)
    rules = [found.cause.handoff for found in diagnosis.blocks]
    asked = replace(asked, endangered=any(rule.at_once and rule.queue == RISK for rule in rules))
    return planner.plan(asked, context.case.phase, diagnosis.cause_ids, context.thread)


def _looked_at(context: TurnContext) -> Diagnosis:
    """What stands in the way of what a message is about: of a bill where it complains of bills and nothing else is on the table."""
    turn = context.turn
    bills = context.source.bills(turn.user_id) if context.intent == BILL_COMPLAINT and context.case.phase == "idle" else ()
    if bills:
        found = resolve(turn, BILL_COMPLAINT, context.source.orders(turn.user_id), bills)
        if isinstance(found, Subject):
            return context.diagnosis_of(found)
    return diagnose(context.facts(), context.knowledge.causes.values())


def _is_order_blocked(context: TurnContext) -> bool:
    """Whether something stands in the way of the order on the page."""
    order = context.turn.token_order
    return order is not None and bool(context.diagnosis_of(Subject.of(order=order)).blocks)


def _say(context: TurnContext, part: moves.Part) -> None:
    match part:
        case moves.HandOverFor(topic):
            handover.hand_over_for(context, topic)
        case moves.GiveAnswer(topic) if topic.id == NOTICE_TOPIC and not part.beside:
            _promise_notice(context, part)
        case moves.GiveAnswer(topic) if not part.beside and advice.heard_in_words(context, topic.id):
            pass
        case moves.GiveAnswer():
            answer(context, part)
        case moves.GiveDiagnosis(lead) if lead is not None and lead == context.thread and not lead.refresh and lead.said_to(TRIED):
            # It was looked at just now, and what was advised has not helped.
            threads.go_on(context, lead, (TRIED,))
        case moves.GiveDiagnosis(lead, aspects, claims, second, answered, first):
            complaint = _complaint(context)
            if lead is not None and complaint != context.intent and home_of(context, lead) == BILL_COMPLAINT != complaint:
                lead = None
            wish = Wish(lead, aspects, claims, answered, first=first)
            if second is not None:
                wish = replace(wish, second=partial(answer, context, moves.GiveAnswer(second, beside=True)))
            casework.open_case(context, complaint, wish)
        case moves.AnswerAbout(topic, aspects, claims, remarked):
            follow_up.answer_about(context, topic, aspects, claims, remarked)
        case moves.GoOnAbout(topic, aspects):
            threads.go_on(context, topic, aspects)
        case moves.MoveCase(topic, move):
            case_moves.move(context, topic, move)
        case moves.OfferChoices():
            follow_up.offer_choices(context)
        case moves.AskInCase():
            casework.ask_in_case(context)
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
