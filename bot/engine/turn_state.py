"""The unit of work of one turn: what the turn would change, kept apart until all of it can be written at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from actions.core.effects import Effect


@dataclass
class Turn:
    """A turn in progress.

    Attributes:
        conversation: the conversation's id.
        tracker: Rasa's working state as text; as stored when the turn began, then as it will be stored.
        tracker_changed: whether Rasa saved the state in this turn.
        intent: of the customer's message, once it is understood.
        confidence: of the intent, 0 to 1.
        effects: what the actions want changed beside the conversation.
    """

    conversation: str
    tracker: str | None = None
    tracker_changed: bool = False
    intent: str | None = None
    confidence: float | None = None
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
