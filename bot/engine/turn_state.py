"""The unit of work of one turn: what the turn would change, kept apart until all of it can be written at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from actions.core.effects import Effect

STAGES = ("reading", "understanding", "deciding", "acting", "storing")
"""What a turn spends its time on: the database before it, the model, the rules, the action, the database after it."""


@dataclass
class Turn:
    """A turn in progress.

    Attributes:
        conversation: the conversation's id.
        tracker: Rasa's working state as text; as stored when the turn began, then as it will be stored.
        tracker_changed: whether Rasa saved the state in this turn.
        intent: of the customer's message, once it is understood.
        confidence: of the intent, 0 to 1.
        guess: the intent behind the fallback: what it would have been, had it been sure enough.
        stages: seconds by what they were spent on, one of ``STAGES``.
        effects: what the actions want changed beside the conversation.
    """

    conversation: str
    tracker: str | None = None
    tracker_changed: bool = False
    intent: str | None = None
    confidence: float | None = None
    guess: str | None = None
    stages: dict[str, float] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)

    def save_tracker(self, text: str) -> None:
        """Takes the state that is to be stored when the turn succeeds."""
        self.tracker = text
        self.tracker_changed = True


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def current_turn(conversation: str | None = None) -> Turn | None:
    """The turn in progress in this task, if there is one and it is of this conversation."""
    turn = _current.get()
    if turn is not None and conversation is not None and turn.conversation != conversation:
        return None
    return turn


@contextmanager
def open_turn(turn: Turn) -> Iterator[Turn]:
    """Makes it the turn in progress of this task."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Adds the time of what is done within to a stage of the turn in progress, if there is one."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        turn = _current.get()
        if turn is not None:
            turn.stages[name] = turn.stages.get(name, 0.0) + time.perf_counter() - begun
