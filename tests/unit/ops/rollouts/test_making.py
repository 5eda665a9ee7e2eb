"""A policy that was begun in a region, compared from the database: what is found, what is refused, and what else was going on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions.core.observations import milliseconds
from actions.state.database import Database
from actions.state.policy_rollouts import PolicyRollout, find_rollout, keep_rollout
from actions.state.world.tables import store_now
from conversations.application import composed
from ops.rollouts import renewing
from ops.rollouts.making import Wanted, make
from ops.rollouts.refusals import RolloutRefused
from ops.rollouts.renewing import renew_rollouts
from ops.rollouts.telling import NO_EXPERIMENT, lines
from ops.rollouts.words import rollout_words
from ops.worker import Surroundings
from tests.unit.ops.rollouts.planting import BEGAN, NOW, POLICY, complaints, world
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database"]


def _made(database: Database, policy: str = "p-gd", **more: Any) -> dict[str, Any]:
    at = more.pop("now", NOW)
    with database.session() as session:
        return make(session, Wanted(policy, **more), at)


def _of(report: dict[str, Any], outcome: str, region: str | None = "广东") -> dict[str, Any]:
    return next(each for each in report["comparisons"] if (each["outcome"], each["region"]) == (outcome, region))


def _refused(database: Database, policy: str = "p-gd", **more: Any) -> RolloutRefused:
    with pytest.raises(RolloutRefused) as found:
        _made(database, policy, **more)
    assert found.value.code in rollout_words()["refused"] or found.value.code in ("unknown-outcome", "no-such-weeks")
    return found.value


def test_a_planted_change_is_found_against_matched_regions_and_called_no_experiment(database: Database) -> None:
    world(database)
    complaints(database, after=0.2)
    report = _made(database)
    found = _of(report, "handoff")
    low, high = found["interval"]
    assert found["verdict"] == "more" and low < 0.2 < high and low > 0
    assert len(found["matched"]) == 3 and "广东" not in {each["region"] for each in found["matched"]}
    after = {**dict.fromkeys(report["weeks"]["after"], 4), "rating_low": 3}
    assert report["experiment"] is False and report["weeks"] == {"matching": 4, "before": 8, "after": after}
    assert [week["after"] for week in found["weeks"]] == [False] * 8 + [True] * 4 and found["weeks"][8]["from"] == "2026-10-12"
    assert found["placebo"]["interval"][0] < 0 < found["placebo"]["interval"][1] and found["elsewhere"] == {
        "regions": 7,
        "moved_as_much": 0,
    }
    said = list(lines(report))
    assert said[-1] == NO_EXPERIMENT and any(line.startswith("handoff in 广东: +") and line.endswith(": more") for line in said)
    assert _of(report, "complaint")["interval"] is None and _of(report, "came")["verdict"] == "not_decided"


def test_that_more_customers_come_is_found_of_those_who_live_there(database: Database) -> None:
    world(database)
    complaints(database, more=1.6)
    found = _of(_made(database, outcomes=("came",)), "came")
    assert found["verdict"] == "more" and found["before"]["treated"]["of"] == 8 * 151, "whose customer-weeks these are"


def test_the_same_observations_give_the_same_report(database: Database) -> None:
    world(database)
    complaints(database, after=0.1)
    assert _made(database) == _made(database)


def test_regions_of_another_policy_of_the_kind_are_neither_begun_nor_held_against(database: Database) -> None:
    earlier = {**POLICY, "id": "p-bj", "regions": ["北京", "上海"], "effective_from": "2026-01-01"}
    world(database, {**POLICY, "regions": ["广东", "北京"]}, earlier)
    complaints(database)
    report = _made(database, outcomes=("handoff",))
    assert (report["treated"], report["already"]) == (["广东"], ["北京"])
    assert report["untreated"] == sorted({"浙江", "江苏", "四川", "湖北", "福建"})


def test_what_else_changed_and_what_was_broken_is_told_with_where(database: Database) -> None:
    elsewhere = {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-10-20"}
    long_ago = {**elsewhere, "id": "p-old", "effective_from": "2025-10-20"}
    incident = {"component": "installment", "severity": "outage", "started_at": "2026-10-25T10:00:00+08:00"}
    incidents = [
        {**incident, "id": "i-1", "resolved_at": "2026-10-25T12:00:00+08:00", "affects": {"regions": ["广东"]}},
        {**incident, "id": "i-2", "started_at": "2026-01-01T10:00:00+08:00", "resolved_at": "2026-01-01T12:00:00+08:00"},
    ]
    world(database, POLICY, elsewhere, long_ago, incidents=incidents)
    complaints(database)
    meanwhile = _made(database, outcomes=("handoff",))["meanwhile"]
    assert [(each["id"], each["where"]) for each in meanwhile["policies"]] == [("p-min", "everywhere")]
    assert [(each["id"], each["where"]) for each in meanwhile["incidents"]] == [("i-1", "treated")]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"regions": []}, "no-regions"),
        ({"effective_from": "2026-12-30"}, "not-begun"),
        ({"effective_from": "2026-11-10"}, "too-early"),
        ({"effective_from": "2026-08-10"}, "too-little-before"),
    ],
)
def test_where_nothing_can_be_compared_it_is_said_why(database: Database, policy: dict[str, Any], code: str) -> None:
    world(database, {**POLICY, **policy}, residents=1)
    complaints(database, a_week=2)
    assert _refused(database).code == code


def test_a_policy_that_ended_within_two_weeks_is_never_compared(database: Database) -> None:
    world(database, {**POLICY, "effective_to": "2026-10-20"}, residents=1)
    complaints(database, a_week=2)
    assert "it ended before" in _refused(database).reason


def test_other_refusals(database: Database) -> None:
    everywhere = {**POLICY, "id": "p-all", "regions": ["北京", "上海", "浙江", "江苏", "四川", "湖北", "福建"]}
    before = {**POLICY, "id": "p-before", "effective_from": "2026-02-01"}
    minimum = {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-01-01"}
    world(database, POLICY, everywhere, minimum, residents=1)
    complaints(database, a_week=2)
    assert _refused(database).code == "no-untreated"
    assert _refused(database, "p-min").code == "no-regions"
    assert _refused(database, outcomes=("luck",)).code == "unknown-outcome"
    assert _refused(database, before=3).code == "no-such-weeks"
    world(database, before, residents=1)
    assert _refused(database).code == "nothing-new"
    with database.session() as session:
        store_now(session, NOW)
    assert _refused(database).code == "clock-stands"


def test_with_few_customers_nothing_is_decided_and_no_number_is_told(database: Database) -> None:
    world(database, residents=8)
    complaints(database, a_week=4)
    for each in _made(database)["comparisons"]:
        assert (each["estimate"], each["interval"], each["verdict"], each["weeks"]) == (None, None, "not_decided", [])


def test_the_worker_tells_it_anew_each_day_until_its_last_week_is_known(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world(database)
    complaints(database, after=0.2)
    here, now = Surroundings.of(composed(database)), [NOW]
    monkeypatch.setattr(renewing, "real_now", lambda: now[0])
    assert [renew_rollouts(here), renew_rollouts(here)] == [1, 0]
    with database.session() as session:
        kept = find_rollout(session, "p-gd")
    assert kept is not None and not kept.final and kept.light and kept.dark and "转人工 · 广东" in kept.light
    now[0] = NOW + timedelta(days=1)
    assert renew_rollouts(here) == 1
    with database.session() as session:
        keep_rollout(session, replace(kept, final=True))
    now[0] = NOW + timedelta(days=3)
    assert renew_rollouts(here) == 0


def test_what_was_found_is_kept_when_observations_of_then_are_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world(database, residents=1)
    found = PolicyRollout("p-gd", milliseconds(BEGAN), False, {"policy": "p-gd", "comparisons": []}, None, None)
    with database.session() as session:
        keep_rollout(session, found)
    monkeypatch.setattr(renewing, "real_now", lambda: NOW)
    assert renew_rollouts(Surroundings.of(composed(database))) == 1
    with database.session() as session:
        assert find_rollout(session, "p-gd") == found
