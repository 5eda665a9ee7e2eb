"""What happened to each handoff, appended and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, func, insert, select
from sqlalchemy.orm import Session

from actions.state.column_types import MomentText
from actions.state.metadata import RowNumber, metadata
from actions.state.real_time import real_now

HANDOFF_EVENTS = Table(
    "handoff_events",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("handoff_id", Text, nullable=False, index=True),
    Column("at", MomentText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("detail", JSON, nullable=False),
)


@dataclass(frozen=True)
class HandoffEvent:
    """One thing that happened to a handoff.

    Attributes:
        kind: an event of ``core.ownership``, or ``raise`` for a priority that was raised.
        actor: ``customer``, ``assistant``, or an agent's name.
    """

    id: int
    handoff_id: str
    at: datetime
    kind: str
    actor: str
    detail: dict[str, Any]


def append(session: Session, handoff_id: str, kind: str, actor: str, detail: Mapping[str, Any] | None = None) -> None:
    """Adds an event."""
    row = {"handoff_id": handoff_id, "at": real_now(), "kind": kind, "actor": actor, "detail": dict(detail or {})}
    session.execute(insert(HANDOFF_EVENTS).values(row))


def of(session: Session, handoff_id: str) -> tuple[HandoffEvent, ...]:
    """A handoff's events in order."""
    wanted = select(HANDOFF_EVENTS).where(HANDOFF_EVENTS.c.handoff_id == handoff_id).order_by(HANDOFF_EVENTS.c.id)
    return tuple(HandoffEvent(**row._mapping) for row in session.execute(wanted).all())


def latest(session: Session) -> int:
    """The number of the newest event of all handoffs, 0 without any: who has seen it has seen everything."""
    return int(session.execute(select(func.coalesce(func.max(HANDOFF_EVENTS.c.id), 0))).scalar_one())
