"""The clock of the facts: it stands still if the loaded world says so, else it shows real time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Integer, Table, delete, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import MomentText, metadata, real_now

CLOCK = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("now", MomentText, nullable=False),
    CheckConstraint("id = 1", name="single_row"),
)
"""At most one row: the frozen time of the loaded world."""
_STORED = select(CLOCK.c.now)


def facts_now(session: Session, frozen: datetime | None = None) -> datetime:
    """The instant at which the clock is frozen, else the ``now`` of the loaded world, else real time; read anew each time."""
    return frozen or stored_now(session) or real_now()


def stored_now(session: Session) -> datetime | None:
    """The instant at which the loaded world stands still, None if its time runs."""
    now: datetime | None = session.execute(_STORED).scalar()
    return now


def store_now(session: Session, now: datetime | None) -> None:
    """Makes the loaded world stand still at an instant, or its time run with None."""
    session.execute(delete(CLOCK))
    if now is not None:
        session.execute(insert(CLOCK).values(id=1, now=now))
