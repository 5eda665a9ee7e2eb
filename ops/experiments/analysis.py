"""What the data of an experiment say, valid however often they are looked at."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from actions.core.moments import SHANGHAI
from actions.yaml_source import Problem, SourceError
from ops.experiments.specification import ExperimentSpecification
from ops.stats.sequential import Difference, Numbers, difference, split, worse

Verdict = Literal["better", "worse", "no_difference", "not_decided"]
SPLIT_ALPHA = 0.001
"""Probability that a right assignment is called a wrong one."""
GUARDRAIL_ALPHA = 0.01
"""Probability that any guardrail stops an arm that does no harm."""
_COLUMNS = ("unit", "arm", "exposed_at", "outcome", "at")
_MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Unit:
    """A customer of an experiment.

    Attributes:
        arm: place of its arm.
        exposed_at: when the text that differs was seen, epoch seconds.
        outcome: of the metric, 0 or 1; None: not known yet.
        at: when that was known, epoch seconds.
        bad: when it had the event of a guardrail, by the guardrail's place.
    """

    arm: int
    exposed_at: float
    outcome: int | None
    at: float
    bad: Mapping[int, float]


@dataclass(frozen=True)
class Table:
    """What a file of units holds.

    Attributes:
        units: in the file's order.
        guardrails: those of the experiment that have a column in it; of the others nothing is known.
    """

    units: list[Unit]
    guardrails: tuple[str, ...]


def read_units(path: Path, experiment: ExperimentSpecification) -> Table:
    """The units of a file: columns ``unit``, ``arm``, ``exposed_at``, ``outcome``, ``at``, and 0 or 1 in a column per guardrail if it has any.

    An outcome that is not known yet is empty, and its instant may be; an instant without a zone is one of the assistant's.

    Raises:
        SourceError: lines that cannot be used, with file, line and reason.
    """
    problems: list[Problem] = []
    units: list[Unit] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or ())
            missing, twice = [name for name in _COLUMNS if name not in names], sorted({name for name in names if names.count(name) > 1})
            if missing:
                raise SourceError([Problem(str(path), 1, f"lacks the columns {', '.join(missing)}")])
            if twice:
                raise SourceError([Problem(str(path), 1, f"holds the columns {', '.join(twice)} twice")])
            seen: set[str] = set()
            for row in reader:
                try:
                    units.append(_unit(row, experiment, seen))
                except ValueError as error:
                    problems.append(Problem(str(path), reader.line_num, str(error)))
                    if len(problems) == _MOST_PROBLEMS:
                        break
    except OSError as error:
        raise SourceError([Problem(str(path), 1, f"cannot be read: {error.strerror}")]) from None
    except (UnicodeDecodeError, csv.Error):
        raise SourceError([Problem(str(path), 1, "is no table of comma-separated UTF-8 text")]) from None
    if problems:
        raise SourceError(problems)
    return Table(units, tuple(name for name in experiment.guardrails if name in names))


def _unit(row: dict[str, Any], experiment: ExperimentSpecification, seen: set[str]) -> Unit:
    places = {arm.id: place for place, arm in enumerate(experiment.arms)}
    if None in row:
        raise ValueError("holds more values than there are columns")
    name = row["unit"]
    if not name:
        raise ValueError("unit is missing")
    if name in seen:
        raise ValueError(f"unit {name[:40]} stands there twice: one row per unit")
    seen.add(name)
    if row["arm"] not in places:
        raise ValueError(f"arm {str(row['arm'])[:40]} is none of {', '.join(places)}")
    exposed_at = _instant(row, "exposed_at")
    outcome = None if row["outcome"] == "" else _flag(row, "outcome")
    at = exposed_at if outcome is None and row["at"] == "" else _instant(row, "at")
    if at < exposed_at:
        raise ValueError("at is before exposed_at: what was known before the exposure is no outcome of it")
    bad = {place: at for place, guardrail in enumerate(experiment.guardrails) if guardrail in row and _flag(row, guardrail)}
    return Unit(places[row["arm"]], exposed_at, outcome, at, bad)


def _flag(row: dict[str, Any], name: str) -> int:
    if row[name] not in ("0", "1"):
        raise ValueError(f"{name} must be 0 or 1")
    return int(row[name])


def _instant(row: dict[str, Any], name: str) -> float:
    given = row[name] or ""
    try:
        seconds = float(given)
    except ValueError:
        try:
            moment = datetime.fromisoformat(given[:-1] + "+00:00" if given.endswith("Z") else given)
        except ValueError:
            raise ValueError(f"{name} is no instant: {given[:40]}") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).timestamp()
    if not isfinite(seconds):
        raise ValueError(f"{name} is no instant: {given[:40]}")
    return seconds


def analyse(units: Sequence[Unit], experiment: ExperimentSpecification, measured: Collection[str] | None = None) -> dict[str, Any]:
    """What ``baitiao experiment analyse --json`` prints: n, estimate, interval, verdict, sample ratio, guardrails.

    Args:
        measured: guardrails of which it is known what happened; the e-value of the others is None. Default: all.

    With more than two arms each variant is held against the control at its part of alpha, and the one that differs most is reported.
    """
    arms = experiment.arms
    weights = np.array([arm.weight for arm in arms])
    met = sorted(units, key=lambda unit: unit.exposed_at)
    exposed = _cumulated([unit.arm for unit in met], len(arms))
    e_value = float(split(exposed, weights)[_looks([unit.exposed_at for unit in met])].max()) if units else 1.0
    blocked = e_value >= 1 / SPLIT_ALPHA
    looks = _looks(sorted(unit.at for unit in units if unit.outcome is not None))
    compared = [_compared(sequence(units, experiment, place), looks) for place in range(1, len(arms))]
    best = max(compared, key=lambda each: abs(each[0] or 0.0))
    verdict = "not_decided" if blocked else _verdict(best[1], experiment)
    return {
        "n": {arm.id: int(count) for arm, count in zip(arms, exposed[-1] if units else np.zeros(len(arms)))},
        "estimate": best[0],
        "interval": best[1],
        "verdict": verdict,
        "srm": {"e_value": e_value, "blocked": blocked},
        "guardrails": [
            found if measured is None or found["name"] in measured else {**found, "e_value": None}
            for found in _guardrails(units, experiment, weights)
        ],
    }


def sequence(units: Sequence[Unit], experiment: ExperimentSpecification, variant: int) -> Difference:
    """The difference of a variant from the control after each outcome that became known, at its part of alpha."""
    known = sorted((unit for unit in units if unit.outcome is not None), key=lambda unit: unit.at)
    reached = _cumulated([unit.arm for unit in known], len(experiment.arms))
    happened = _cumulated([unit.arm if unit.outcome else -1 for unit in known], len(experiment.arms))
    alpha = experiment.alpha / (len(experiment.arms) - 1)
    return difference((reached[:, 0], reached[:, variant]), (happened[:, 0], happened[:, variant]), alpha, experiment.planned_n)


def _cumulated(arms: Sequence[int], count: int) -> Numbers:
    """How many of each arm there are after each unit; -1 is none."""
    hits: Numbers = (np.array(arms, dtype=np.int64)[:, None] == np.arange(count)[None, :]).astype(float)
    result: Numbers = hits.cumsum(axis=0)
    return result


def _looks(instants: Sequence[float]) -> npt.NDArray[np.bool_]:
    """After which of them one can look: what has the same instant is known together, in whatever order it stands in a file."""
    at = np.array(instants)
    return np.append(at[1:] != at[:-1], True)[: len(at)]


def _compared(sequence: Difference, looks: npt.NDArray[np.bool_]) -> tuple[float | None, list[float] | None]:
    """The estimate of today, and the limits that hold at all looks together."""
    estimate = None if not len(sequence.estimate) or np.isnan(sequence.estimate[-1]) else float(sequence.estimate[-1])
    if not len(sequence.low) or np.isnan(sequence.low[-1]):
        return estimate, None
    low, high = float(np.nanmax(sequence.low[looks])), float(np.nanmin(sequence.high[looks]))
    if low > high:
        # The difference has not stayed the same; what holds today is all that can be said.
        low, high = float(sequence.low[-1]), float(sequence.high[-1])
    return estimate, [low, high]


def _verdict(interval: list[float] | None, experiment: ExperimentSpecification) -> Verdict:
    if interval is None:
        return "not_decided"
    low, high = interval
    if low > 0 or high < 0:
        return "better" if (low > 0) == (experiment.direction == "up") else "worse"
    return "no_difference" if max(-low, high) <= experiment.smallest_effect else "not_decided"


def _guardrails(units: Sequence[Unit], experiment: ExperimentSpecification, weights: Numbers) -> Iterator[dict[str, Any]]:
    for place, name in enumerate(experiment.guardrails):
        alpha = GUARDRAIL_ALPHA / len(experiment.guardrails) / (len(experiment.arms) - 1)
        happened = sorted((unit.bad[place], unit.arm) for unit in units if place in unit.bad)
        bad = _cumulated([arm for _, arm in happened], len(experiment.arms))
        for arm in range(1, len(experiment.arms)):
            share = weights[arm] / (weights[0] + weights[arm])
            e_value = float(worse(bad[:, 0], bad[:, arm], share)[_looks([at for at, _ in happened])].max()) if happened else 1.0
            yield {"name": name, "arm": experiment.arms[arm].id, "e_value": e_value, "stopped": e_value >= 1 / alpha}
