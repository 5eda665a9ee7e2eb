"""A rehearsal tells whom a policy hits, alone and beside others, is kept without the terminal's lists, and is scored after its day."""

from __future__ import annotations

import json
import math
import random
from datetime import date
from typing import Any

import pytest

from actions.state import audit
from actions.state.policy_trials import ask_for_trial, every_trial, find_trial, keep_trial, subjects_of
from actions.state.world.loading import load_world_data
from actions.state.world.patches import GivenData
from actions.yaml_source import Source
from ops.policies.breakdown import HIDDEN, hidden
from ops.policies.loads import load_of
from ops.policies.trials import Rehearsal, do_asked, keep, rehearse
from ops.policies.verifying import verify_due
from ops.stats.sampling import Stratum, allotted, total
from ops.worker import Surroundings
from tests.unit.ops.policies.registering import DAY, NEW, Office, days_ago

pytestmark = pytest.mark.broad

RAISED = {**NEW, "amount": "300.00"}


def rehearsed(office: Office, body: dict[str, Any] = NEW, supersedes: str | None = "p-min", **more: Any) -> Rehearsal:
    with office.here.database.session() as session:
        load, _ = load_of(session, body, supersedes)
        return rehearse(session, office.here.knowledge.current, GivenData(load), DAY, **more)


def at_the_day_after(office: Office) -> None:
    load_world_data(office.here.database, {"now": "2026-12-02T00:00:00+08:00"})
    verify_due(Surroundings.of(office.here))


def scored(office: Office, trial: str) -> dict[str, Any]:
    with office.here.database.session() as session:
        found = find_trial(session, trial)
    assert found is not None and found.score is not None
    return found.score


def test_whom_it_hits_is_told_by_what_they_have_in_common(office: Office) -> None:
    data = rehearsed(office).to_data()
    assert [row["order"] for row in data["lose"]] == ["o-2"]
    by = data["tables"]["by"]["lose"]
    assert by["cause"] == [{"value": "amount_below_minimum", "subjects": 1, "customers": 1, "of_customers": None}]
    assert [cell["value"] for cell in by["amount"]] == ["100-499"] and [cell["value"] for cell in by["tenor"]] == ["12", "24", "3", "6"]
    assert data["tables"]["in_flight"] == {"lose": 1, "lose_amount": 250.0}
    assert data["forecast"] == [
        {
            "cause": "amount_below_minimum",
            "customers": 1,
            "complained": 0,
            "have_it": 1,
            "a_week": {"expected": 0.0, "low": 0.0, "high": pytest.approx(0.9)},
        }
    ]


def test_pages_hide_cells_of_fewer_than_five() -> None:
    few, many = ({"value": "x", "subjects": n, "customers": n, "of_customers": 9} for n in (4, 5))
    shown = hidden({"by": {"lose": {"region": [few, many]}}})["by"]["lose"]["region"]
    assert [cell["customers"] for cell in shown] == [HIDDEN, 5] and shown[0]["subjects"] == HIDDEN


def test_the_effect_beside_others_alone_and_together_are_told_apart(office: Office) -> None:
    other = {"id": "p-max", "kind": "max_amount", "amount": "200.00", "effective_from": "2026-11-25"}
    load_world_data(office.here.database, {"policies": [other]})
    data = rehearsed(office).to_data()
    assert data["others"] == ["p-max"]
    # The other one blocks the order of 250 yuan and that of 5299 before: beside it nobody loses anything more.
    assert {name: counts["lose"] for name, counts in data["effects"].items()} == {"beside": 0, "alone": 1, "together": 2}


def test_a_text_that_must_not_be_said_is_named_with_the_reason(office: Office) -> None:
    body = {"id": "p-adj", "kind": "adjustment", "regions": ["上海"], "notice": "三天内一定恢复。", "effective_from": "2026-12-01"}
    load_world_data(office.here.database, {"users": [{"id": "u", "region": "上海"}]})
    data = rehearsed(office, body, None).to_data()
    (refused,) = data["refused"]
    assert refused["cause"] == "policy_adjusted" and refused["reasons"]
    empty = rehearsed(office, {**body, "notice": ""}, None).to_data()
    assert any("has no notice" in each for each in empty["warnings"])


def test_an_unknown_region_is_warned_of_with_the_nearest(office: Office) -> None:
    load_world_data(office.here.database, {"users": [{"id": "u", "region": "广东"}]})
    body = {"id": "p-adj", "kind": "adjustment", "regions": ["广冬"], "notice": "调整。", "effective_from": "2026-12-01"}
    assert "p-adj: no region 广冬 in this world; nearest: 广东" in rehearsed(office, body, None).run.warnings


def test_a_file_in_which_nothing_stands_changes_nothing_and_is_kept(office: Office) -> None:
    with office.here.database.session() as session:
        source = Source("empty.yml", "")
        found = rehearse(session, office.here.knowledge.current, source, date(2026, 12, 1))
        trial = keep(session, found, source, "ann")
        assert (found.run.policies, found.run.lose, find_trial(session, trial).rows) == ((), (), {})  # type: ignore[union-attr]


def test_what_is_kept_names_nobody_but_in_the_rows_that_go_with_them(office: Office) -> None:
    trial = office.rehearse()
    with office.here.database.session() as session:
        kept, rows = find_trial(session, trial), subjects_of(session, trial)
        assert ("ann", "policy.trial") in [(each.actor, each.action) for each in audit.entries(session)]
    assert kept is not None and kept.outcome is not None and kept.outcome["counts"] == {"lose": 1, "gain": 0, "narrower": 0, "calendar": 1}
    assert "o-2" not in json.dumps(kept.outcome)
    assert [(row.user, row.subject, row.effect, row.after) for row in rows] == [("u", "o-2", "lose", ("amount_below_minimum",))]


def test_what_a_page_asked_for_is_done_by_the_worker_or_says_why_not(office: Office) -> None:
    rows = [{"policies": [RAISED]}, {"policies": [{"id": "p-x", "kind": "min_amount"}]}]
    with office.here.database.session() as session:
        good, bad = (ask_for_trial(session, "p", "2026-12-01", each, "ann", 0) for each in rows)
    assert do_asked(Surroundings.of(office.here)) == 2
    with office.here.database.session() as session:
        done, failed = find_trial(session, good), find_trial(session, bad)
    assert done and failed and (done.state, failed.state) == ("done", "failed")
    assert "needs amount" in str(failed.outcome)


def test_on_an_unchanged_world_the_forecast_is_right(office: Office) -> None:
    trial = office.rehearse()
    office.registered()
    verify_due(Surroundings.of(office.here))
    with office.here.database.session() as session:
        found = find_trial(session, trial)
    assert found and found.score is None, "the day is not over"
    at_the_day_after(office)
    score = scored(office, trial)
    assert (score["state"], score["predicted"], score["real"], score["right"]) == ("scored", 1, 1, 1)
    assert (score["missed"], score["wrong"], score["unexplained"]) == (0, 0, 0)


def test_what_was_changed_since_explains_what_differs(office: Office) -> None:
    trial = office.rehearse()
    office.registered()
    load_world_data(office.here.database, {"items": [{"sku": "2", "price": "400.00"}]})
    at_the_day_after(office)
    score = scored(office, trial)
    assert (score["right"], score["wrong"], score["explained"], score["unexplained"]) == (0, 1, 1, 0)


def test_a_policy_that_never_came_is_told_as_such_and_another_world_not_compared(office: Office) -> None:
    trial = office.rehearse()
    at_the_day_after(office)
    assert scored(office, trial)["state"] == "not-loaded"
    load_world_data(office.here.database, {"now": "2026-11-22T00:00:00+08:00"})
    trial = office.rehearse()
    load_world_data(office.here.database, {"users": [{"id": "v"}]}, replace=True)
    at_the_day_after(office)
    assert scored(office, trial)["state"] == "another-world"


def test_a_sample_tells_what_the_whole_holds_and_draws_the_same_again(office: Office) -> None:
    orders = [{"id": f"s-{n}", "user": "u", "lines": [{"sku": "2" if n % 3 else "3"}]} for n in range(120)]
    load_world_data(office.here.database, {"orders": orders})
    whole = len(rehearsed(office).run.lose)
    first, again = (rehearsed(office, sample=40, seed=7) for _ in range(2))
    assert first.to_data() == again.to_data() and first.run.subjects == 41 < 124
    lose = (first.sample or {})["estimates"]["lose"]
    assert lose["low"] <= whole <= lose["high"] and lose["low"] < lose["high"]
    everything = rehearsed(office, sample=10_000)
    assert (everything.sample or {})["estimates"]["lose"] == {"estimate": whole, "low": whole, "high": whole}


@pytest.mark.parametrize("shares", [(0.002, 0.01, 0.0), (0.05, 0.3, 0.1), (0.6, 0.95, 1.0)])
def test_intervals_of_samples_cover_the_truth(shares: tuple[float, ...]) -> None:
    chance, sizes = random.Random(5), (4000, 900, 60)
    hits = [round(size * share) for size, share in zip(sizes, shares)]
    drawn = allotted(sizes, 300)
    covered = 0
    for _ in range(500):
        strata = [
            Stratum(size, count, sum(1 for place in chance.sample(range(size), count) if place < hit))
            for size, count, hit in zip(sizes, drawn, hits)
        ]
        found = total(strata)
        covered += found.low <= sum(hits) <= found.high
    assert covered >= 0.93 * 500 and math.isclose(sum(drawn), 300, abs_tol=3)


def test_a_day_in_the_past_or_a_policy_that_begins_later_changes_nothing(office: Office) -> None:
    with office.here.database.session() as session:
        load, _ = load_of(session, NEW, "p-min")
        found = rehearse(session, office.here.knowledge.current, GivenData(load), date(2026, 11, 30))
    assert (found.run.lose, found.run.gain, found.run.narrower) == ((), (), ())


def test_what_is_too_old_is_forgotten_with_whom_it_is_about(office: Office) -> None:
    kept = office.rehearse()
    with office.here.database.session() as session:
        old = ask_for_trial(session, "p-min-2", DAY.isoformat(), {}, "ann", days_ago(401))
        keep_trial(
            session, old, 0, {}, [{"user": "u", "kind": "order", "subject": "o", "effect": "lose", "before": (), "after": ("x",)}], 0
        )
    verify_due(Surroundings.of(office.here))
    with office.here.database.session() as session:
        assert [trial.id for trial in every_trial(session)] == [kept] and subjects_of(session, old) == ()
