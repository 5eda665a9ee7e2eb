"""The census: the panel's counts are what each member's diagnosis says, faults of the world alarm without any complaint, and the calendar does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from actions.core.diagnosis import diagnose
from actions.core.moments import local
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state import census
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject
from actions.state.world.loading import load_world, load_world_data
from actions.state.world.tables import TABLES
from bot.demo.remedies import DEMO_FILES
from ops.badges.badge import BadgeMaker
from ops.badges.catalog import lines_of, shared_facts
from ops.stats.intervals import share
from ops.watch.census_look import CensusLook, take_census
from ops.watch.settings import WatchSettings

pytestmark = pytest.mark.broad

AT = 1_790_000_000_000
MINUTE = 60_000
NOW = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
USUAL = WatchSettings.parse_obj({})
SHARP = WatchSettings.parse_obj({"least_customers": 1, "census": {"share": 0.0001, "least_items": 1}})
"""With which a single change would be an alarm."""


@pytest.fixture
def database(world: Callable[[], Database]) -> Database:
    return world()


Look = Callable[..., CensusLook]


@pytest.fixture
def look(database: Database, knowledge: Knowledge) -> Look:
    """Looks at the panel some minutes after the first look."""

    def at(minutes: int, given: WatchSettings = USUAL, now: datetime = NOW) -> CensusLook:
        return take_census(database, knowledge, given, AT + minutes * MINUTE, now)

    return at


def _shops(*merchants: str) -> dict[str, Any]:
    return {"merchants": [{"id": merchant, "integration": "error"} for merchant in merchants]}


PATCHES = st.fixed_dictionaries(
    {
        "merchants": st.lists(st.sampled_from(["m-1", "m-2", "m-3", "m-5"]), unique=True).map(lambda ids: _shops(*ids)["merchants"]),
        "users": st.lists(st.sampled_from(["u-1", "u-1003", "u-1004", "u-3006", "u-2006"]), unique=True).map(
            lambda ids: [{"id": user, "phone_bound": False} for user in ids]
        ),
        "orders": st.lists(st.sampled_from(["o-1", "o-1003", "o-1013", "o-2001"]), unique=True).map(
            lambda ids: [{"id": order, "status": "paid"} for order in ids]
        ),
        "incidents": st.lists(
            st.just({"id": "i-x", "component": "installment", "severity": "outage", "started_at": "2026-11-22"}), max_size=1
        ),
    }
)


@pytest.mark.slow
def test_what_the_panel_counts_is_what_each_diagnosis_says(world: Callable[[], Database], knowledge: Knowledge) -> None:
    causes = tuple(knowledge.causes.values())
    maker = BadgeMaker(causes, "", knowledge.locale)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PATCHES, st.sampled_from([5, 40, 2000]), st.integers(0, 60))
    def check(patches: dict[str, Any], size: int, days: int) -> None:
        database = world()
        smaller = WatchSettings.parse_obj({"census": {"size": size}})
        later = NOW + timedelta(days=days)
        before = take_census(database, knowledge, smaller, AT, NOW)
        load_world_data(database, patches)
        found = take_census(database, knowledge, smaller, AT + 5 * MINUTE, later)
        old = {(row.kind, row.id): set(row.blocks or ()) for row in before.panel}
        with database.session() as session:
            facts, lines, nobody = SqlFacts(session, later), lines_of(session), shared_facts(session, later)
            owners = {(subject.kind, str(subject.id)): user for user, subject in every_subject(session)}
            stored = census.latest(session)
        fresh: Counter[tuple[str, str]] = Counter()
        for row in found.panel:
            if row.kind == "item":
                badge = maker.badge(lines[row.id], nobody, nobody.user.region, "app")
                assert bool(row.blocks) == (badge.state in ("unavailable", "later"))
            else:
                snapshot = facts.snapshot(owners[row.kind, row.id], Subject(row.kind, row.id))
                assert row.blocks == tuple(each.cause.id for each in diagnose(snapshot, causes).blocks)
            fresh.update((row.kind, cause) for cause in set(row.blocks or ()) - old.get((row.kind, row.id), set(row.blocks or ())))
        assert Counter({(row.kind, row.cause): row.hits + row.foretold + row.declared for row in found.newly}) == fresh
        assert stored is not None
        for kind, outcome in stored.outcome.items():
            if kind != "begun":
                mine = [row for row in found.panel if row.kind == kind]
                assert outcome["of"] == len(mine)
                assert outcome["blocked"] == Counter(cause for row in mine for cause in row.blocks or ())
        for newly in found.newly:
            assert (newly.low, newly.high) == share(newly.hits, newly.of) and newly.low <= newly.hits / newly.of <= newly.high

    check()


def test_a_fault_in_the_world_alarms_at_the_next_look_though_nobody_complains(database: Database, look: Look) -> None:
    assert look(0).alarms == ()
    load_world_data(database, _shops("m-1"))
    (alarm,) = look(5).alarms
    assert alarm.cause == "merchant_integration_error" and alarm.since == AT + 5 * MINUTE
    orders = next(row for row in alarm.newly if row.kind == "order")
    assert orders.hits >= 20 and orders.foretold == orders.declared == 0 and 0 < orders.low < orders.hits / orders.of < orders.high
    assert [(fall.merchant, fall.fallen, fall.of) for fall in alarm.shops] == [("m-1", alarm.shops[0].of, alarm.shops[0].of)]
    assert (alarm.drill[0].dim, alarm.drill[0].value, alarm.drill[0].share) == ("merchant", "m-1", 1.0)


def test_it_is_an_alarm_for_half_an_hour_and_lasts_as_long_as_the_fault(database: Database, look: Look) -> None:
    look(0)
    load_world_data(database, _shops("m-1"))
    assert look(5).alarms and look(30).alarms
    later = look(40)
    assert later.alarms == () and later.lasting == {"merchant_integration_error"}
    load_world_data(database, {"merchants": [{"id": "m-1", "integration": "ok"}]})
    assert look(45).lasting == frozenset()


def test_what_the_calendar_does_was_foretold_and_is_no_alarm(database: Database, look: Look) -> None:
    """Even with settings under which one single unforeseen change is an alarm."""
    policy = {"id": "p-later", "kind": "min_amount", "amount": "90000.00", "effective_from": "2026-12-01"}
    load_world_data(database, {"policies": [policy]})
    look(0, SHARP)
    found = look(5, SHARP, NOW + timedelta(days=30))
    assert {row.cause for row in found.newly} >= {"bill_past_due", "amount_below_minimum"}
    assert all(row.hits == 0 and row.foretold > 0 for row in found.newly)
    assert found.alarms == () and found.lasting == frozenset()


def test_the_same_done_to_the_world_is_one(database: Database, look: Look) -> None:
    look(0, SHARP)
    load_world_data(database, {"bills": [{"id": "b-2006", "due_on": "2026-11-01"}]})
    assert [alarm.cause for alarm in look(5, SHARP).alarms] == ["bill_past_due"]


def test_a_policy_that_holds_at_once_is_told_of(database: Database, look: Look) -> None:
    look(0)
    load_world_data(database, {"policies": [{"id": "p-now", "kind": "min_amount", "amount": "90000.00", "effective_from": "2026-11-22"}]})
    assert [alarm.cause for alarm in look(5, now=NOW + timedelta(minutes=5)).alarms] == ["amount_below_minimum"]


def test_what_begins_between_two_looks_was_not_foretold_by_the_world_before(database: Database, look: Look) -> None:
    """An upstream that writes its fault with the time at which it began."""
    look(0)
    begun = local(NOW + timedelta(minutes=3)).isoformat()
    load_world_data(database, {"policies": [{"id": "p-now", "kind": "min_amount", "amount": "90000.00", "effective_from": begun}]})
    assert [alarm.cause for alarm in look(5, now=NOW + timedelta(minutes=5)).alarms] == ["amount_below_minimum"]


def test_a_declared_incident_needs_no_alarm_of_the_census(database: Database, look: Look) -> None:
    look(0)
    incident = {"id": "i-1", "component": "installment", "severity": "outage", "started_at": local(NOW).isoformat()}
    load_world_data(database, {"incidents": [incident]})
    found = look(5, SHARP)
    assert found.alarms == () and any(row.cause == "incident_outage" and row.declared > 50 for row in found.newly)


def test_a_fault_that_was_written_past_the_changes_is_found_all_the_same(database: Database, look: Look) -> None:
    look(0)
    with database.session() as session:
        session.execute(update(TABLES["merchants"]).where(TABLES["merchants"].c.id == "m-1").values(integration="error"))
    assert [alarm.cause for alarm in look(5).alarms] == ["merchant_integration_error"]


@pytest.mark.parametrize(("part", "alarms"), [(0.4, []), (0.5, ["item_excluded"])])
def test_a_shop_of_whose_products_half_fall_is_told_of(database: Database, look: Look, part: float, alarms: list[str]) -> None:
    first = look(0)
    mine = [
        row.id
        for row in first.panel
        if row.kind == "item" and not row.blocks and ("merchant", "m-1") in first.looked["item", row.id].values
    ]
    fallen = mine[: round(len(mine) * part + (0.5 if alarms else -0.5))]
    load_world_data(database, {"items": [{"sku": sku, "installment": "excluded"} for sku in fallen]})
    found = look(5, WatchSettings.parse_obj({"least_customers": 50}))
    assert [alarm.cause for alarm in found.alarms] == alarms
    for alarm in found.alarms:
        assert alarm.newly == () and [(fall.merchant, fall.fallen, fall.of) for fall in alarm.shops] == [("m-1", len(fallen), len(mine))]


def test_causes_that_are_not_watched_do_not_alarm(database: Database, look: Look) -> None:
    look(0)
    load_world_data(database, _shops("m-1"))
    assert look(5, WatchSettings.parse_obj({"off": ["merchant_integration_error"]})).alarms == ()


def test_a_new_world_is_nothing_to_compare_with(database: Database, look: Look) -> None:
    look(0)
    load_world(database, [DEMO_FILES / "world.yml"], replace=True)
    load_world_data(database, _shops("m-1"))
    found = look(5, SHARP)
    assert found.begun and found.newly == () and found.alarms == ()
    assert not look(10, SHARP).begun


def test_the_panel_stays_and_whoever_leaves_is_replaced(database: Database, look: Look) -> None:
    small = WatchSettings.parse_obj({"census": {"size": 10}})
    first = look(0, small).panel
    drawn = {(row.kind, row.id) for row in first if row.kind != "item"}
    assert len(drawn) == 10 and {(row.kind, row.id) for row in look(5, small).panel if row.kind != "item"} == drawn
    gone = next(key for kind, key in sorted(drawn) if kind == "order")
    load_world_data(database, {"orders": [{"id": gone, "status": "paid"}]})
    after = {(row.kind, row.id) for row in look(10, small).panel if row.kind != "item"}
    assert len(after) == 10 and len(after & drawn) == 9 and ("order", gone) not in after
    assert all(row.news == {} for row in look(15, small).panel)


def test_another_seed_draws_another_panel(database: Database, knowledge: Knowledge, world: Callable[[], Database]) -> None:
    panels = []
    for seed in ("one", "one", "two"):
        chosen = WatchSettings.parse_obj({"census": {"size": 20, "seed": seed}})
        panels.append({row.id for row in take_census(world(), knowledge, chosen, AT, NOW).panel if row.kind != "item"})
    assert panels[0] == panels[1] != panels[2]


def test_a_look_writes_only_what_has_changed(database: Database, look: Look) -> None:
    look(0)
    with database.session() as session:
        before = census.panel(session)
    load_world_data(database, _shops("m-1"))
    look(5)
    with database.session() as session:
        after = census.panel(session)
        assert [row.at for row in census.looks(session, AT, AT + 5 * MINUTE)] == [AT, AT + 5 * MINUTE]
    changed = [row for row, old in zip(after, before) if row != old]
    assert 0 < len(changed) < len(after) and all("merchant_integration_error" in row.news for row in changed)
