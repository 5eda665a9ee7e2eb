"""Every cause of the demo can be played to its end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from actions.core.causes import Cause
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world, load_world_data
from actions.yaml_source import Source, SourceError
from bot.demo.remedies import ACTORS, DEMO_FILES, choose, load_remedies, remedy
from conversations.healthy_world import injections
from tests.unit.demo.conftest import ALL_THREE

CUSTOMERS = Source.read(DEMO_FILES / "customers.yml").data
SUBJECTS = [
    (user, subject, tuple(ids)) for user, about in CUSTOMERS.items() for subject, ids in about["expect"].items() if ids
]  # fmt: skip
DISTURBANCES = [("u-1003", "o-1003", "outage"), ("u-1004", "o-1004", "degraded"), ("u-1005", "o-1005", "maintenance")]


def snapshot(database: Database, user: str, subject: str) -> Facts:
    order, bill = (subject, None) if subject.startswith("o-") else (None, subject)
    with database.session() as session:
        return SqlFacts(session).snapshot(user, Subject.of(order, bill))


def causes_of(facts: Facts, causes: Mapping[str, Cause]) -> tuple[str, ...]:
    return diagnose(facts, causes.values()).cause_ids


def play(database: Database, user: str, subject: str, cause: str, causes: Mapping[str, Cause]) -> tuple[str, ...]:
    load_world_data(database, remedy(cause, snapshot(database, user, subject), causes))
    return causes_of(snapshot(database, user, subject), causes)


def test_every_cause_has_a_remedy_and_nothing_else_has(causes: Mapping[str, Cause]) -> None:
    remedies = load_remedies()
    assert set(remedies) == set(injections()) <= set(causes), ALL_THREE
    assert all(variant.by in ACTORS and variant.title for variants in remedies.values() for variant in variants)
    assert all(variants[-1].when is None for variants in remedies.values())


@pytest.mark.parametrize(("user", "subject", "ids"), SUBJECTS, ids=lambda value: value if isinstance(value, str) else "+".join(value))
def test_remedies_remove_their_cause_and_add_none(
    user: str, subject: str, ids: tuple[str, ...], world: Database, causes: Mapping[str, Cause]
) -> None:
    left = list(ids)
    while left:
        found = play(world, user, subject, left[0], causes)
        left.pop(0)
        if user == "u-2007":
            # Still suspended after paying: that is the point of this customer.
            assert found == ("restoration_pending",)
            found = play(world, user, subject, "restoration_pending", causes)
        assert found == tuple(left)


@pytest.mark.parametrize(("user", "subject", "name"), DISTURBANCES)
def test_disturbances_end(user: str, subject: str, name: str, world: Database, causes: Mapping[str, Cause]) -> None:
    load_world(world, [DEMO_FILES / f"{name}.yml"])
    (cause,) = causes_of(snapshot(world, user, subject), causes)
    assert play(world, user, subject, cause, causes) == ()


def test_paying_what_is_overdue_leaves_the_account_active(world: Database, causes: Mapping[str, Cause]) -> None:
    play(world, "u-1013", "o-1013", "overdue", causes)
    baitiao = snapshot(world, "u-1013", "o-1013").user.baitiao
    assert (baitiao.overdue, baitiao.status) == (0, "active")


def test_rows_are_patched_for_every_line_involved_and_only_for_those(world: Database, causes: Mapping[str, Cause]) -> None:
    load_world_data(
        world,
        {
            "merchants": [{"id": "m-1", "installment": "paused"}, {"id": "m-12", "installment": "paused"}],
            "orders": [{"id": "o-2009", "lines": [{"sku": "100004"}, {"sku": "100008"}, {"sku": "100023"}, {"sku": "100022"}]}],
        },
    )
    patch = remedy("merchant_paused", snapshot(world, "u-2009", "o-2009"), causes)
    assert [row["id"] for row in patch["merchants"]] == ["m-1", "m-12"]
    assert play(world, "u-2009", "o-2009", "merchant_paused", causes) == ("merchant_not_enrolled",)


def test_all_incidents_and_policies_that_hold_are_ended(world: Database, causes: Mapping[str, Cause]) -> None:
    now = "2026-11-22T09:00:00+08:00"
    load_world_data(
        world,
        {
            "incidents": [{"id": f"i-{n}", "component": "credit", "severity": "outage", "started_at": now} for n in (1, 2)],
            "policies": [{"id": "p-other", "kind": "region", "regions": ["海南"], "effective_from": "2026-01-01"}],
        },
    )
    assert play(world, "u-1060", "o-1060", "incident_outage", causes) == ("region_restricted",)
    assert play(world, "u-1060", "o-1060", "region_restricted", causes) == ()


@pytest.mark.parametrize(
    ("used", "by", "stand_in"),
    [("4200.00", "user", False), ("100.00", "platform", True)],
)
def test_a_short_limit_is_freed_by_repaying_only_if_that_is_enough(
    used: str, by: str, stand_in: bool, world: Database, causes: Mapping[str, Cause]
) -> None:
    limit = {"4200.00": "6000.00", "100.00": "3000.00"}[used]
    load_world_data(world, {"users": [{"id": "u-1055", "baitiao": {"credit_limit": limit, "used": used}}]})
    chosen = choose("limit_insufficient", snapshot(world, "u-1055", "o-1055"))
    assert chosen is not None and (chosen.by, chosen.stand_in) == (by, stand_in)
    assert play(world, "u-1055", "o-1055", "limit_insufficient", causes) == ()


def test_a_cause_that_does_not_hold_cannot_be_played(world: Database, causes: Mapping[str, Cause]) -> None:
    for cause in ("overdue", "no_cause_found", "nonsense"):
        with pytest.raises(LookupError):
            remedy(cause, snapshot(world, "u-1001", "o-1"), causes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("overdue: {title: x, by: you, patch: {}}", "by is one of"),
        ("overdue: {title: x, by: user}", "needs title, by and patch"),
        ("overdue: {title: x, by: user, patch: {}, extra: 1}", "unknown field extra"),
        ("overdue: {title: x, by: user, patch: {persons: []}}", "unknown section persons"),
        ('overdue: {title: x, by: user, patch: {users: [{id: "{uesr}"}]}}', "unknown placeholder {uesr}"),
        ('overdue: {title: x, by: user, patch: {users: [{id: "{user}", name: "{skus}"}]}}', "unknown placeholder {skus}"),
        ("overdue: {title: x, by: user, when: {fact: nonsense, equals: 1}, patch: {}}", "unknown fact nonsense"),
        ("overdue: just text", "needs title, by and patch"),
    ],
)
def test_a_wrong_remedy_is_refused_with_its_line(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "remedies.yml"
    file.write_text(f"# a comment\n{text}\n", encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        load_remedies(file)
    problems: list[Any] = list(refused.value.problems)
    assert [problem.line for problem in problems] == [2] and reason in problems[0].reason


def test_titles_are_short_enough_for_a_button() -> None:
    titles: list[str | None] = [variant.title for variants in load_remedies().values() for variant in variants]
    assert all(title is not None and len(title) <= 16 for title in titles)
