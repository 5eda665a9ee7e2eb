"""The worker's look: outcomes are counted when their time is over, harm stops an arm by itself, and a wrong split blocks the result."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from actions.state import audit
from actions.state.database import Database
from actions.state.experiments import EXPOSURES, ExperimentRow, find_experiment, put_experiment
from actions.state.observations import OBSERVATIONS
from ops.experiments.looking import look_at
from ops.experiments.measures import MEASURES, Seen
from ops.experiments.reporting import needs_decision, report_of
from tests.unit.ops.experiments.conftest import Write
from tests.unit.state.conftest import database, migrated_file, new_database

pytestmark = pytest.mark.broad

__all__ = ["database", "migrated_file", "new_database"]

NOW = 1_795_000_000_000
DAY = 24 * 3_600_000


def _running(database: Database, write: Write, **spec: Any) -> ExperimentRow:
    row = write(**spec).row(state="running", started_at=NOW - 10 * DAY, started_by="test")
    with database.session() as session:
        put_experiment(session, row)
    return row


def _met(
    database: Database, counts: dict[str, int], happens: dict[str, int], kind: str = "end", value: str = "resolved", ago: int = 5
) -> None:
    """Customers of each arm who met it some days ago, to so many of whom something happened an hour later."""
    met, seen = [], []
    for arm, count in counts.items():
        for number in range(count):
            ref, at = f"{arm}-{number}", NOW - ago * DAY + number
            met.append({"experiment": "shorter-step", "version": 1, "ref": ref, "arm": arm, "at": at, "seq": 1})
            if number < happens.get(arm, 0):
                common = {"episode": 1, "seq": 2, "dims": {"queue": "general"}, "rolled": True}
                seen.append({**common, "ref": ref, "at": at + 3_600_000, "kind": kind, "value": value})
    with database.session() as session:
        session.execute(insert(EXPOSURES), met)
        session.execute(insert(OBSERVATIONS), seen)


def _look(database: Database, row: ExperimentRow, now: int = NOW) -> ExperimentRow:
    with database.session() as session:
        look_at(session, row, now)
    with database.session() as session:
        found = find_experiment(session, row.id)
    assert found is not None and found.results is not None
    return found


def test_a_difference_is_found_and_told_with_its_interval_and_a_drawing(database: Database, write: Write) -> None:
    row = _running(database, write)
    _met(database, {"control": 400, "short": 400}, {"control": 120, "short": 280})
    found = _look(database, row)
    results = found.results
    assert results is not None and results["verdict"] == "better" and results["interval"][0] > 0
    assert results["n"] == {"control": 400, "short": 400} and results["counts"]["short"] == {"exposed": 400, "known": 400, "events": 280}
    assert found.state == "running" and needs_decision(found)
    assert found.light and found.dark and found.light != found.dark and "结果已知的客户数" in found.light
    assert any("first crossing" in caution for caution in report_of(found)["cautions"])


def test_an_outcome_is_known_when_its_time_is_over_and_not_before(database: Database, write: Write) -> None:
    row = _running(database, write)
    _met(database, {"control": 50, "short": 50}, {"short": 50}, ago=2)
    results = _look(database, row).results
    assert results is not None and results["counts"]["short"] == {"exposed": 50, "known": 0, "events": 0} and results["looks"] == []
    later = _look(database, row, NOW + 2 * DAY).results
    assert later is not None and later["counts"]["short"] == {"exposed": 50, "known": 50, "events": 50}


def test_a_guardrail_stops_an_arm_by_itself(database: Database, write: Write) -> None:
    row = _running(database, write)
    _met(database, {"control": 200, "short": 200}, {"control": 10, "short": 80}, kind="handoff", value="requested", ago=1)
    found = _look(database, row)
    assert (found.state, found.ended_by, found.reason) == ("stopped", "worker", "guardrail")
    (stopped,) = found.stopped
    assert (stopped["arm"], stopped["guardrail"]) == ("short", "handoff") and stopped["e_value"] >= 100
    assert found.assignment.stopped == {"short"} and needs_decision(found)
    with database.session() as session:
        assert [each.action for each in audit.entries(session)] == ["experiment.arm_stopped", "experiment.stop"]


def test_as_much_harm_in_every_arm_stops_none(database: Database, write: Write) -> None:
    row = _running(database, write)
    _met(database, {"control": 200, "short": 200}, {"control": 60, "short": 66}, kind="handoff", value="requested", ago=1)
    assert _look(database, row).state == "running"


def test_of_three_arms_the_harmful_one_stops_and_the_other_goes_on(database: Database, write: Write) -> None:
    arms = [{"id": name, "weight": 1} for name in ("control", "short", "long")]
    row = _running(database, write, arms=arms, files={"short/causes/overdue.yml": "needs: x\n", "long/causes/overdue.yml": "needs: y\n"})
    _met(database, {name: 200 for name in ("control", "short", "long")}, {"control": 10, "short": 90, "long": 10}, "handoff", "x", 1)
    found = _look(database, row)
    assert found.state == "running" and found.assignment.stopped == {"short"} and len(found.stopped) == 1
    assert len(_look(database, found).stopped) == 1


def test_a_wrong_split_blocks_the_result(database: Database, write: Write) -> None:
    row = _running(database, write, arms=[{"id": "control", "weight": 80}, {"id": "short", "weight": 20}])
    _met(database, {"control": 670, "short": 330}, {"control": 100, "short": 250})
    found = _look(database, row)
    assert found.results is not None and found.results["srm"]["blocked"] and found.results["verdict"] == "not_decided"
    assert needs_decision(found) and "says nothing" in report_of(found)["cautions"][0]


def test_what_has_run_its_longest_time_ends_undecided(database: Database, write: Write) -> None:
    row = _running(database, write, longest_weeks=1)
    found = _look(database, row)
    assert (found.state, found.reason, found.results and found.results["verdict"]) == ("stopped", "longest_weeks", "not_decided")


@pytest.mark.parametrize(
    ("name", "seen", "happened"),
    [
        ("resolved", [("end", "resolved", {"by": "state"})], True),
        ("resolved", [("end", "resolved", {"by": "customer"})], False),
        ("ended_resolved", [("end", "resolved", {"by": "customer"})], True),
        ("handoff", [("handoff", "requested", {"queue": "general"})], True),
        ("complaint", [("handoff", "complaint", {"queue": "complaint"})], True),
        ("complaint", [("handoff", "requested", {"queue": "general"})], False),
        ("rating_low", [("rated", "2", {})], True),
        ("rating_low", [("rated", "3", {})], False),
        ("unclear", [("unclear", "", {})], True),
        ("step_passed", [("check", "overdue/passed", {})], True),
        ("step_not_found", [("step", "overdue/1/not_found", {})], True),
        ("return_7d", [("complained", "installment_missing", {})], False),
    ],
)
def test_what_is_measured_is_what_was_observed_after_the_exposure(
    name: str, seen: list[tuple[Any, str, dict[str, Any]]], happened: bool
) -> None:
    measure = MEASURES[name]
    for at, counts in ((NOW, happened), (NOW - 1, False), (NOW + measure.window, False)):
        found = measure.first([Seen(at, 1, kind, value, dims) for kind, value, dims in seen], NOW)
        assert found == (at if counts else None)


def test_whoever_complains_anew_after_an_end_has_returned() -> None:
    seen = [Seen(NOW, 1, "end", "explained", {}), Seen(NOW + DAY, 9, "complained", "installment_missing", {})]
    assert MEASURES["return_7d"].first(seen, NOW) == NOW + DAY
    assert MEASURES["return_7d"].first([seen[0], Seen(NOW + DAY, 1, "complained", "x", {})], NOW) is None
