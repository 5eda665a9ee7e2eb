"""Questions back: what was meant, with the likeliest readings as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.messages import ChoiceData, ClarifyData
from actions.core.topics import Topic
from actions.core.turn import Button
from actions.dialogue import handover
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases

CHOICES = 4
"""Readings that a question back offers: with these the right one is among them nearly always (docs/understanding.md)."""
MOST_MISSES = 2
"""Misunderstandings in a row that a customer must bear before a person is called."""


def clarification(buttons: tuple[Button, ...]) -> ClarifyData:
    """The data of a question whose answers are buttons."""
    return ClarifyData(choices=[ChoiceData(**button.to_json()) for button in buttons])


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
