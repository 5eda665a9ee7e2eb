"""What is told of an experiment: how it stands in a few words, and everything with the cautions that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.state.experiments import ExperimentRow
from ops.experiments.measures import MEASURES

CAUTIONS: Mapping[str, str] = {
    "blocked": "The arms have not got the customers they should have: this result says nothing, whatever it looks like.",
    "crossing": "Stopping at the first crossing makes the estimate look larger than it is; the interval beside it holds.",
    "plain": "A plain test would call this a difference; looked at so often, it does so for arms that are the same, too.",
    "price": "Looking at any time takes about 1.7 times the customers of a plan that is looked at once.",
}


def status_of(row: ExperimentRow) -> dict[str, Any]:
    """One experiment in a few words."""
    results = row.results or {}
    return {
        "id": row.id,
        "version": row.version,
        "state": row.state,
        "hypothesis": row.spec["hypothesis"],
        "owner": row.spec["owner"],
        "arms": row.spec["arms"],
        "n": results.get("n", {}),
        "planned_n": row.spec["planned_n"],
        "verdict": results.get("verdict", "not_decided"),
        "srm": results.get("srm", {"e_value": 1.0, "blocked": False}),
        "stopped": row.stopped,
        "decision": row.decision,
        "submitted_at": row.submitted_at,
        "submitted_by": row.submitted_by,
        "started_at": row.started_at,
        "started_by": row.started_by,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
        "reason": row.reason,
    }


def needs_decision(row: ExperimentRow) -> bool:
    """Whether somebody should look: somebody asks for its start, a verdict is there, the plan is full, it was stopped, or its split is wrong."""
    results = row.results or {}
    if row.state == "rehearsed":
        return row.submitted_by is not None
    if row.state == "stopped":
        return True
    full = sum(results.get("n", {}).values()) >= row.spec["planned_n"]
    blocked = bool(results.get("srm", {}).get("blocked"))
    return row.state == "running" and (results.get("verdict", "not_decided") != "not_decided" or full or blocked or bool(row.stopped))


def report_of(row: ExperimentRow) -> dict[str, Any]:
    """Everything about one."""
    spec = row.spec
    return {
        **status_of(row),
        "hash": row.hash,
        "metric": spec["metric"],
        "means": MEASURES[spec["metric"]].means,
        "direction": spec["direction"],
        "smallest_effect": spec["smallest_effect"],
        "alpha": spec["alpha"],
        "longest_weeks": spec["longest_weeks"],
        "who": spec["who"],
        "rehearsal": row.rehearsal,
        "results": row.results,
        "results_at": row.results_at,
        "cautions": [CAUTIONS[name] for name in caution_names(row)],
    }


def caution_names(row: ExperimentRow) -> list[str]:
    """What must be said beside a result, so that nobody reads more out of it than is there: keys of ``CAUTIONS``."""
    results = row.results
    if results is None:
        return []
    named = {
        "blocked": results["srm"]["blocked"],
        "crossing": results["verdict"] in ("better", "worse"),
        "plain": results["plain"]["shouts"] and results["verdict"] == "not_decided",
        "price": True,
    }
    return [name for name, holds in named.items() if holds]
