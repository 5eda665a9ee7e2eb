"""The watch over agents' looks: whoever opens far more cases than they usually do, or opens cases and takes none, is shown to auditors.

Two rules find them. The hour: twenty different cases within sixty minutes and more than three times the median of the agent's own hours.
The detector, the same as of complaints, over whole hours: what is a little too much in each of many hours, twenty cases at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import numpy as np
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state import audit, outbox
from actions.state.access_alerts import AccessAlert, AccessKind, access_alerts, add_access_alert, open_access_alerts
from actions.state.columns import real_now
from ops.compliance.accesses import DAYS, HOUR, AgentHours, accesses_after
from ops.stats.detector import EDetector, threshold
from ops.worker import Surroundings

FEWEST_CASES = 20
TIMES_USUAL = 3.0
FALSE_ALARMS_A_WEEK = 1.0
"""Of the detector over all agents."""
FOUND = "compliance.access"
_HOURS_A_WEEK = 7 * 24
_LEAST_EXPECTED = 1.0
"""Cases an hour of somebody who has no hours yet."""
_LEAST_RATIO = 1.5
KINDS: tuple[AccessKind, ...] = get_args(AccessKind)

Stream = tuple[str, AccessKind]
Finding = tuple[str, AccessKind, dict[str, Any]]


class InsiderWatch:
    """Looks again and again; what it has read it remembers, and reads from the audit anew when the worker begins."""

    def __init__(self) -> None:
        self._read = 0
        self._agents: dict[str, AgentHours] = {}
        self._hour = 0

    def look(self, here: Surroundings) -> int:
        """Looks at what is new; how many alerts it brought."""
        with here.database.session() as session:
            return len(self.found(session, milliseconds(real_now())))

    def found(self, session: Session, now: int) -> tuple[AccessAlert, ...]:
        """The alerts of an instant, kept and noted in the outbox."""
        for access in accesses_after(session, self._read, now - DAYS * 24 * HOUR):
            self._agents.setdefault(access.agent, AgentHours()).add(access)
            self._read = access.number
        for hours in self._agents.values():
            hours.forget(now - DAYS * 24 * HOUR)
        open_ones = {(alert.agent, alert.kind) for alert in open_access_alerts(session)}
        # What an auditor has seen is no news a second time.
        seen: dict[Stream, int] = {}
        for known in access_alerts(session, now - DAYS * 24 * HOUR):
            seen[known.agent, known.kind] = max(known.until, seen.get((known.agent, known.kind), 0))
        alerts = tuple(
            alert
            for agent, kind, values in [*self._by_hour(now, seen), *self._by_detector(now, seen)]
            if (agent, kind) not in open_ones and (alert := add_access_alert(session, agent, kind, found_at=now, **values)) is not None
        )
        for alert in alerts:
            outbox.put_for_operators(session, FOUND, {"access": alert.id}, f"{FOUND}-{alert.id}")
            audit.record(
                session, "worker", FOUND, detail={"access": alert.id, "agent": alert.agent, "kind": alert.kind, "cases": alert.cases}
            )
        return alerts

    def _by_hour(self, now: int, seen: Mapping[Stream, int]) -> Iterator[Finding]:
        for agent, hours in self._agents.items():
            for kind in KINDS:
                cases = len(hours.lately(kind, now, seen.get((agent, kind), 0)))
                usual = hours.usual(kind, (now - HOUR) // HOUR)
                if cases >= FEWEST_CASES and cases > TIMES_USUAL * usual:
                    since = now // HOUR * HOUR
                    yield agent, kind, {"since": since, "until": now, "cases": cases, "median": usual, "found_by": "hour"}

    def _by_detector(self, now: int, seen: Mapping[Stream, int]) -> Iterator[Finding]:
        """The hours of each agent in which they opened anything, one after the other, as ticks of one detector."""
        if self._hour == now // HOUR:
            return
        self._hour = now // HOUR
        streams = [(agent, kind) for agent in self._agents for kind in KINDS]
        limit, this = threshold(len(streams), FALSE_ALARMS_A_WEEK, _HOURS_A_WEEK), self._hour
        for agent, kind in streams:
            hours = self._agents[agent]
            own = sorted(hour for hour in hours.hours if hour < this and hour * HOUR >= seen.get((agent, kind), 0))
            if len(own) < 2:
                continue
            usual = hours.usual(kind, this)
            detector, expected = EDetector(1), max(usual, _LEAST_EXPECTED)
            over = 0.0
            for tick, hour in enumerate(own):
                counts = np.array([float(hours.count(kind, hour))])
                over = float(detector.step(tick, counts, np.array([expected]), np.array([_spread(hours, kind, own, expected)]))[0])
            excess = detector.excess(0)
            if over >= limit and excess.observed >= FEWEST_CASES and excess.ratio >= _LEAST_RATIO and excess.since < len(own):
                since = own[excess.since] * HOUR
                values = {"since": since, "until": (own[-1] + 1) * HOUR, "cases": int(excess.observed), "median": usual}
                yield agent, kind, {**values, "found_by": "detector"}


def _spread(hours: AgentHours, kind: AccessKind, own: list[int], expected: float) -> float:
    """Variance over mean of the agent's hours, at least 1: who is uneven by nature is no case for auditors."""
    counts = [hours.count(kind, hour) for hour in own]
    return max(1.0, sum((count - expected) ** 2 / expected for count in counts) / len(counts))
