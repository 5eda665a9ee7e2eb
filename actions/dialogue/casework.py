"""The case: a complaint opens it, and everything said about a step, an offer or a question moves it on. The walkthrough decides where to."""

from __future__ import annotations

from itertools import takewhile
from typing import Callable, Optional

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis
from actions.core.subject import ACCOUNT
from actions.core.walkthrough import CheckFailed, CheckPassed, HandOver, Move, Resolve, Transition, Wait, Walkthrough
from actions.dialogue import choices, diagnoses, handover, subjects
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.clarification import clarification
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import NO_WISH, Wish
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase

Walk = Callable[[Walkthrough, Case, Diagnosis], Transition]
"""A method of the walkthrough."""


# --- what every part of the dialogue needs of a case -----------------------------------------------------------------------------------


def advance(context: TurnContext, walk: Walk, diagnosis: Optional[Diagnosis] = None, reworded: bool = False) -> Transition:
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
            context.wording.move(move, diagnosis, _is_subscribed(context, move), reworded)
    return transition


def prompt(context: TurnContext, reworded: bool = False) -> bool:
    """Offers again what the case is waiting for; False if it waits for nothing."""
    case = context.case
    if case.phase == "doing" or (case.phase == "handed_over" and case.cause and case.paused):
        advance(context, Walkthrough.resume, reworded=reworded)
    elif case.phase == "offered":
        context.say(phrases.OFFER_START, context.buttons.offered())
    elif case.phase == "handoff_offered":
        context.say(phrases.OFFER_HANDOFF, context.buttons.handoff_offer())
    elif case.phase == "confirming":
        context.say(phrases.CONFIRM, context.buttons.confirm())
    elif case.phase == "asking_subject":
        _ask_subject(context, subjects.Ask(context.source.orders(context.turn.user_id)))
    else:
        return False
    return True


def prompt_or_menu(context: TurnContext) -> None:
    """Offers the case again, or what the assistant can do."""
    if not prompt(context):
        offer_menu(context, phrases.MENU)


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
    context.remember(intent=complaint, token_order=turn.token_order)
    if isinstance(found, subjects.Ask):
        # What was asked is answered when it is known about which order.
        lead = wish.lead.id if wish.lead is not None else None
        context.remember(phase="asking_subject", subject=None, lead=lead, aspects=wish.aspects, claims=wish.claims)
        wish.second()
        _ask_subject(context, found)
        return
    if case.phase == "asking_subject" and wish == NO_WISH:
        wish = _kept(context)
    context.remember(lead=None, aspects=(), claims=())
    if found != context.case.subject:
        context.keep(context.case.on_cause(None))
    context.remember(subject=found)
    diagnosis = context.diagnose()
    if found == turn.case.subject and _is_told(context, diagnosis):
        tell_again(context, diagnosis, wish)
        return
    diagnoses.tell(context, diagnosis, wish)
    wish.second()
    lead_topic = wish.lead
    if turn.has("cue_objection") and handover.objectionable(context, diagnosis.cause_ids):
        handover.object_to(context, diagnosis)
    elif lead_topic is not None and not lead_topic.refresh and not diagnosis.found:
        # Refreshing the checkout would not help with this: what helps has been said.
        context.keep(context.case.on_cause(None).but(phase="explained"))
        context.speaker.offer((*context.buttons.topics(lead_topic.follow_up), context.buttons.person()))
    else:
        advance(context, Walkthrough.begin, diagnosis)


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
    settled = case.phase in ("doing", "offered", "waiting", "explained", "handoff_offered") and case.cause != NO_CAUSE_FOUND
    return settled and bool(diagnosis.found) and case.causes == diagnosis.cause_ids and diagnosis.get(case.cause) is not None


def tell_again(context: TurnContext, diagnosis: Diagnosis, wish: Wish) -> None:
    """Tells a diagnosis that is known already: what was asked, each cause in a line, and where the case stands."""
    if not wish.answered:
        # Behind an answer, what is known already would only stand in the way of the step.
        before, behind = diagnoses.around(context, diagnosis, wish)
        context.wording.diagnosis_in_brief(diagnosis, phrases.DIAGNOSIS_AGAIN, before, behind)
    wish.second()
    if context.turn.has("cue_objection") and handover.objectionable(context, diagnosis.cause_ids):
        handover.object_to(context, diagnosis)
    else:
        prompt_or_choices(context)


def prompt_or_choices(context: TurnContext) -> None:
    """Puts the step again, or the choices of the case on the last reply."""
    if context.case.phase == "doing":
        prompt(context)
    else:
        context.speaker.offer(choices.of_phase(context))


def reopen(context: TurnContext) -> None:
    """Diagnoses the complaint under way, or the one that is assumed where none was named."""
    open_case(context, context.case.intent or context.knowledge.assumed_complaint)


def confirm(context: TurnContext) -> None:
    """The option is there now, as the customer says."""
    handover.solved(context, context.case.subject or ACCOUNT, context.case.cause)
    context.say(phrases.CONFIRMED)
    context.keep(context.case.on_cause(None).but(phase="resolved"))


def step_done(context: TurnContext) -> None:
    """The customer says the step is done, or asks to look again."""
    if context.case.phase == "asking_subject" or context.case.subject is None:
        prompt_or_menu(context)
    elif context.turn.case.phase == "idle":
        # What was given up is taken up again from what is found now.
        reopen(context)
    else:
        advance(context, Walkthrough.check)


def step_not_found(context: TurnContext) -> None:
    """The customer does not find what the step speaks of."""
    if context.case.phase != "doing":
        reopen(context)
        return
    diagnosis = context.diagnose()
    if not advance(context, Walkthrough.lost, diagnosis).moves:
        found = diagnosis.get(context.case.cause)
        cause = found.cause if found is not None else context.knowledge.causes[context.case.cause or NO_CAUSE_FOUND]
        context.wording.hint(cause, context.case.step, diagnosis)


def step_not_possible(context: TurnContext) -> None:
    """The customer cannot do the step, or still sees no option."""
    case = context.case
    if case.subject is None or case.phase in ("idle", "handed_over", "asking_subject"):
        # No step is with the customer: what does not work is the installment itself.
        reopen(context)
    elif case.phase == "resolved":
        advance(context, Walkthrough.refresh)
    elif case.phase == "handoff_offered" and case.cause != NO_CAUSE_FOUND:
        handover.hand_over(context, "cannot_do")
    else:
        advance(context, Walkthrough.stuck)


def agree(context: TurnContext) -> None:
    """Yes, to whatever was asked."""
    case = context.case
    if context.turn.entity("topic") == NOTICE_TOPIC or (case.phase == "waiting" and not choices.waits_for(context, case.cause)):
        _subscribe(context)
    elif case.phase == "offered":
        start_meanwhile(context)
    elif case.phase == "handoff_offered":
        handover.hand_over(context, "agreed")
    elif case.phase == "confirming":
        confirm(context)
    elif case.phase in ("waiting", "explained", "resolved"):
        context.say(phrases.ANYTHING_ELSE)
    elif case.phase == "idle" and case.subject is not None:
        # After a case was given up, "yes" may mean that it stays so or that it goes on after all.
        context.say(phrases.ANYTHING_ELSE, context.buttons.given_up())
    else:
        prompt_or_menu(context)


def decline(context: TurnContext) -> None:
    """No, or later."""
    case = context.case
    if case.phase == "confirming":
        step_not_possible(context)
    elif case.phase == "doing":
        context.remember(paused=True)
        context.say(phrases.PAUSED, context.buttons.step())
    elif case.phase == "handoff_offered" and case.cause is not None:
        advance(context, Walkthrough.resume)
    else:
        if case.phase == "offered":
            # What was declined is not offered again unasked.
            context.remember(phase="explained")
        context.say(phrases.DECLINED)


def repeat(context: TurnContext) -> None:
    """Once more, in other words."""
    case = context.case
    if case.phase == "handed_over" and not case.paused and handover.is_handed_over(context):
        # What was said last is the number under which the case is waiting.
        handover.hand_over(context, "requested")
    elif prompt(context, reworded=True):
        return
    elif case.subject is not None:
        diagnosis = context.diagnose()
        diagnoses.tell(context, diagnosis)
        advance(context, Walkthrough.begin, diagnosis)
    else:
        offer_menu(context, phrases.MENU)


def start_meanwhile(context: TurnContext) -> None:
    """Begins with what the customer can fix, and says what goes on all the same."""
    blocking = context.knowledge.causes.get(context.case.cause or "")
    advance(context, Walkthrough.start)
    if blocking is not None and context.case.cause != blocking.id:
        context.speaker.extend_first(context.speaker.phrase(phrases.FIRST_THIS, title=blocking.title), afterwards=False)


# --- parts -----------------------------------------------------------------------------------------------------------------------------


def _ask_subject(context: TurnContext, ask: subjects.Ask) -> None:
    buttons = context.buttons.orders(context.case.intent or context.knowledge.assumed_complaint, ask.orders)
    context.say(phrases.ASK_ORDER if ask.orders else phrases.ASK_ORDER_NONE, buttons, clarification(buttons))


def _is_subscribed(context: TurnContext, move: Move) -> bool:
    return isinstance(move, Wait) and choices.waits_for(context, move.found.cause.id)


def _subscribe(context: TurnContext) -> None:
    diagnosis = context.diagnose()
    waiting = next((found for found in diagnosis.blocks if found.cause.wait is not None), None)
    held = diagnosis.get(context.case.cause)
    found = held if held is not None and held.cause.wait is not None else waiting
    if found is None:
        advance(context, Walkthrough.check, diagnosis)
        return
    context.notices.subscribe(context.turn.user_id, context.case.subject or ACCOUNT, found.cause.id)
    startable = context.walkthrough.can_start(diagnosis)
    context.keep(context.case.on_cause(found.cause.id).but(phase="offered" if startable else "waiting"))
    context.wording.wait(found, diagnosis.facts, subscribed=True, startable=startable, known=True)
