"""Whether a customer waits for a person, at which place, or has one, and by which name: what the head of a chat shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from actions.core.handoff import QUEUED, Stage
from actions.state.handoffs import open_handoff
from actions.state.queue_places import place


@dataclass(frozen=True)
class Standing:
    """Where a customer stands with the people behind the assistant.

    Attributes:
        stage: who has the case; the assistant as well once a person has ended it.
        number: the handoff's, which the customer has been told; None while there is none.
        place: in the queue, from 1; None unless the customer waits.
        name: of the person who has the case, as customers may see it; None: no name of theirs is for customers.
    """

    stage: Stage = "bot"
    number: str | None = None
    place: int | None = None
    name: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As clients receive it."""
        return asdict(self)


ALONE = Standing()
"""With nobody but the assistant."""


def standing_of(session: Session, conversation_id: str) -> Standing:
    """A customer's standing now."""
    row = open_handoff(session, conversation_id)
    if row is None:
        return ALONE
    waits = row.stage in QUEUED
    return Standing(row.stage, row.id, place(session, row) if waits else None, None if waits else row.shown_as)
