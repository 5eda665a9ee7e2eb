"""What last month's customers say about an experiment that is to come: how many there will be, and what difference so many can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from actions.core.assignment import BUCKETS
from actions.state.advice import ADVICE
from actions.state.observations import OBSERVATIONS
from ops.experiments.measures import ADVICE_BLOCKED, MEASURES, Seen
from ops.experiments.specification import ExperimentSpecification

DAYS = 28
_DAY_MS = 24 * 60 * 60 * 1000
_POWER_Z = 1.96 + 0.8416
"""An effect is found with 80 % at a two-sided error of 5 %."""
PRICE_OF_PEEKING = 1.7
"""So many times the customers of a plan that is looked at once: measured, and said on the page."""
_LEAST_RATE = 0.02


@dataclass(frozen=True)
class Traffic:
    """What was seen in the last four weeks.

    Attributes:
        customers: who would have taken part.
        rate: of the metric's event among them; None: nobody was there.
    """

    customers: int
    rate: float | None

    def reachable(self, spec: ExperimentSpecification) -> int:
        """How many will have taken part by the end of the longest time."""
        share = (spec.buckets[1] - spec.buckets[0]) / BUCKETS
        return int(self.customers / DAYS * 7 * spec.longest_weeks * share)

    def findable(self, spec: ExperimentSpecification, units: int) -> float:
        """The smallest difference that so many units would show."""
        return min(1.0, sqrt(self._spread(spec) / max(1, units)))

    def needed(self, spec: ExperimentSpecification) -> int:
        """How many units the smallest effect worth having takes."""
        return ceil(self._spread(spec) / spec.smallest_effect**2)

    def _spread(self, spec: ExperimentSpecification) -> float:
        rate = min(max(self.rate if self.rate is not None else 0.5, _LEAST_RATE), 1 - _LEAST_RATE)
        total = sum(arm.weight for arm in spec.arms)
        control = spec.arms[0].weight / total
        smallest = min(arm.weight for arm in spec.arms[1:]) / total
        return PRICE_OF_PEEKING * _POWER_Z**2 * rate * (1 - rate) * (1 / control + 1 / smallest)


def traffic_of(session: Session, spec: ExperimentSpecification, now: int) -> Traffic:
    """The last four weeks of those who would take part.

    Args:
        now: epoch milliseconds.
    """
    since = now - DAYS * _DAY_MS
    if spec.metric == ADVICE_BLOCKED:
        return _told_before(session, spec, since)
    named = [
        *([and_(OBSERVATIONS.c.kind == "found", OBSERVATIONS.c.value.in_(spec.who.causes))] if spec.who.causes else []),
        *([and_(OBSERVATIONS.c.kind.in_(("complained", "asked")), OBSERVATIONS.c.value.in_(spec.who.intents))] if spec.who.intents else []),
    ]
    who = or_(*named) if named else OBSERVATIONS.c.kind == "opened"
    first: dict[str, int] = {}
    for row in session.execute(
        select(OBSERVATIONS.c.ref, OBSERVATIONS.c.at).where(OBSERVATIONS.c.at >= since, who).order_by(OBSERVATIONS.c.at)
    ):
        first.setdefault(row.ref, row.at)
    measure = MEASURES[spec.metric]
    # Whose time is not over yet may still have the event.
    over = {ref: at for ref, at in first.items() if at + measure.window <= now} or first
    seen = seen_of(session, list(over), since)
    happened = sum(measure.first(seen.get(ref, ()), at) is not None for ref, at in over.items())
    return Traffic(len(first), happened / len(over) if over else None)


def _told_before(session: Session, spec: ExperimentSpecification, since: int) -> Traffic:
    """Whoever was told of a cause before it came; of each customer the first time counts."""
    causes = (ADVICE.c.cause.in_(spec.who.causes),) if spec.who.causes else ()
    told = (ADVICE.c.status == "sent", ADVICE.c.again.is_(False), ADVICE.c.sent_at >= since, *causes)
    first: dict[str, str | None] = {}
    for row in session.execute(select(ADVICE.c.user, ADVICE.c.result).where(*told).order_by(ADVICE.c.sent_at, ADVICE.c.id)):
        first.setdefault(row.user, row.result)
    known = [result for result in first.values() if result in ("blocked", "avoided")]
    return Traffic(len(first), sum(result == "blocked" for result in known) / len(known) if known else None)


def seen_of(session: Session, refs: Sequence[str], since: int) -> Mapping[str, Sequence[Seen]]:
    """What was observed of customers from an instant on, in its order."""
    found: dict[str, list[Seen]] = {}
    columns = (
        OBSERVATIONS.c.ref,
        OBSERVATIONS.c.at,
        OBSERVATIONS.c.episode,
        OBSERVATIONS.c.kind,
        OBSERVATIONS.c.value,
        OBSERVATIONS.c.dims,
    )
    for start in range(0, len(refs), 500):
        mine = (OBSERVATIONS.c.ref.in_(refs[start : start + 500]), OBSERVATIONS.c.at >= since)
        for row in session.execute(select(*columns).where(*mine).order_by(OBSERVATIONS.c.at, OBSERVATIONS.c.id)):
            found.setdefault(row.ref, []).append(Seen(row.at, row.episode, row.kind, row.value, row.dims))
    return found
