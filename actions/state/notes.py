"""What agents write down about a case for each other; customers never see it, and it goes with the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, func, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, real_now, rows_as, table_of


@dataclass(frozen=True)
class InternalNote:
    """One of them; ``text`` is masked."""

    id: RowNumber
    handoff_id: str
    at: datetime
    agent: str
    text: str


NOTES = table_of("internal_notes", InternalNote, Index(None, "handoff_id"))


def write_down(session: Session, handoff_id: str, agent: str, text: str) -> None:
    """Adds a note.

    Args:
        text: masked already.
    """
    session.execute(insert(NOTES).values(handoff_id=handoff_id, at=real_now(), agent=agent, text=text))


def of_handoff(session: Session, handoff_id: str) -> tuple[InternalNote, ...]:
    """The notes of a handoff, oldest first."""
    return rows_as(InternalNote, session.execute(select(NOTES).where(NOTES.c.handoff_id == handoff_id).order_by(NOTES.c.id)))


def newest(session: Session, handoff_id: str) -> int:
    """The number of a handoff's newest note, 0 without any."""
    wanted = select(func.coalesce(func.max(NOTES.c.id), 0)).where(NOTES.c.handoff_id == handoff_id)
    return int(session.execute(wanted).scalar_one())
