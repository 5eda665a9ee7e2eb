"""Votes of a period on single answers, and who was against one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from actions.state.conversations import MESSAGES
from actions.state.feedback import FEEDBACK
from actions.state.opinions import matter
from actions.state.world.tables import TABLES
from ops.insight.periods import Period

_MOST_ROWS = 200_000


def disliked(session: Session, period: Period, kind: str, name: str) -> list[str]:
    """The customers who voted in a period that an answer on a matter was not good, the latest first."""
    down = (row for row in cast(session, period) if row.vote == "down" and matter(row.data) == (kind, name))
    return list(dict.fromkeys(row.conversation_id for row in down))


def cast(session: Session, period: Period) -> Iterator[Any]:
    """The votes of a period with what the answers spoke of, the latest first."""
    begin, end = (datetime.fromtimestamp(at / 1000, timezone.utc) for at in (period.begins_at, period.ends_at))
    on = and_(MESSAGES.c.conversation_id == FEEDBACK.c.conversation_id, MESSAGES.c.seq == FEEDBACK.c.seq)
    columns = (FEEDBACK.c.conversation_id, FEEDBACK.c.vote, FEEDBACK.c.reason, MESSAGES.c.data)
    wanted = select(*columns).join(MESSAGES, on).where(FEEDBACK.c.at >= begin, FEEDBACK.c.at < end)
    if period.region is not None:
        users = TABLES["users"].c
        wanted = wanted.where(FEEDBACK.c.conversation_id.in_(select(users.id).where(users.region == period.region)))
    yield from session.execute(wanted.order_by(FEEDBACK.c.at.desc()).limit(_MOST_ROWS))
