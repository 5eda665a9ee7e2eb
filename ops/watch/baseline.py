"""Whether as few customers complain as on other days: what says that an incident that is being watched can be resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.core.platform import Affects
from actions.state.alerts import Millis
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES
from ops.stats.intervals import usual_counts
from ops.watch.watching import Broken, end_of

MINUTES = 15
"""For which it must be so."""
_ORDINARY = 1.3
"""Times the usual count that are ordinary."""
_MINUTE = 60_000
_DAY = 86_400_000
_DAYS = 28
_FEWEST_DAYS = 3
_FOUND = "found"


@dataclass(frozen=True)
class Calm:
    """How many customers complain, against other days.

    Attributes:
        observed: customers of the last minutes.
        expected: of the same minutes of other days, in the mean.
        rising: there are far more than usual.
        back: there are no more than usual; None: too few days are known to say so.
    """

    observed: int
    expected: float
    rising: bool
    back: bool | None


def calm(session: Session, now: Millis, affects: Affects, broken: Sequence[Broken] = (), minutes: int = MINUTES) -> Calm:
    """Whether complaints within a scope are back at what is usual.

    Whoever complains counts, also those to whom an open incident explains it: otherwise there would be silence as long as it is open.

    Args:
        now: epoch milliseconds.
        affects: the scope of the incident; only regions, merchants, categories and channels narrow it.
        broken: incidents, whose days are no measure.
        minutes: how long it must have been so.
    """
    first = now - minutes * _MINUTE
    observed = _customers(session, first, now, affects)
    days = [day for day in range(1, _DAYS + 1) if not any(_was_broken(each, now - day * _DAY) for each in broken)]
    known = session.execute(select(func.min(TALLIES.c.bucket)).where(TALLIES.c.kind == _FOUND)).scalar()
    days = [day for day in days if known is not None and first - day * _DAY >= known]
    if len(days) < _FEWEST_DAYS:
        return Calm(observed, 0.0, False, None)
    counts = [_customers(session, first - day * _DAY, now - day * _DAY, affects) for day in days]
    expected = sum(counts) / len(counts)
    high = max(_ORDINARY * expected, float(usual_counts(expected)[1]))
    return Calm(observed, expected, observed > high, observed <= high)


def _customers(session: Session, first: Millis, end: Millis, affects: Affects) -> int:
    wanted = select(OBSERVATIONS.c.ref, OBSERVATIONS.c.dims).where(
        OBSERVATIONS.c.kind == _FOUND, OBSERVATIONS.c.at >= first, OBSERVATIONS.c.at < end
    )
    return len({ref for ref, dims in session.execute(wanted) if _is_within(dims or {}, affects)})


def _is_within(dims: Mapping[str, Any], affects: Affects) -> bool:
    """Whether a complaint comes from within a scope; the lists that are given must all fit."""
    return (
        (not affects.regions or dims.get("region") in affects.regions)
        and (not affects.channels or dims.get("channel") in affects.channels)
        and (not affects.merchants or not set(affects.merchants).isdisjoint(dims.get("merchants") or ()))
        and (not affects.categories or not set(affects.categories).isdisjoint(dims.get("categories") or ()))
    )


def _was_broken(incident: Broken, at: Millis) -> bool:
    begin = end_of(incident.declared // 1440 * 1440 - 1) * 1000
    return begin <= at and (incident.ended is None or at <= end_of(incident.ended // 1440 * 1440 + 1439) * 1000)
