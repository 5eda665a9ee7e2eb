"""The choices that a case offers in the phase it is in, and questions back with the likeliest readings as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.diagnosis import Found
from actions.core.message_parts import ChoiceData
from actions.core.messages import ClarifyData
from actions.core.topics import Topic
from actions.core.turn import Button
from actions.dialogue import handover
from actions.dialogue.buttons import NOTICE_TOPIC
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases


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
            return buttons.resolved(seen=case.seen_option)
        case "handed_over" if handover.is_handed_over(context):
            return buttons.handed_over()
        case "handed_over":
            return buttons.left_by_person()
        case _ if case.given_up:
            return given_up(context)
        case _:
            return (buttons.person(),)


def given_up(context: TurnContext) -> tuple[Button, ...]:
    """The buttons after a case was given up: it can be taken up again, and what was bought can be paid for otherwise."""
    told = (context.knowledge.causes[each] for each in context.case.causes if each in context.knowledge.causes)
    otherwise = next((topic for cause in told for topic in cause.alternatives if topic != NOTICE_TOPIC), None)
    return (*context.buttons.topics([otherwise] if otherwise is not None else []), *context.buttons.given_up())


def waits_for(context: TurnContext, cause: str | None) -> bool:
    """Whether the customer will be told when a cause is gone."""
    subject = context.case.subject or context.facts().subject
    return cause is not None and context.notices.is_subscribed(context.turn.user_id, subject, cause)


def awaited(context: TurnContext) -> Found | None:
    """What only time removes of all that blocks what the customer looks at, the cause in hand before others; None if there is nothing to be told of."""
    diagnosis = context.diagnose() if context.case.subject is not None else context.diagnosis_of(context.facts().subject)
    waiting = [found for found in diagnosis.blocks if found.cause.wait is not None]
    return next((found for found in waiting if found.cause.id == context.case.cause), next(iter(waiting), None))


def notice(context: TurnContext) -> tuple[Button, ...]:
    """The button that asks to be told of the end of what blocks; none where there is nothing to be told of, or it is told already."""
    found = awaited(context)
    return () if found is None or waits_for(context, found.cause.id) else (context.buttons.notice(found.cause),)


CHOICES = 4
"""Readings that a question back offers: with these the right one is among them nearly always (docs/understanding.md)."""
MOST_MISSES = 2
"""Misunderstandings in a row that a customer must bear before a person is called."""


def clarification(buttons: Sequence[Button]) -> ClarifyData:
    """The data of a question whose answers are buttons."""
    return ClarifyData(choices=[ChoiceData(title=button.title, payload=button.payload) for button in buttons])


def ask_back(context: TurnContext, guesses: Sequence[Topic]) -> None:
    """Asks what was meant, with the likeliest readings; the second time in a row a person is offered too, the third time called."""
    # As many as there were when the message came: only one that was understood ends the row, whichever action had been chosen.
    misses = context.turn.case.misses + 1
    if misses > MOST_MISSES:
        handover.hand_over(context, "misunderstood")
        return
    context.remember(misses=misses)
    titles = [topic.id for topic in guesses[:CHOICES]]
    buttons = (*context.buttons.topics(titles), context.buttons.person()) if titles else context.buttons.intents(context.knowledge.menu)
    phrase = phrases.CLARIFY if misses < MOST_MISSES else phrases.CLARIFY_OR_PERSON
    context.say(phrase, buttons, clarification(buttons))
