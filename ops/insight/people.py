"""What went to people: why, how long customers waited, and what the agents found against what the assistant had said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.state.alerts import ALERTS
from actions.state.experiments import EXPERIMENTS
from actions.state.incidents import INCIDENT_NOTES
from ops.insight.figures import figure, hidden
from ops.insight.handed import HandedCase
from ops.insight.hiding import LEAST_CUSTOMERS
from ops.insight.periods import Period
from ops.insight.talks import Row
from ops.insight.titles import Titles
from ops.stats.intervals import median_between


def reasons(found: list[HandedCase], titles: Titles) -> list[Row]:
    """Why cases went to people, how long customers waited until somebody took them, and how many of those waits were too long."""
    by_reason: dict[str, list[HandedCase]] = defaultdict(list)
    for case in found:
        by_reason[case.reason].append(case)
    rows = []
    for reason, theirs in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        if not _may_be_told(theirs):
            continue
        waited = [case.waited for case in theirs if case.waited is not None]
        late = [case for case in theirs if case.late]
        told = len(waited) >= LEAST_CUSTOMERS and (not late or _may_be_told(late))
        row = {"reason": reason, "title": titles.of("reason", reason), "cases": len(theirs)}
        row |= _minutes(waited)
        rows.append({**row, "rate": figure(len(late), len(waited)) if told else hidden()})
    return rows


def _minutes(waited: list[float]) -> dict[str, float | None]:
    """The median of waits with its interval, as far as there are enough of them."""
    between = median_between(waited)
    low, high = (None, None) if between is None else (round(each, 1) for each in between)
    return {"minutes": round(median(waited), 1) if len(waited) >= LEAST_CUSTOMERS else None, "minutes_low": low, "minutes_high": high}


def roots(found: list[HandedCase], titles: Titles) -> list[Row]:
    """What the assistant had found first against the root cause that agents entered, as far as they did."""
    pairs = [(case, (case.said, case.root)) for case in found if case.said is not None and case.root is not None]
    by_pair: dict[tuple[str, str], set[str]] = defaultdict(set)
    counted: Counter[tuple[str, str]] = Counter()
    said: Counter[str] = Counter()
    for case, (first, root) in pairs:
        by_pair[str(first), str(root)].add(case.customer)
        counted[str(first), str(root)] += 1
        said[str(first)] += 1
    rows = []
    for (first, root), count in counted.most_common():
        if len(by_pair[first, root]) >= LEAST_CUSTOMERS:
            row = {"cause": first, "title": titles.cause(first), "root": root, "root_title": titles.of("cause", root)}
            rows.append({**row, "agrees": first == root, "rate": figure(count, said[first])})
    return rows


def happenings(session: Session, period: Period) -> Mapping[str, int]:
    """How many incidents and alerts began in a period, how the alerts were judged, and how many experiments were decided."""
    within = (ALERTS.c.opened_at >= period.begins_at, ALERTS.c.opened_at < period.ends_at, ALERTS.c.level == "alarm")
    judged = {row.verdict or "unjudged": int(row.many) for row in session.execute(
        select(ALERTS.c.verdict, func.count().label("many")).where(*within).group_by(ALERTS.c.verdict)
    )}  # fmt: skip
    note = INCIDENT_NOTES.c
    begun = select(func.count(func.distinct(note.incident))).where(
        note.at >= period.begins_at, note.at < period.ends_at, note.stage == "investigating"
    )
    ended = EXPERIMENTS.c.ended_at
    decided = select(func.count()).where(EXPERIMENTS.c.state == "decided", ended >= period.begins_at, ended < period.ends_at)
    return {
        "incidents": int(session.execute(begun).scalar() or 0),
        "alerts": sum(judged.values()),
        "alerts_true": judged.get("true", 0),
        "alerts_false": judged.get("false", 0),
        "experiments": int(session.execute(decided).scalar() or 0),
    }


def _may_be_told(theirs: list[HandedCase]) -> bool:
    return len({case.customer for case in theirs}) >= LEAST_CUSTOMERS
