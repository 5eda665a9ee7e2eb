"""For which open handoffs more has come than they were made for; a query for a whole queue, so that a page of it stays quick."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS

GIVE_A_REASON = ("hand_over", "raise")
"""The events that give a reason; the first of a handoff is the one it was made for."""


def with_several_reasons(session: Session) -> frozenset[str]:
    """Their ids."""
    event, handoff = HANDOFF_EVENTS.c, HANDOFFS.c
    joined = HANDOFF_EVENTS.join(HANDOFFS, event.handoff_id == handoff.id)
    given = select(event.handoff_id).select_from(joined).where(handoff.status != "closed", event.kind.in_(GIVE_A_REASON))
    return frozenset(session.execute(given.group_by(event.handoff_id).having(func.count() > 1)).scalars())
