"""Cases that went to people, as far as they are counted, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.knowledge.model import Knowledge
from actions.state.handoff_cards import HANDOFF_CARDS
from actions.state.handoffs import HANDOFFS
from actions.state.world.tables import TABLES
from ops.insight.periods import Period

_MOST_ROWS = 200_000


@dataclass(frozen=True)
class HandedCase:
    """A case as far as it is counted; ``customer`` is never shown."""

    customer: str
    reason: str
    waited: float | None
    late: bool
    said: str | None
    root: str | None


def handed_cases(session: Session, period: Period, knowledge: Knowledge) -> list[HandedCase]:
    """The cases of a period."""
    begin, end = (datetime.fromtimestamp(at / 1000, timezone.utc) for at in (period.begins_at, period.ends_at))
    row = HANDOFFS.c
    columns = (row.user, row.reason, row.priority, row.created_at, row.taken_at, row.root_cause, HANDOFF_CARDS.c.causes)
    wanted = select(*columns).outerjoin(HANDOFF_CARDS, HANDOFF_CARDS.c.handoff_id == row.id)
    wanted = wanted.where(row.created_at >= begin, row.created_at < end)
    if period.region is not None:
        users = TABLES["users"].c
        wanted = wanted.where(row.user.in_(select(users.id).where(users.region == period.region)))
    found = []
    for each in session.execute(wanted.limit(_MOST_ROWS)):
        waited = None if each.taken_at is None else (each.taken_at - each.created_at).total_seconds() / 60
        late = waited is not None and waited > knowledge.due_minutes.get(each.priority, float("inf"))
        causes = [name for name in (each.causes or "").split(",") if name]
        found.append(HandedCase(each.user, each.reason, waited, late, causes[0] if causes else None, each.root_cause))
    return found


def rooted(found: Iterable[HandedCase], said: str, root: str) -> list[str]:
    """The customers of the cases of which the assistant had found one thing first, and agents entered the other as the root cause."""
    return list(dict.fromkeys(case.customer for case in found if (case.said, case.root) == (said, root)))
