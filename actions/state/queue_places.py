"""How many cases wait before one: all that can honestly be said of how long a person takes to come."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from actions.state.handoffs import HANDOFFS, PRIORITIES, Handoff


def place(session: Session, row: Handoff) -> int:
    """The place of a case that waits in its queue, from 1: more urgent ones stand before it, and of those as urgent whichever came earlier."""
    earlier = or_(HANDOFFS.c.created_at < row.created_at, and_(HANDOFFS.c.created_at == row.created_at, HANDOFFS.c.id < row.id))
    urgency = PRIORITIES.index(row.priority)
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=HANDOFFS.c.priority)
    before = (HANDOFFS.c.status == "queued", HANDOFFS.c.queue == row.queue, or_(rank < urgency, and_(rank == urgency, earlier)))
    return 1 + int(session.execute(select(func.count()).select_from(HANDOFFS).where(*before)).scalar_one())
