"""Cases for tests of compliance: handed over for a reason at an instant, opened, taken and closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state import audit, handoffs
from actions.state.columns import rows_as
from actions.state.database import Database
from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS
from actions.state.outbox import OUTBOX, Delivery

BEGIN = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def handed_over(database: Database, number: int, reason: str = "complaint", at: datetime = BEGIN) -> str:
    """A customer's case; its id."""
    user = f"u-{number}"
    with database.session() as session:
        row = handoffs.create(session, user, user, reason, "complaint", {"summary": {"headline": "x"}}, handoff_id=f"h-case{number:04}")
        handoffs.append(session, row.id, "hand_over", "assistant", {"reason": reason})
        session.execute(update(HANDOFFS).where(HANDOFFS.c.id == row.id).values(created_at=at))
        session.execute(update(HANDOFF_EVENTS).where(HANDOFF_EVENTS.c.handoff_id == row.id).values(at=at))
    return row.id


def closed(database: Database, case: str, at: datetime, ending: str = "closed") -> None:
    """A person, or the customer, ends a case."""
    with database.session() as session:
        handoffs.close(session, case, ending)
        session.execute(update(HANDOFFS).where(HANDOFFS.c.id == case).values(closed_at=at))


def opened(database: Database, agent: str, cases: range, take: bool = False) -> None:
    """An agent opens cases now, and perhaps takes them."""
    with database.session() as session:
        for number in cases:
            audit.record(session, agent, "desk.case", f"h-{number}")
            if take:
                audit.record(session, agent, "desk.take", f"h-{number}")


def every_delivery(session: Session) -> tuple[Delivery, ...]:
    """Whatever is noted in the outbox."""
    return rows_as(Delivery, session.execute(select(OUTBOX).order_by(OUTBOX.c.id)))
