"""Which handoffs are for which reasons, and for which open ones more has come than they were made for; queries for a whole queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS

GIVE_A_REASON = ("hand_over", "raise")
"""The events that give a reason; the first of a handoff is the one it was made for."""


DISPUTE = "dispute"
"""The event of a customer who said something against the record after the handover."""


def with_more_since(session: Session) -> frozenset[str]:
    """The open ones that read otherwise than they were handed over: for a further reason, or because the customer disputes what was found."""
    event, handoff = HANDOFF_EVENTS.c, HANDOFFS.c
    joined = HANDOFF_EVENTS.join(HANDOFFS, event.handoff_id == handoff.id)
    given = select(event.handoff_id).select_from(joined).where(handoff.status != "closed", event.kind.in_((*GIVE_A_REASON, DISPUTE)))
    return frozenset(session.execute(given.group_by(event.handoff_id).having(func.count() > 1)).scalars())


def were_lately(session: Session, user: str, reasons: Sequence[str], since: datetime) -> bool:
    """Whether a customer was given to people for one of these since an instant."""
    event = HANDOFF_EVENTS.c
    theirs = select(event.id).select_from(HANDOFF_EVENTS.join(HANDOFFS, event.handoff_id == HANDOFFS.c.id)).where(HANDOFFS.c.user == user)
    lately = theirs.where(event.kind.in_(GIVE_A_REASON), event.at >= since, event.detail["reason"].as_string().in_(list(reasons)))
    return session.execute(lately.limit(1)).first() is not None


def given_for(reasons: Sequence[str]) -> Any:
    """Selects the ids of handoffs that were made, or raised later, for one of these."""
    event = HANDOFF_EVENTS.c
    return select(event.handoff_id).where(event.kind.in_(GIVE_A_REASON), event.detail["reason"].as_string().in_(reasons))
