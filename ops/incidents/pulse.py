"""How an incident goes: episodes that meet it every five minutes against what is usual, and who waits, was told or was handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.core.observations import NOTHING
from actions.knowledge.model import Knowledge
from actions.recovery.incident_ends import incident_causes
from actions.state.incident_waits import counts
from actions.state.incidents import cases_of
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES
from ops.incidents.measures import affected_episodes, proposes_end, rests_on

STEP_MS = 5 * 60_000
STEPS = 24
"""Two hours."""
USUAL_MS = 7 * 24 * 3600_000
"""How far back it is looked what is usual."""
MINUTE_MS = 60_000

Proposal = Literal["resolve", "rising"]


@dataclass(frozen=True)
class PulseStep:
    """Five minutes.

    Attributes:
        begun: in milliseconds since the epoch, real time.
        affected: episodes in which the incident was found; ``unexplained``: in which nothing was.
    """

    begun: int
    affected: int
    unexplained: int


@dataclass(frozen=True)
class Pulse:
    """The numbers of now.

    Attributes:
        steps: the latest first; the one under way is not among them.
        usual: episodes of five minutes in which any incident was found in the week before; None if nobody counted then.
        proposal: what a watched incident suggests.
    """

    steps: tuple[PulseStep, ...]
    usual: float | None
    subscribed: int
    told: int
    handed_over: int
    proposal: Proposal | None

    def to_data(self) -> dict[str, Any]:
        """As machines read it."""
        return asdict(self)


def pulse_of(session: Session, knowledge: Knowledge, incident: str, watched_since: int | None, begun: int | None, now: int) -> Pulse:
    """The numbers of an incident.

    Args:
        watched_since: since when it is mended and only watched; None: it is not.
        begun: when it was declared, in real time; None: not by us.
        now: real time.
    """
    causes = list(incident_causes(knowledge))
    steps = _steps(session, causes, incident, now)
    usual = _usual(session, causes, min(begun or now, steps[-1].begun))
    waiting = counts(session, incident)
    proposal = None if watched_since is None else _proposal(session, knowledge, incident, watched_since, now, usual or 0.0)
    return Pulse(steps, usual, waiting["open"], waiting["claimed"], len(cases_of(session, incident)), proposal)


def _steps(session: Session, causes: Collection[str], incident: str, now: int) -> tuple[PulseStep, ...]:
    end = now - now % STEP_MS
    seen = OBSERVATIONS.c
    wanted = select(seen.at, seen.value, seen.ref, seen.episode, seen.dims).where(
        seen.kind == "found", seen.value.in_([*causes, NOTHING]), seen.at >= end - STEPS * STEP_MS, seen.at < end
    )
    found: dict[tuple[int, bool], set[tuple[str, int]]] = {}
    for row in session.execute(wanted):
        if row.value != NOTHING and not rests_on(row.dims, incident):
            continue
        found.setdefault((row.at - row.at % STEP_MS, row.value == NOTHING), set()).add((row.ref, row.episode))
    begins = range(end - STEP_MS, end - (STEPS + 1) * STEP_MS, -STEP_MS)
    return tuple(PulseStep(each, len(found.get((each, False), ())), len(found.get((each, True), ()))) for each in begins)


def _usual(session: Session, causes: Collection[str], before: int) -> float | None:
    counted = TALLIES.c
    past = (counted.kind == "found", counted.dim == "", counted.bucket >= before - USUAL_MS, counted.bucket < before)
    first = session.execute(select(func.min(counted.bucket)).where(*past)).scalar()
    if first is None:
        return None
    total = session.execute(select(func.sum(counted.refs)).where(*past, counted.value.in_(list(causes)))).scalar() or 0
    return float(total) * STEP_MS / max(STEP_MS, before - int(first))


def _proposal(session: Session, knowledge: Knowledge, incident: str, since: int, now: int, usual: float) -> Proposal | None:
    minutes = Counter((at - since) // MINUTE_MS for at, _ in affected_episodes(session, knowledge, incident, since, now).values())
    proposed = proposes_end([minutes[each] for each in range((now - since) // MINUTE_MS)], usual * MINUTE_MS / STEP_MS)
    return None if proposed is None else "resolve" if proposed else "rising"
