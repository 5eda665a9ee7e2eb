"""What a customer does in a few words, once more, done, not found, not possible: with the step, or with what the last answer spoke of."""

from __future__ import annotations

from collections.abc import Callable

from actions.core.topics import WHERE
from actions.dialogue import step_answers, threads
from actions.dialogue.context import TurnContext


def repeat(context: TurnContext) -> None:
    """Once more, in other words: the answer that was given last, if no case has begun since."""
    if context.thread is not None:
        threads.go_on(context, context.thread, (threads.MEANING,))
    else:
        step_answers.repeat(context)


def step_done(context: TurnContext) -> None:
    """Something was done: the step, or what the last answer spoke of."""
    _of_step(context, step_answers.step_done, "partly_done")


def step_not_found(context: TurnContext) -> None:
    """Something is not found: what the step speaks of, or what the last answer does."""
    _of_step(context, step_answers.step_not_found, WHERE)


def step_not_possible(context: TurnContext) -> None:
    """Something does not work: the step, or what the last answer advised."""
    _of_step(context, step_answers.step_not_possible, "tried")


def _of_step(context: TurnContext, in_case: Callable[[TurnContext], None], aspect: str) -> None:
    # A button is pressed for the step it was offered with; and what was diagnosed is looked at again, or goes to a person.
    typed = bool(context.turn.text) and context.turn.entity("topic") is None
    diagnosed = context.case.phase != "idle" and aspect != WHERE
    thread = context.thread if typed and not diagnosed else None
    if thread is None:
        in_case(context)
    elif aspect == WHERE and thread.said_to(step_answers.NOT_THERE):
        # The place was named with the answer.
        threads.go_on(context, thread, (step_answers.NOT_THERE,))
    else:
        threads.go_on(context, thread, (aspect,))
