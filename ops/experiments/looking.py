"""The worker's look at what runs: counts outcomes, says what they show, and stops an arm that does harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any, get_args

import numpy as np
import structlog
from scipy import special
from sqlalchemy.orm import Session

from actions.core.effects import ArmMet
from actions.state import audit
from actions.state.advice import decided_in
from actions.state.database import lock_writers
from actions.state.experiments import ExperimentRow, Exposure, change_experiment, exposures_of, running_experiments
from actions.state.incidents import now_ms
from actions.state.plots import PlotTheme
from ops.experiments.analysis import Unit, analyse, sequence
from ops.experiments.drawing import draw
from ops.experiments.measures import ADVICE_BLOCKED, MEASURES
from ops.experiments.service import spec_of
from ops.experiments.specification import ExperimentSpecification
from ops.experiments.traffic import seen_of
from ops.worker import Surroundings

WORKER = "worker"
_WEEK_MS = 7 * 24 * 60 * 60 * 1000
_POINTS = 120
"""Looks that are kept for the drawing and the table below it."""
_SHOUTS = 0.05

log = structlog.get_logger()


def look_at_experiments(here: Surroundings) -> None:
    """Looks at every experiment that runs, each in a transaction of its own."""
    with here.database.session() as session:
        running = running_experiments(session)
    for row in running:
        with here.database.session() as session:
            look_at(session, row, now_ms())


def look_at(session: Session, row: ExperimentRow, now: int) -> dict[str, Any]:
    """Looks at one: what it shows now is kept, an arm that a guardrail condemns is stopped, and what has run too long is ended.

    Args:
        now: epoch milliseconds.
    """
    lock_writers(session)
    spec = spec_of(row)
    results = results_of(session, row, spec, now)
    stopped = list(row.stopped)
    for guardrail in results["guardrails"]:
        if guardrail["stopped"] and guardrail["arm"] not in {each["arm"] for each in stopped}:
            found = {"arm": guardrail["arm"], "guardrail": guardrail["name"], "e_value": guardrail["e_value"], "at": now}
            stopped.append(found)
            audit.record(session, WORKER, "experiment.arm_stopped", detail={"experiment": row.id, "version": row.version, **found})
            log.warning("experiments.arm_stopped", experiment=row.name, arm=found["arm"], guardrail=found["guardrail"])
    ended: dict[str, Any] = {}
    if len(stopped) == len(spec.arms) - 1:
        ended = {"state": "stopped", "ended_at": now, "ended_by": WORKER, "reason": "guardrail"}
    elif row.started_at is not None and now - row.started_at >= spec.longest_weeks * _WEEK_MS:
        ended = {"state": "stopped", "ended_at": now, "ended_by": WORKER, "reason": "longest_weeks"}
    light, dark = (draw(results, spec, theme) for theme in get_args(PlotTheme))
    change_experiment(session, row, ("running",), results=results, results_at=now, stopped=stopped, light=light, dark=dark, **ended)
    if ended:
        detail = {"experiment": row.id, "version": row.version, "reason": ended["reason"]}
        audit.record(session, WORKER, "experiment.stop", detail=detail)
    return results


def results_of(session: Session, row: ExperimentRow, spec: ExperimentSpecification, now: int) -> dict[str, Any]:
    """What the data show at an instant, with what is shown beside it."""
    exposures = exposures_of(session, row)
    units = units_of(session, exposures, spec, now)
    found = analyse(units, spec)
    known = [unit for unit in units if unit.outcome is not None]
    arms = [arm.id for arm in spec.arms]
    counted = {
        arm: {
            "exposed": sum(unit.arm == place for unit in units),
            "known": sum(unit.arm == place for unit in known),
            "events": sum(unit.arm == place and bool(unit.outcome) for unit in known),
        }
        for place, arm in enumerate(arms)
    }
    return {
        **found,
        "counts": counted,
        "days": 0.0 if row.started_at is None else round((now - row.started_at) / (_WEEK_MS / 7), 2),
        "plain": _plain(counted, arms),
        "looks": list(_looks(units, spec)),
    }


def units_of(session: Session, exposures: Sequence[Exposure], spec: ExperimentSpecification, now: int) -> list[Unit]:
    """The customers of an experiment with what has become of them."""
    places = {arm.id: place for place, arm in enumerate(spec.arms)}
    seen = seen_of(session, [each.ref for each in exposures], min((each.at for each in exposures), default=now))
    metric = MEASURES[spec.metric]
    foretold = foretold_in(session, spec) if metric.name == ADVICE_BLOCKED else None
    units = []
    for each in exposures:
        mine = seen.get(each.ref, ())
        # Known at the end of the window for everybody: what happens is known sooner than that it does not, and would be counted first.
        over = each.at + metric.window
        if foretold is not None:
            # On the day that was foretold it is known of both at once, whether it came.
            outcome, over = foretold.get(each.ref, (None, over))
        else:
            outcome = None if over > now else int(metric.first(mine, each.at) is not None)
        happened = ((place, MEASURES[name].first(mine, each.at)) for place, name in enumerate(spec.guardrails))
        bad = {place: at / 1000 for place, at in happened if at is not None}
        units.append(Unit(places[each.arm], each.at / 1000, outcome, over / 1000, bad))
    return units


def foretold_in(session: Session, spec: ExperimentSpecification) -> dict[str, tuple[int | None, int]]:
    """What became of the first thing that each customer was told, or was to be, on a day that differs between arms: whether the block came on the
    day foretold, None while nobody has looked or there is nobody left to look at; and when that became known, epoch milliseconds."""
    found: dict[str, tuple[int | None, int]] = {}
    for ref, row in decided_in(session, [ArmMet(spec.id, spec.version, arm.id).name for arm in spec.arms]):
        known = row.result in ("blocked", "avoided") and row.known_at is not None
        found.setdefault(ref, (int(row.result == "blocked") if known else None, row.known_at or 0))
    return found


def _looks(units: Sequence[Unit], spec: ExperimentSpecification) -> Iterator[dict[str, Any]]:
    found = sequence(units, spec, 1)
    count = len(found.estimate)
    for at in sorted({*np.linspace(0, count - 1, min(count, _POINTS)).round().astype(int).tolist()}) if count else ():
        values = (found.estimate[at], found.low[at], found.high[at])
        estimate, low, high = (None if np.isnan(value) else round(float(value), 6) for value in values)
        yield {"n": int(at) + 1, "estimate": estimate, "low": low, "high": high}


def _plain(counted: dict[str, dict[str, int]], arms: Sequence[str]) -> dict[str, Any]:
    """What a test that may be looked at once would say now: shown to make clear what peeking at it does, and never the verdict."""
    control, variant = counted[arms[0]], counted[arms[1]]
    units, events = control["known"] + variant["known"], control["events"] + variant["events"]
    if not control["known"] or not variant["known"] or events in (0, units):
        return {"p": None, "shouts": False}
    rate = events / units
    error = sqrt(rate * (1 - rate) * (1 / control["known"] + 1 / variant["known"]))
    z = (variant["events"] / variant["known"] - control["events"] / control["known"]) / error
    p = float(2 * special.ndtr(-abs(z)))
    return {"p": p, "shouts": p < _SHOUTS}
