"""What is said about the step in hand although nobody asked: its cause is gone. And what is said when the customer asks behind that."""

from __future__ import annotations

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.moves import CheckPassed, Resolve
from actions.core.turn import THIS_STEP
from actions.core.walkthrough import Walkthrough
from actions.dialogue import casework, choices
from actions.dialogue.context import TurnContext

_OPEN = ("doing", "handoff_offered")
"""Phases in which a step is with the customer; in the second one they were asked beside it whether a person shall take over."""
_AT_A_CAUSE = ("doing", "offered", "waiting", "explained", "handoff_offered")


def cause_of_step(case: Case) -> str | None:
    """The cause whose step is with the customer, None if none is that the state could remove."""
    return case.cause if case.phase in _OPEN and case.cause != NO_CAUSE_FOUND and case.subject is not None else None


def tell(context: TurnContext) -> bool:
    """Says that the cause of the step in hand is gone, and goes on as after a check; False if it is not gone, and nothing was said."""
    cause, subject = cause_of_step(context.case), context.case.subject
    if cause is None or cause not in context.knowledge.causes:
        return False
    diagnosis = context.diagnose()
    if context.case.subject != subject or diagnosis.get(cause) is not None:
        # Of an order that has vanished nothing is proven.
        return False
    casework.advance(context, Walkthrough.check, diagnosis)
    if context.case.phase == "doing":
        context.speaker.offer_instead(context.buttons.step(unasked=True))
    context.remember(told=cause)
    return True


def say_once_more(context: TurnContext) -> bool:
    """Answers a wish to look again behind what was said unasked: it was passed, and where the case stands.

    Returns:
        False if there is still to be answered what was pressed: the customer is done with the step that came unasked, or nothing was said.
    """
    cause, diagnosis = context.knowledge.causes.get(context.turn.case.told or ""), context.diagnose()
    if cause is None or diagnosis.get(cause.id) is not None:
        return False
    context.wording.move(CheckPassed(cause, len(diagnosis.blocks)), diagnosis)
    if context.turn.entity("topic") == THIS_STEP and context.case.phase == "doing":
        return False
    if context.case.phase == "resolved" and not diagnosis.blocks:
        context.wording.move(Resolve(), diagnosis)
    elif context.case.phase == "resolved":
        casework.advance(context, Walkthrough.begin, diagnosis)
    elif context.case.phase in _AT_A_CAUSE:
        casework.advance(context, Walkthrough.resume, diagnosis)
    else:
        context.speaker.offer(choices.of_phase(context))
    return True
