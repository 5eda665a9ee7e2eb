"""What keeps an experiment from starting: rehearsal, other experiments on the same texts, and too few customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.state.experiments import ExperimentRow
from ops.experiments.refusals import ExperimentRefused
from ops.experiments.specification import ExperimentSpecification
from ops.experiments.traffic import Traffic

LEAST_REHEARSED = 300
"""Simulated conversations of each arm."""


def require_rehearsal(row: ExperimentRow | None, digest: str) -> ExperimentRow:
    """The experiment as it was rehearsed, if it has not changed since and everything held.

    Raises:
        ExperimentRefused: it was not rehearsed like this, or not well.
    """
    if row is None or row.rehearsal is None or row.hash != digest:
        raise ExperimentRefused(422, "not-rehearsed", "rehearse it first: baitiao experiment rehearse ID; any change needs it anew")
    arms: dict[str, Any] = row.rehearsal["arms"]
    for arm, found in arms.items():
        if found["conversations"] < LEAST_REHEARSED:
            reason = f"{arm} was rehearsed in {found['conversations']} conversations; it takes {LEAST_REHEARSED}"
            raise ExperimentRefused(422, "not-rehearsed", reason)
        if found["problems"]:
            reason = (
                f"{arm} breaks {len(found['problems'])} times what the control keeps, in {found['conversations']} simulated conversations"
            )
            raise ExperimentRefused(422, "rehearsal-failed", reason, problems=found["problems"])
    for arm, found in list(arms.items())[1:]:
        if not found["differing"]:
            reason = f"in {found['conversations']} simulated conversations {arm} never said anything else than the control"
            raise ExperimentRefused(422, "never-differs", reason)
    return row


def require_own_texts(row: ExperimentRow, running: Sequence[ExperimentRow]) -> None:
    """Refuses an experiment that could meet another one in the same text.

    Raises:
        ExperimentRefused: it lies over a file of one that runs, and they may have the same customers.
    """
    mine = _overlaid(row)
    for other in running:
        shared = sorted(mine & _overlaid(other))
        if shared and row.assignment.layer.overlaps(other.assignment.layer):
            reason = f"{other.name} runs over {', '.join(shared)}, too: put both into one layer with buckets of their own, or wait"
            raise ExperimentRefused(422, "overlapping-layer", reason, other=other.id, files=shared)


def require_customers(spec: ExperimentSpecification, traffic: Traffic) -> None:
    """Refuses an experiment that cannot find what it looks for.

    Raises:
        ExperimentRefused: too few are planned for the effect, or fewer will come than are planned; with the effect that would be found.
    """
    reachable = traffic.reachable(spec)
    if spec.planned_n > reachable:
        findable = traffic.findable(spec, reachable)
        reason = (
            f"{traffic.customers} customers took part in the last 28 days, so about {reachable} will in {spec.longest_weeks:g} weeks, not "
            f"{spec.planned_n}; so many would show a difference of {100 * findable:.1f} points"
        )
        raise ExperimentRefused(422, "too-few-customers", reason, reachable=reachable, findable=findable)
    needed = traffic.needed(spec)
    if spec.planned_n < needed:
        findable = traffic.findable(spec, spec.planned_n)
        reason = (
            f"{spec.planned_n} units would show a difference of {100 * findable:.1f} points; "
            f"{100 * spec.smallest_effect:.1f} points take {needed}"
        )
        raise ExperimentRefused(422, "n-too-small", reason, needed=needed, findable=findable)


def _overlaid(row: ExperimentRow) -> set[str]:
    return {path.partition("/")[2] for path in row.files}
