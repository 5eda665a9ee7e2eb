"""The choices that a case offers in the phase it is in."""

from __future__ import annotations

from actions.core.subject import ACCOUNT
from actions.core.turn import Button
from actions.dialogue.context import TurnContext


def of_phase(context: TurnContext) -> tuple[Button, ...]:
    """The buttons of the phase the case is in, as the last message that asked for something had them."""
    case, buttons = context.case, context.buttons
    cause = context.knowledge.causes.get(case.cause or "")
    match case.phase:
        case "doing":
            return buttons.step(case.failures > 0)
        case "offered":
            if cause is None:
                return buttons.offered()
            if cause.wait is None:
                return buttons.explained(cause, startable=True)
            return buttons.waiting(cause, waits_for(context, cause.id), startable=True)
        case "waiting" if cause is not None:
            return buttons.waiting(cause, waits_for(context, cause.id), startable=False)
        case "explained" if cause is not None:
            return buttons.explained(cause, startable=False)
        case "confirming":
            return buttons.confirm()
        case "handoff_offered":
            return buttons.handoff_offer()
        case "resolved":
            return buttons.resolved()
        case "handed_over":
            return buttons.handed_over()
        case _ if case.given_up:
            return buttons.given_up()
        case _:
            return (buttons.person(),)


def waits_for(context: TurnContext, cause: str | None) -> bool:
    """Whether the customer will be told when a cause is gone."""
    subject = context.case.subject or ACCOUNT
    return cause is not None and context.notices.is_subscribed(context.turn.user_id, subject, cause)
