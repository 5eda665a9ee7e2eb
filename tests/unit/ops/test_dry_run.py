"""The rehearsal of a policy equals what comes: the policy loaded and every order and bill diagnosed on the day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.moments import start_of
from actions.core.platform import POLICY_FIELDS
from actions.knowledge.model import Knowledge
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject
from actions.state.world.loading import load_world_data
from actions.yaml_source import Source, SourceError
from ops.policies.dry_run import DryRun, dry_run
from tests.unit.ops.policies.random_worlds import VALUES

pytestmark = pytest.mark.broad

DAY = date(2026, 12, 1)
OWN: dict[str, st.SearchStrategy[Any]] = {
    **VALUES,
    "category": st.sampled_from(["phones", "groceries", None]),
    "notice": st.sampled_from(["自 12 月 1 日起分批调整", ""]),
}


def _policies() -> st.SearchStrategy[dict[str, Any]]:
    def of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
        own = {name: OWN[name] for name in POLICY_FIELDS[kind] if name != "category"}
        if kind == "adjustment":
            own["notice"] = st.just("自 12 月 1 日起分批调整")
        shared = {
            "id": st.sampled_from(["p-new", "p-min"]) if kind == "min_amount" else st.just("p-new"),
            "effective_from": st.sampled_from(["2026-11-25", "2026-12-01", "2026-12-02"]),
            "effective_to": st.sampled_from([None, "2026-11-30", "2026-12-31"]),
        }
        category = {"category": st.just("phones")} if "category" in POLICY_FIELDS[kind] else {}
        return st.fixed_dictionaries({"kind": st.just(kind), **shared, **own, **category})

    return st.sampled_from(sorted(POLICY_FIELDS)).flatmap(of)


def _all(database: Database, causes: tuple[Cause, ...]) -> dict[tuple[str, str | None], Diagnosis]:
    with database.session() as session:
        source = SqlFacts(session, start_of(DAY))
        return {(user, subject.id): diagnose(source.snapshot(user, subject), causes) for user, subject in every_subject(session)}


def _rehearsed(database: Database, knowledge: Knowledge, *policies: dict[str, Any]) -> DryRun:
    text = json.dumps({"policies": policies}, ensure_ascii=False)
    with database.session() as session:
        return dry_run(session, knowledge, Source("policies.yml", text), DAY)


def _who(rows: Any) -> set[tuple[str, str]]:
    return {(row["user"], row.get("order") or row["bill"]) for row in rows}


@pytest.mark.slow
def test_the_rehearsal_equals_what_comes(world: Callable[[], Database], knowledge: Knowledge) -> None:
    causes = tuple(knowledge.causes.values())
    untouched = world()
    before = _all(untouched, causes)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_policies())
    def check(policy: dict[str, Any]) -> None:
        found = _rehearsed(untouched, knowledge, policy)
        changed = world()
        load_world_data(changed, {"policies": [policy]})
        after = _all(changed, causes)
        blocked = {key for key, diagnosis in before.items() if diagnosis.blocks}
        will_be = {key for key, diagnosis in after.items() if diagnosis.blocks}
        assert _who(found.lose) == will_be - blocked
        assert _who(found.gain) == blocked - will_be
        for row in (*found.lose, *found.gain, *found.narrower):
            key = row["user"], row.get("order") or row["bill"]
            assert row["causes_before"] == list(before[key].cause_ids) and row["causes_after"] == list(after[key].cause_ids)

    check()
    assert _all(untouched, causes).keys() == before.keys()


def test_an_end_and_a_successor_in_one_file_let_customers_gain(world: Callable[[], Database], knowledge: Knowledge) -> None:
    ended = {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-01-01", "effective_to": "2026-11-30"}
    lower = {"id": "p-min-2", "kind": "min_amount", "amount": "1.00", "effective_from": "2026-12-01"}
    found = _rehearsed(world(), knowledge, ended, lower)
    assert found.policies == ("p-min", "p-min-2") and found.warnings == ()
    assert {cause for row in found.gain for cause in row["causes_before"]} >= {"amount_below_minimum"} and not found.lose


def test_who_loses_the_option_is_told_so_in_the_words_of_the_assistant(world: Callable[[], Database], knowledge: Knowledge) -> None:
    found = _rehearsed(world(), knowledge, {"id": "p-new", "kind": "min_amount", "amount": "3000.00", "effective_from": "2026-12-01"})
    assert found.lose and {told["cause"] for told in found.told} == {"amount_below_minimum"}
    assert all("3000.00" in told["text"] and "{" not in told["text"] for told in found.told)


def test_nothing_is_written(world: Callable[[], Database], knowledge: Knowledge) -> None:
    database = world()
    _rehearsed(database, knowledge, {"id": "p-new", "kind": "student", "effective_from": "2026-12-01"})
    with database.session() as session:
        assert all(policy.id != "p-new" for policy in SqlFacts(session).snapshot("u-1013").policies)


@pytest.mark.parametrize(
    ("policy", "warning"),
    [
        ({"id": "p-new", "kind": "student", "effective_from": "2026-01-01"}, "p-new starts in the past"),
        ({"id": "p-min", "kind": "min_amount", "amount": "5.00", "effective_from": "2026-01-01"}, "p-min is in force and is edited"),
        ({"id": "p-new", "kind": "min_amount", "amount": "5.00", "effective_from": "2026-12-01"}, "both open"),
        (
            {"id": "p-new", "kind": "min_amount", "amount": "5.00", "effective_from": "2026-12-01", "effective_to": "2026-12-05"},
            "p-new overlaps p-min",
        ),
        (
            {"id": "p-new", "kind": "bill_min_amount", "amount": "5.00", "effective_from": "2026-12-05", "effective_to": "2026-12-01"},
            "p-new ends before it starts",
        ),
        (
            {"id": "p-new", "kind": "min_amount", "amount": "5.00", "effective_from": "2026-12-05"},
            "p-new begins on 2026-12-05: on 2026-12-01 it changes nothing",
        ),
    ],
)
def test_what_a_register_would_object_to_is_said(
    world: Callable[[], Database], knowledge: Knowledge, policy: dict[str, Any], warning: str
) -> None:
    assert any(warning in each for each in _rehearsed(world(), knowledge, policy).warnings)


def test_a_file_that_cannot_be_loaded_is_refused_with_its_line(world: Callable[[], Database], knowledge: Knowledge, tmp_path: Path) -> None:
    text = "policies:\n  - {id: p-new, kind: min_amount, effective_from: 2026-12-01}\n"
    with world().session() as session, pytest.raises(SourceError, match="policies.yml:2: .*needs amount"):
        dry_run(session, knowledge, Source("policies.yml", text), DAY)
