"""Which agent opened which cases when, and which of them they took, counted by the hour from the audit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state.access_alerts import AccessKind
from actions.state.audit import AUDIT

HOUR = 3_600_000
DAYS = 28
OPENINGS = ("desk.case", "desk.state")
"""What is audited when an agent opens a case."""
TAKINGS = ("desk.take",)
_AT_ONCE = 5000


@dataclass(frozen=True)
class Access:
    """One entry of the audit."""

    number: int
    at: int
    agent: str
    case: str
    taken: bool


def accesses_after(session: Session, number: int, since: int) -> Iterator[Access]:
    """Entries about openings and takings behind a number, from an instant on, in order."""
    begins = datetime.fromtimestamp(since / 1000, timezone.utc)
    wanted = (AUDIT.c.action.in_((*OPENINGS, *TAKINGS)), AUDIT.c.handoff_id.is_not(None), AUDIT.c.at >= begins)
    while True:
        found = select(AUDIT.c.id, AUDIT.c.at, AUDIT.c.actor, AUDIT.c.handoff_id, AUDIT.c.action).where(AUDIT.c.id > number, *wanted)
        rows = session.execute(found.order_by(AUDIT.c.id).limit(_AT_ONCE)).all()
        for row in rows:
            yield Access(row.id, milliseconds(row.at), row.actor, row.handoff_id, row.action in TAKINGS)
        if len(rows) < _AT_ONCE:
            return
        number = rows[-1].id


@dataclass
class AgentHours:
    """One agent's openings of 28 days.

    Attributes:
        opened: instant and case of each opening, in order.
        taken: cases they took.
        hours: different cases by whole hour since the epoch.
    """

    opened: deque[tuple[int, str]] = field(default_factory=deque)
    taken: set[str] = field(default_factory=set)
    hours: dict[int, set[str]] = field(default_factory=dict)

    def add(self, access: Access) -> None:
        """Takes an entry, each later than the ones before."""
        if access.taken:
            self.taken.add(access.case)
        else:
            self.opened.append((access.at, access.case))
            self.hours.setdefault(access.at // HOUR, set()).add(access.case)

    def forget(self, before: int) -> None:
        """Forgets what is older; what was taken is remembered while it may still be opened."""
        while self.opened and self.opened[0][0] < before:
            self.opened.popleft()
        for hour in [hour for hour in self.hours if (hour + 1) * HOUR <= before]:
            del self.hours[hour]

    def lately(self, kind: AccessKind, now: int, after: int) -> set[str]:
        """The cases of the last sixty minutes, without those up to an instant."""
        cases = set[str]()
        for at, case in reversed(self.opened):
            if at <= max(now - HOUR, after):
                break
            cases.add(case)
        return self._of(kind, cases)

    def count(self, kind: AccessKind, hour: int) -> int:
        """Different cases of a whole hour."""
        return len(self._of(kind, self.hours.get(hour, set())))

    def usual(self, kind: AccessKind, before: int) -> float:
        """The median of the agent's own hours before one; hours in which they opened nothing are no hours of theirs."""
        counts = [self.count(kind, hour) for hour in self.hours if hour < before]
        return float(median(counts)) if counts else 0.0

    def _of(self, kind: AccessKind, cases: Iterable[str]) -> set[str]:
        return set(cases) - self.taken if kind == "not_taken" else set(cases)
