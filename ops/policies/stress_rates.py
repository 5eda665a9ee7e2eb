"""How many of those who are newly blocked turn to a person: as it was observed, else as a file takes it for granted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.state.columns import real_now
from actions.state.observations import OBSERVATIONS
from ops.policies.stress_files import Assumptions

_FEWEST = 30
"""Customers below which what was observed tells too little."""
_MONTH_MS = 28 * 24 * 3600 * 1000


@dataclass(frozen=True)
class StressRates:
    """Rates.

    Attributes:
        complain, hand_over, days, peak: see ``Assumptions``.
        observed: whether the first two were.
    """

    complain: float
    hand_over: float
    days: float
    peak: float
    observed: bool


def stress_rates(session: Session, assumed: Assumptions, blocked: int) -> StressRates:
    """The rates.

    Args:
        session: of observations.
        assumed: what a file says.
        blocked: customers who are blocked today.
    """
    since = int(real_now().timestamp() * 1000) - _MONTH_MS
    complained, handed = (_customers(session, kind, since) for kind in ("found", "handoff"))
    if complained < _FEWEST or blocked < _FEWEST:
        return StressRates(assumed.complain, assumed.hand_over, assumed.days, assumed.peak, False)
    return StressRates(min(1.0, complained / blocked), min(1.0, handed / complained), assumed.days, assumed.peak, True)


def _customers(session: Session, kind: str, since: int) -> int:
    refs = select(func.count(func.distinct(OBSERVATIONS.c.ref))).where(OBSERVATIONS.c.kind == kind, OBSERVATIONS.c.at >= since)
    return int(session.execute(refs).scalar_one())
