"""The case: a complaint opens it, and everything said about a step, an offer or a question moves it on. The walkthrough decides where to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis
from actions.core.messages import EndedData
from actions.core.moves import CheckFailed, CheckPassed, HandOver, Move, Resolve, ShowStep, Wait
from actions.core.planner import UPSET
from actions.core.subject import ACCOUNT, Subject
from actions.core.walkthrough import Transition, Walkthrough
from actions.dialogue import advice, choices, diagnoses, handover, other_subjects, subjects, told
from actions.dialogue.buttons import MOST_SUBJECTS
from actions.dialogue.choices import clarification
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import NO_WISH, Wish
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase
from actions.knowledge.rendering import Values

Walk = Callable[[Walkthrough, Case, Diagnosis], Transition]
"""A method of the walkthrough."""


_SETTLED = ("doing", "offered", "waiting", "explained", "handoff_offered", "handed_over")
"""Phases in which a diagnosis has led somewhere."""


# --- what every part of the dialogue needs of a case -----------------------------------------------------------------------------------


def advance(
    context: TurnContext, walk: Walk, diagnosis: Diagnosis | None = None, reworded: bool = False, brief: bool = False
) -> Transition:
    """Goes one way of the walkthrough, by the state as it is now, and says what it moves."""
    diagnosis = diagnosis or context.diagnose()
    transition = walk(context.walkthrough, context.case, diagnosis)
    told = set(context.case.causes)
    context.keep(transition.case)
    # The outcome of a check is always the first move.
    checks = tuple(takewhile(lambda move: isinstance(move, (CheckPassed, CheckFailed)), transition.moves))
    for move in checks:
        context.wording.move(move, diagnosis)
    if not told.issuperset(diagnosis.cause_ids):
        # What has come up since the last diagnosis is explained before anything is asked for.
        diagnoses.tell(context, diagnosis)
    for move in transition.moves[len(checks) :]:
        if isinstance(move, HandOver):
            # Only what a cause itself asks for goes to the cause's queue; other reasons have queues of their own.
            own = move.found is not None and move.reason == "cause"
            handover.hand_over(context, move.reason, diagnosis, move.found.cause.handoff.queue if own and move.found else None)
        else:
            if isinstance(move, Resolve) and checks and isinstance(checks[0], CheckPassed):
                # What was checked is gone; where nothing was, there may never have been anything to solve.
                handover.solved(context, diagnosis.facts.subject, checks[0].cause.id)
            if isinstance(move, ShowStep) and brief and not checks:
                context.wording.steps.remind(move, diagnosis.facts)
            else:
                context.wording.move(move, diagnosis, _is_subscribed(context, move), reworded)
    return transition


def prompt(context: TurnContext, reworded: bool = False, brief: bool = False) -> bool:
    """Offers again what the case is waiting for; False if it waits for nothing.

    Args:
        reworded: adds to a step how to find what it speaks of.
        brief: reminds of a step instead of telling it once more.
    """
    case = context.case
    if case.phase == "doing" or (case.phase == "handed_over" and case.cause and case.paused):
        advance(context, Walkthrough.resume, reworded=reworded, brief=brief)
    elif case.phase == "offered":
        context.say(phrases.OFFER_START, context.buttons.offered())
    elif case.phase == "handoff_offered":
        context.say(phrases.OFFER_HANDOFF, context.buttons.handoff_offer())
    elif case.phase == "confirming":
        context.say(phrases.CONFIRM, context.buttons.confirm())
    elif case.phase == "asking_subject":
        user = context.turn.user_id
        other_subjects.ask(context, subjects.others(case.turned_from, context.source.orders(user), context.source.bills(user)))
    else:
        return False
    return True


def prompt_after_aside(context: TurnContext) -> bool:
    """As ``prompt``, behind words that are not about the step: one that stands above, or was just reminded of, is not told once more."""
    reminded = any(each in context.turn.said for each in context.speaker.variants(phrases.STEP_STANDS))
    return prompt(context, brief=reminded or step_stands_above(context))


def step_stands_above(context: TurnContext) -> bool:
    """Whether the step in hand was put just before this message, so that it stands right above the reply."""
    before, case = context.turn.case, context.case
    if (before.phase, before.cause, before.step) != ("doing", case.cause, case.step):
        return False
    diagnosis = context.diagnose()
    found = diagnosis.get(case.cause)
    if found is None and case.cause != NO_CAUSE_FOUND:
        return False
    cause = found.cause if found is not None else context.knowledge.causes[NO_CAUSE_FOUND]
    text = context.wording.steps.text(cause, min(case.step, len(cause.steps) - 1), Values.about(diagnosis.facts, found))
    return any(text in said for said in context.turn.said)


def say_of_step(context: TurnContext, at_a_cause: Phrase, otherwise: Phrase) -> str:
    """Something about the step the case waits at, with what it is to put right, if that was found.

    Args:
        at_a_cause: with ``summary``.
        otherwise: where there is no such cause, or it is gone.
    """
    found = context.diagnose().get(context.case.cause) if context.case.phase == "doing" else None
    if found is None or found.cause.id == NO_CAUSE_FOUND:
        return context.speaker.phrase(otherwise)
    return context.speaker.phrase(at_a_cause, summary=context.wording.summary(found, context.diagnose().facts))


def prompt_or_menu(context: TurnContext) -> None:
    """Offers the case again, or what the assistant can do."""
    if not prompt(context):
        offer_menu(context, phrases.MENU)


def ask_in_case(context: TurnContext) -> None:
    """Says that too little was said, with the choices of the case."""
    if context.case.phase == "asking_subject":
        prompt(context)
    else:
        context.say(phrases.CLARIFY_IN_CASE, choices.of_phase(context))


def offer_menu(context: TurnContext, phrase: Phrase) -> None:
    """Offers what the assistant can do."""
    context.say(phrase, context.buttons.intents(context.knowledge.menu))


# --- actions ---------------------------------------------------------------------------------------------------------------------------


def open_case(context: TurnContext, complaint: str, wish: Wish = NO_WISH) -> None:
    """Finds the subject of a complaint, or asks for it, tells what blocks it and begins with it.

    Args:
        complaint: the intent.
        wish: what is asked for beside the diagnosis.
    """
    turn, case = context.turn, context.case
    found = subjects.resolve(turn, complaint, context.source.orders(turn.user_id), context.source.bills(turn.user_id))
    context.remember(intent=complaint, token_order=turn.token_order, answered=None)
    if isinstance(found, subjects.Ask):
        # What was asked is answered when it is known about which order.
        lead = wish.lead.id if wish.lead is not None else None
        if found.after:
            wish = wish.beside(_kept(context))
            lead = context.case.lead
        again = case.asked_for + (not found.after) if case.phase == "asking_subject" else 1
        context.remember(phase="asking_subject", subject=None, turned_from=found.turned_from, asked_for=again)
        context.remember(lead=lead, aspects=wish.aspects, claims=wish.claims)
        wish.second()
        if case.phase == "asking_subject" and turn.has(subjects.MEANS_ANOTHER):
            ask_for_another(context)
        elif found.told:
            _tell_each(context, found)
        else:
            other_subjects.ask(context, found)
        return
    if case.phase == "asking_subject":
        wish = wish.beside(_kept(context))
    context.remember(lead=None, aspects=(), claims=(), turned_from=None, asked_for=0)
    if found != context.case.subject:
        context.keep(context.case.on_cause(None))
    context.remember(subject=found)
    diagnosis = context.diagnose()
    if found == turn.case.subject and _is_told(context, diagnosis):
        tell_again(context, diagnosis, wish)
        return
    if found == turn.case.subject and turn.has(subjects.MEANS_ANOTHER) and not diagnosis.found and turn.case.cause == NO_CAUSE_FOUND:
        # The one that is meant is the one that was looked at.
        context.say(phrases.SAME_SUBJECT, subject=context.wording.subject_of(diagnosis.facts))
        prompt_or_choices(context)
        return
    seen, tried = not diagnosis.found and told.found_it(context), not diagnosis.found and told.has_tried(context)
    if seen or tried:
        # What leads in to a look at the page would send the customer to what they have done.
        wish = replace(wish, lead=None, aspects=tuple(each for each in wish.aspects if each == UPSET))
    objects = turn.has("cue_objection") and bool(handover.objectionable(context, diagnosis.cause_ids))
    if objects:
        # It is put down in the same reply: what says how to object, or contests the decision in other words, would come after the fact.
        wish = replace(wish, aspects=(handover.OBJECTED,))
    diagnoses.tell(context, diagnosis, wish)
    wish.second()
    lead_topic = wish.lead
    if seen:
        confirm(context)
        return
    if objects:
        handover.object_to(context, diagnosis)
    elif (
        lead_topic is not None
        and not lead_topic.refresh
        and not (diagnosis.blocks or (diagnosis.found and turn.has(diagnoses.OF_INSTALLMENTS)))
    ):
        # Neither refreshing the checkout nor its plans would help with this: what helps has been said.
        context.keep(context.case.on_cause(None).but(phase="explained", answered=lead_topic.id))
        context.speaker.offer((*context.buttons.topics(lead_topic.follow_up), context.buttons.person()))
    elif diagnosis.blocks and diagnoses.is_disowned(context, diagnosis, wish):
        context.keep(context.case.on_cause(diagnosis.blocks[0].cause.id).but(phase="handoff_offered", causes=diagnosis.cause_ids))
        prompt(context)
    elif (
        diagnosis.found
        and turn.case.phase == "resolved"
        and found == turn.case.subject
        and complaint == context.knowledge.assumed_complaint
    ):
        # Behind the end of a case, what is still not there is the page's: what can be chosen was said.
        if advance(context, Walkthrough.refresh, diagnosis).case.cause == NO_CAUSE_FOUND:
            context.speaker.lead_in(context.speaker.phrase(phrases.REFRESH_FIRST), at=-1)
    elif tried:
        context.keep(context.case.on_cause(NO_CAUSE_FOUND).but(causes=diagnosis.cause_ids))
        advance(context, Walkthrough.tried_all, diagnosis)
    else:
        advance(context, Walkthrough.begin, diagnosis)


def confirm(context: TurnContext) -> None:
    """The option is there now, as the customer says."""
    handover.solved(context, context.case.subject or ACCOUNT, context.case.cause)
    context.say(phrases.CONFIRMED, (*advice.offer(context), context.buttons.person()), EndedData(by="customer"))
    context.keep(context.case.on_cause(None).but(phase="resolved", seen_option=True))


def _kept(context: TurnContext) -> Wish:
    """What was asked before it was known about which order; what is known no more is left out."""
    case, knowledge = context.case, context.knowledge
    return Wish(
        lead=knowledge.answers.topics.get(case.lead or ""),
        aspects=tuple(name for name in case.aspects if name in knowledge.aspects),
        claims=tuple(name for name in case.claims if name in knowledge.claims),
    )


def _is_told(context: TurnContext, diagnosis: Diagnosis) -> bool:
    """Whether the customer has been told just this, and is where it has led to."""
    case = context.turn.case
    settled = case.phase in _SETTLED and case.cause != NO_CAUSE_FOUND
    return settled and bool(diagnosis.found) and case.causes == diagnosis.cause_ids and diagnosis.get(case.cause) is not None


def tell_again(context: TurnContext, diagnosis: Diagnosis, wish: Wish) -> None:
    """Tells a diagnosis that is known already: what was asked, each cause in a line, and where the case stands."""
    if not wish.answered:
        # Behind an answer, what is known already would only stand in the way of the step.
        before, behind = diagnoses.around(context, diagnosis, wish)
        context.wording.diagnosis_in_brief(diagnosis, phrases.DIAGNOSIS_AGAIN, before, behind, diagnosis.found)
    wish.second()
    if context.turn.has("cue_objection") and handover.objectionable(context, diagnosis.cause_ids):
        handover.object_to(context, diagnosis)
    else:
        prompt_or_choices(context)


def prompt_or_choices(context: TurnContext) -> None:
    """Puts the step again, or the choices of the case on the last reply."""
    if context.case.phase == "doing":
        prompt_after_aside(context)
    else:
        context.speaker.offer(choices.of_phase(context))


def ask_for_another(context: TurnContext) -> None:
    """Asks which order is meant if it is none of those that were offered."""
    buttons = context.buttons.subjects(context.case.intent or context.knowledge.assumed_complaint, ())
    context.say(phrases.ASK_ORDER_NEITHER, buttons, clarification(buttons))


def reopen(context: TurnContext) -> None:
    """Diagnoses the complaint under way, or the one that is assumed where none was named."""
    open_case(context, context.case.intent or context.knowledge.assumed_complaint)


# --- parts -----------------------------------------------------------------------------------------------------------------------------


def _tell_each(context: TurnContext, ask: subjects.Ask) -> None:
    """Says of each order what stands in its way, and asks with which one to go on."""
    lines = [context.wording.in_a_line(context.diagnosis_of(Subject("order", order.id))) for order, _ in ask.orders[:MOST_SUBJECTS]]
    other_subjects.ask(context, ask, lines)


def _is_subscribed(context: TurnContext, move: Move) -> bool:
    return isinstance(move, Wait) and choices.waits_for(context, move.found.cause.id)
