"""A trouble may sit in an arm of an experiment: whoever was told its texts then has it as a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import insert

from actions.state.database import Database
from actions.state.experiments import EXPOSURES, ExperimentRow, put_experiment
from ops.stats.ranking import over_represented
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.reading import complaints_between
from ops.watch.settings import WatchSettings
from tests.unit.ops.observed import write
from tools.evaluation.complaint_traffic import BEGIN

HOUR = 3_600_000
NOW = BEGIN * 1000 + 12 * HOUR


def started(database: Database, **given: Any) -> ExperimentRow:
    """An experiment that has run for ten hours."""
    nothing: dict[str, Any] = dict.fromkeys(ExperimentRow.__dataclass_fields__)
    about = {"id": "wording", "version": 2, "hash": "x", "spec": {}, "files": {}, "stopped": [], "state": "running"}
    row = ExperimentRow(**{**nothing, **about, "started_at": NOW - 10 * HOUR, **given})
    with database.session() as session:
        put_experiment(session, row)
    return row


def exposed(database: Database, row: ExperimentRow, arms: Iterable[tuple[str, str]], at: int = NOW - HOUR) -> None:
    rows = [{"experiment": row.id, "version": row.version, "ref": ref, "arm": arm, "at": at, "seq": 1} for ref, arm in arms]
    with database.session() as session:
        session.execute(insert(EXPOSURES), rows)


def complain(database: Database, customers: Iterable[str], cause: str = "overdue") -> None:
    write(database, [DiagnosedComplaint(NOW / 1000, ref, (cause,), frozenset({("region", "上海")})) for ref in customers])


def read(database: Database, placed: bool = True) -> dict[str, set[str]]:
    """The arms of each customer who complained."""
    with database.session() as session:
        found = complaints_between(session, NOW, NOW + 60_000, WatchSettings.parse_obj({}), placed)
    return {each.customer: {value for dim, value in each.values if dim == "arm"} for each in found}


def test_who_was_told_an_arms_texts_has_it_as_a_place(database: Database) -> None:
    exposed(database, started(database), [("r-1", "control"), ("r-2", "short")])
    complain(database, ["r-1", "r-2", "r-3"])
    assert read(database) == {"r-1": {"wording v2 control"}, "r-2": {"wording v2 short"}, "r-3": set()}
    assert read(database, placed=False) == {"r-1": set(), "r-2": set(), "r-3": set()}


@pytest.mark.parametrize("met", [NOW - HOUR, NOW + 5_000], ids=["before", "by the turn itself"])
def test_what_is_met_by_the_turn_itself_counts(database: Database, met: int) -> None:
    exposed(database, started(database), [("r-1", "short")], at=met)
    complain(database, ["r-1"])
    assert read(database) == {"r-1": {"wording v2 short"}}


@pytest.mark.parametrize(
    "over",
    [
        {"state": "stopped", "ended_at": NOW - HOUR // 2},
        {"stopped": [{"arm": "short", "guardrail": "handoff", "e_value": 200.0, "at": NOW - HOUR // 2}]},
    ],
    ids=["experiment", "arm"],
)
def test_an_arm_that_nobody_is_told_any_more_is_no_place(database: Database, over: dict[str, Any]) -> None:
    exposed(database, started(database, **over), [("r-1", "short")])
    complain(database, ["r-1"])
    assert read(database) == {"r-1": set()}


def test_the_arm_that_the_affected_share_is_named_first(database: Database) -> None:
    row = started(database)
    exposed(database, row, [(f"r-{number}", "short" if number < 20 or number % 2 else "control") for number in range(60)])
    complain(database, [f"r-{number}" for number in range(20)], "none")
    complain(database, [f"r-{number}" for number in range(20, 60)])
    with database.session() as session:
        found = complaints_between(session, NOW, NOW + 60_000, WatchSettings.parse_obj({}))
    hurt = [each.values for each in found if each.streams == ("none",)]
    first = over_represented(hurt, [each.values for each in found if each.streams != ("none",)], 5)[0]
    assert (first.dim, first.value, first.share) == ("arm", "wording v2 short", 1.0)
