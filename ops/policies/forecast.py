"""How many more complaints a policy is expected to bring: customers whom a cause newly blocks × how often those who have it complain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.state.columns import real_now
from actions.state.observations import OBSERVATIONS
from ops.policies.dry_run import DryRun
from ops.stats.intervals import rate_ratio

WEEKS = 4
_WEEK_MS = 7 * 24 * 3600 * 1000


def expected_complaints(session: Session, run: DryRun) -> list[dict[str, Any]]:
    """Complaints a week by cause that is new to somebody; without numbers where nobody has that cause today, so that nothing is known of it."""
    since = int(real_now().timestamp() * 1000) - WEEKS * _WEEK_MS
    found = []
    for cause, newly in sorted(run.newly.items()):
        refs = select(func.count(func.distinct(OBSERVATIONS.c.ref))).where(
            OBSERVATIONS.c.kind == "found", OBSERVATIONS.c.value == cause, OBSERVATIONS.c.at >= since
        )
        complained, had = int(session.execute(refs).scalar_one()), run.had.get(cause, 0)
        row: dict[str, Any] = {"cause": cause, "customers": newly, "complained": complained, "have_it": had}
        if had:
            low, high = rate_ratio(complained, had * WEEKS)
            share = complained / had / WEEKS
            row["a_week"] = {"expected": round(newly * share, 1), "low": round(newly * low, 1), "high": round(newly * high, 1)}
        found.append(row)
    return found
