"""The worker keeps badges: what a change of the world or time makes another is told, each once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state import badges
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from ops.badges.asking import BadgesWanted
from ops.badges.keeping import BadgeKeeper
from ops.badges.memory import BadgeMemory
from tests.databases import migrated

pytestmark = pytest.mark.broad

WORLD: dict[str, Any] = {
    "now": "2026-11-22T10:00:00+08:00",
    "users": [{"id": "u-1", "region": "海南"}],
    "categories": [{"id": "phones"}, {"id": "home"}],
    "merchants": [{"id": "m-1"}, {"id": "m-2", "installment": "paused", "paused_until": "2026-11-25"}],
    "items": [
        {"sku": "1", "category": "phones", "merchant": "m-1", "price": "899.00"},
        {"sku": "2", "category": "home", "merchant": "m-1", "price": "150.00"},
        {"sku": "3", "category": "home", "merchant": "m-2", "price": "899.00"},
    ],
    "plans": [{"tenor": 3}],
}


@pytest.fixture(scope="module")
def store() -> KnowledgeStore:
    return KnowledgeStore()


@pytest.fixture(scope="module")
def knowledge(store: KnowledgeStore) -> Knowledge:
    return store.current


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'badges.db'}")
    load_world_data(database, WORLD)
    yield database
    database.close()


class Keeping:
    """A keeper, and what it has told since it was asked last."""

    def __init__(self, database: Database, knowledge: Knowledge) -> None:
        self.database, self.knowledge, self.keeper = database, knowledge, BadgeKeeper()
        self.told()

    def told(self, now: str | None = None) -> set[str]:
        with self.database.session() as session:
            before = badges.kept_version(session)
        self.keeper.keep_up(self.database, self.knowledge, datetime.fromisoformat(now) if now else None)
        with self.database.session() as session:
            return {sku for sku, _ in badges.changed_after(session, before, 100)}

    def patch(self, **data: Any) -> set[str]:
        load_world_data(self.database, data)
        return self.told()


@pytest.fixture
def keeping(database: Database, knowledge: Knowledge) -> Keeping:
    return Keeping(database, knowledge)


def states(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {sku: each.state for sku, each in badges.kept(session, ["1", "2", "3"]).items()}


def test_what_the_world_changes_is_told_and_nothing_else(keeping: Keeping, database: Database) -> None:
    assert states(database) == {"1": "available", "2": "available", "3": "later"}
    assert keeping.told() == set()
    assert keeping.patch(items=[{"sku": "1", "installment": "excluded"}]) == {"1"}
    assert keeping.patch(users=[{"id": "u-2"}]) == set()
    assert keeping.patch(categories=[{"id": "home", "installment": "excluded"}]) == {"2", "3"}
    assert keeping.patch(merchants=[{"id": "m-2", "name": "另一个名字"}]) == {"3"}
    assert keeping.patch(items=[{"sku": "4", "category": "phones", "merchant": "m-1", "price": "9.00"}]) == {"4"}
    assert states(database) == {"1": "unavailable", "2": "unavailable", "3": "unavailable"}


def test_a_rule_for_one_region_is_told_though_elsewhere_nothing_changes(keeping: Keeping, database: Database) -> None:
    rule = {"id": "p-1", "kind": "region", "regions": ["海南"], "effective_from": "2026-01-01"}
    assert keeping.patch(policies=[rule]) == {"1", "2", "3"}
    assert states(database)["1"] == "available"
    assert keeping.patch(policies=[{"id": "p-1", "effective_to": "2026-12-31"}]) == {"1", "2", "3"}


def test_a_title_is_nobodys_news_where_nothing_is_said(keeping: Keeping, database: Database) -> None:
    assert keeping.patch(items=[{"sku": "1", "title": "新名字"}]) == set()
    with database.session() as session:
        kept = badges.find_badge(session, "1")
        assert kept is not None and kept.title == "新名字"


def test_at_the_instant_at_which_time_changes_a_badge_it_is_another(keeping: Keeping, database: Database) -> None:
    # As the clock of a running world, which nobody sets: the keeper sees the time and not a change.
    def at(clock: str) -> set[str]:
        assert keeping.keeper._seen is not None
        keeping.keeper._seen.clock = datetime.fromisoformat(clock)
        return keeping.told(clock)

    assert (at("2026-11-25T23:59:59+08:00"), states(database)["3"]) == (set(), "later")
    assert (at("2026-11-26T00:00:00+08:00"), states(database)["3"]) == ({"3"}, "available")
    assert at("2026-11-26T00:00:01+08:00") == set()


def test_who_starts_anew_tells_nothing_that_was_told(keeping: Keeping, database: Database, knowledge: Knowledge) -> None:
    assert Keeping(database, knowledge).told() == set()
    again = BadgeKeeper().keep_up(database, knowledge)
    assert (again.looked, again.changed) == (3, 0)


def test_products_that_are_not_sold_any_more_are_told_once(keeping: Keeping, database: Database) -> None:
    load_world_data(database, {**WORLD, "items": WORLD["items"][:1]}, replace=True)
    assert keeping.told() == {"2", "3"}
    assert states(database) == {"1": "available", "2": "gone", "3": "gone"}
    load_world_data(database, {"items": WORLD["items"][1:2]})
    assert keeping.told() == {"2"}


def test_whoever_asks_for_changes_after_an_answer_hears_of_every_later_one_and_of_none_before(
    keeping: Keeping, database: Database, store: KnowledgeStore
) -> None:
    def changed_since_an_answer() -> tuple[int, set[str]]:
        version = BadgeMemory(database, store).answer(BadgesWanted.of(["1"])).version
        with database.session() as session:
            return version, {sku for sku, _ in badges.changed_after(session, version, 10)}

    for state in ("excluded", "allowed", "excluded"):
        version, changed = changed_since_an_answer()
        assert changed == set()
        keeping.patch(items=[{"sku": "1", "installment": state}])
        with database.session() as session:
            assert [sku for sku, _ in badges.changed_after(session, version, 10)] == ["1"]


def test_the_memory_says_what_the_chat_says_after_every_change(
    database: Database, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.badges.memory.LOOK_SECONDS", 0.0)
    memory = BadgeMemory(database, store)
    load_world_data(database, {"orders": [{"id": "o-1", "user": "u-1", "lines": [{"sku": "1"}]}]})
    patches: list[dict[str, Any]] = [
        {"items": [{"sku": "1", "installment": "excluded"}]},
        {"items": [{"sku": "1", "installment": "allowed"}]},
        {"users": [{"id": "u-3"}]},
        {"merchants": [{"id": "m-1", "contract": "expired"}]},
        {"policies": [{"id": "p-1", "kind": "min_amount", "amount": "1000.00", "effective_from": "2026-01-01"}]},
        {"incidents": [{"id": "i-1", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}]},
        {"now": "2026-11-23T10:00:00+08:00"},
    ]
    for patch in patches:
        load_world_data(database, patch)
        with database.session() as session:
            facts: Facts = SqlFacts(session).snapshot("u-1", Subject("order", "o-1"))
        found = memory.answer(BadgesWanted.of(["1", "9"], region="海南"))
        told = _causes(facts, store.current)
        assert (set(found.found[0].badge.causes), list(found.unknown)) == (told, ["9"])


def _causes(facts: Facts, knowledge: Knowledge) -> set[str]:
    return {found.cause.id for found in diagnose(facts, knowledge.causes.values()).found if found.cause.level != "user"}
