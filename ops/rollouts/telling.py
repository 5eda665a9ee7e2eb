"""A comparison as JSON, in which nothing is told of fewer than five customers, and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from actions.core.moments import local
from ops.insight.hiding import is_hidden
from ops.rollouts.comparing import Comparison, Part
from ops.rollouts.matching import Standing
from ops.rollouts.weeks import WeekPlan
from ops.stats.before_after import Change

NO_EXPERIMENT = (
    "This is no experiment: nobody drew by lot where it began, and whatever else happened there at the time is in the difference, too."
)
REASONS: Mapping[str, str] = {
    "few": "too few customers, or no region to match",
    "early": "fewer than two weeks whose outcome is known",
    "apart_before": "the regions had come apart before it began",
    "holds_zero": "the interval holds no change",
    "drifting": "going on as in the weeks before would explain much of it",
    "many": "among so many comparisons one may show as much by chance",
    "as_elsewhere": "more than one in ten regions without it moved as much",
}


def told(found: Comparison, plan: WeekPlan, window: int) -> dict[str, Any]:
    """One comparison."""
    weeks = [
        {
            "from": _day(plan.week_begin(week.number, window)),
            "after": week.number >= 0,
            "treated": _rounded(week.treated),
            "matched": _rounded(week.matched),
            "difference": _rounded(week.difference),
        }
        for week in found.weeks
    ]
    return {
        "outcome": found.outcome,
        "region": found.region,
        "matched": [_standing(each) for each in found.matched],
        "before": None if found.before is None else dict(zip(("treated", "matched"), map(_part, found.before))),
        "after": None if found.after is None else dict(zip(("treated", "matched"), map(_part, found.after))),
        **_change(found.change),
        "verdict": found.verdict,
        "why": found.why,
        "placebo": None if found.before_itself is None else {**_change(found.before_itself), "drift": _rounded(found.drift)},
        "elsewhere": None if found.elsewhere is None else dict(zip(("regions", "moved_as_much"), found.elsewhere)),
        "weeks": weeks if found.change is not None else [],
    }


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """A report for people at a terminal."""
    yield f"{report['policy']} began on {report['began_at']} in {', '.join(report['treated'])}: before and after, against regions without it"
    if report["already"]:
        yield f"not compared, since a policy of its kind held there before: {', '.join(report['already'])}"
    for each in report["comparisons"]:
        yield from _lines(each)
    for kind, rows in report["meanwhile"].items():
        for row in rows:
            yield f"meanwhile: {kind} {row['id']}, {row['from']} to {row['to'] or 'open'} ({row['where']})"
    yield NO_EXPERIMENT


def _lines(each: Mapping[str, Any]) -> Iterator[str]:
    name = f"{each['outcome']} in {each['region'] or 'all of them'}"
    if each["interval"] is None:
        yield f"{name}: not_decided, {REASONS[each['why']]}"
        return
    low, high = each["interval"]
    why = f", {REASONS[each['why']]}" if each["why"] else ""
    yield f"{name}: {_points(each['estimate'])} points ({_points(low)} to {_points(high)}): {each['verdict']}{why}"
    if each["before"]:
        shares = [f"{100 * each[period][side]['share']:.1f}" for side in ("treated", "matched") for period in ("before", "after")]
        names = ", ".join(row["region"] for row in each["matched"])
        yield f"  {shares[0]} % became {shares[1]} %, in {names} {shares[2]} % became {shares[3]} %"
    placebo = each["placebo"]
    if placebo and placebo["interval"]:
        yield f"  the weeks before against themselves: {_points(placebo['estimate'])} ({' to '.join(map(_points, placebo['interval']))})"
    if each["elsewhere"]:
        yield f"  {each['elsewhere']['moved_as_much']} of {each['elsewhere']['regions']} regions without it moved as much"


def _change(made: Change | None) -> dict[str, Any]:
    if made is None:
        return {"estimate": None, "interval": None}
    return {"estimate": _rounded(made.estimate), "interval": [_rounded(made.low), _rounded(made.high)]}


def _part(part: Part) -> dict[str, Any]:
    return {"hits": part.hits, "of": part.of, "share": _rounded(part.share)}


def _standing(each: Standing) -> dict[str, Any]:
    small = is_hidden(each.hits) or is_hidden(each.customers - each.hits)
    return {"region": each.region, "customers": each.customers, "share": None if small else _rounded(each.hits / each.customers)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _points(value: float) -> str:
    return f"{100 * value:+.1f}"


def _day(at: int) -> str:
    return local(datetime.fromtimestamp(at / 1000, timezone.utc)).date().isoformat()
