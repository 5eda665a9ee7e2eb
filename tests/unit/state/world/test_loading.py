"""Loading, patching and replacing worlds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.core.fields import Count
from actions.core.moments import SHANGHAI
from actions.core.records import SECTIONS, OrderLine
from actions.state.conversations import MessageDraft, append, history
from actions.state.database import Database
from actions.state.world.loading import dump_world, load_world, load_world_data
from actions.state.world.rows import read_rows
from actions.state.world.tables import ORDER_LINES

NOW = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)


def rows(database: Database, section: str) -> dict[Any, Any]:
    with database.session() as session:
        return read_rows(session, section)


def load(database: Database, directory: Path, *texts: str, replace: bool = False) -> Any:
    files = []
    for number, text in enumerate(texts):
        files.append(directory / f"{number}.yml")
        files[-1].write_text(text, encoding="utf-8")
    return load_world(database, files, replace)


def test_a_field_left_out_of_a_new_row_is_healthy(loaded: Database) -> None:
    for section, (record, key) in SECTIONS.items():
        for row in rows(loaded, section).values():
            required = {name: getattr(row, name) for name, field in record.__fields__.items() if field.required}
            assert row == record.construct(**{**required, key: getattr(row, key)}), section


def test_a_summary_counts_what_was_added_and_patched(database: Database, world: dict[str, Any]) -> None:
    first = load_world_data(database, world)
    assert (first.added, first.patched, first.now) == (
        {"users": 2, "merchants": 1, "categories": 1, "items": 1, "orders": 1, "bills": 1, "plans": 1},
        {},
        NOW,
    )
    second = load_world_data(database, {"users": [{"id": "u-1"}, {"id": "u-3"}]})
    assert (second.added, second.patched, str(second)) == ({"users": 1}, {"users": 1}, "2 users")
    assert str(load_world_data(database, {})) == "nothing"


def test_a_patch_keeps_what_it_does_not_name(loaded: Database) -> None:
    before = rows(loaded, "users")["u-1"]
    load_world_data(loaded, {"users": [{"id": "u-1", "baitiao": {"used": "12.50", "temporary_limit": {"amount": "5.00"}}}]})
    load_world_data(loaded, {"users": [{"id": "u-1", "baitiao": {"temporary_limit": {"expires_on": "2026-11-22"}}}]})
    after = rows(loaded, "users")["u-1"]
    assert after.baitiao.used == 1250
    assert after.baitiao.temporary_limit.amount == 500
    assert after.baitiao.temporary_limit.expires_on == date(2026, 11, 22)
    assert after.copy(update={"baitiao": before.baitiao}) == before


def test_lists_and_some_maps_are_replaced_whole(loaded: Database) -> None:
    load_world_data(
        loaded,
        {
            "users": [
                {"id": "u-1", "baitiao": {"monthly_spent": {"phones": "1.00", "food": "2.00"}, "exclusive_limit": {"skus": ["a", "b"]}}}
            ],
            "items": [{"sku": "100001", "interest_free": {"tenors": [3, 6], "until": "2026-12-31"}}],
            "orders": [{"id": "o-1", "lines": [{"sku": "100001", "quantity": 2}, {"sku": "100001"}]}],
        },
    )
    load_world_data(
        loaded,
        {
            "users": [{"id": "u-1", "baitiao": {"monthly_spent": {"food": "3.00"}, "exclusive_limit": {"skus": ["c"]}}}],
            "items": [{"sku": "100001", "interest_free": {"tenors": [12]}}],
            "orders": [{"id": "o-1", "lines": [{"sku": "100001", "quantity": 3}]}],
        },
    )
    baitiao = rows(loaded, "users")["u-1"].baitiao
    assert (baitiao.monthly_spent, baitiao.exclusive_limit.skus) == ({"food": 300}, ("c",))
    interest_free = rows(loaded, "items")["100001"].interest_free
    assert (interest_free.tenors, interest_free.until) == ((12,), None)
    assert rows(loaded, "orders")["o-1"].lines == (OrderLine(sku="100001", quantity=Count(3)),)


def test_changes_of_the_limit_are_replaced_whole_and_whom_an_incident_affects_is_merged(loaded: Database) -> None:
    changes = [{"at": f"2026-{month}-01", "from": "8000.00", "to": "6000.00", "reason": "review"} for month in ("09", "10")]
    incident = {"id": "i", "component": "credit", "severity": "outage", "started_at": "2026-11-01", "affects": {"regions": ["广东"]}}
    load_world_data(loaded, {"users": [{"id": "u-1", "baitiao": {"limit_changes": changes}}], "incidents": [incident]})
    patches = {
        "users": [{"id": "u-1", "baitiao": {"limit_changes": changes[1:]}}],
        "incidents": [{"id": "i", "affects": {"app_below": "13.0"}}],
    }
    load_world_data(loaded, patches)
    (change,) = rows(loaded, "users")["u-1"].baitiao.limit_changes
    assert (change.at, change.from_, change.to, change.reason) == (date(2026, 10, 1), 800000, 600000, "review")
    affects = rows(loaded, "incidents")["i"].affects
    assert (affects.regions, affects.app_below) == (("广东",), "13.0")


def test_a_null_in_a_patch_is_a_value(loaded: Database) -> None:
    load_world_data(loaded, {"users": [{"id": "u-1", "id_document": {"expires_on": None}}]})
    assert rows(loaded, "users")["u-1"].id_document.expires_on is None


def test_several_files_are_one_load(database: Database, tmp_path: Path) -> None:
    load(
        database,
        tmp_path,
        "orders: [{id: o-1, user: u-1, lines: [{sku: '7'}]}]\nitems: [{sku: '7', category: c, merchant: m}]\nusers: [{id: u-1, name: A}]",
        "users: [{id: u-1, region: B}]\nitems: [{sku: '7', price: 1.50}]\nmerchants: [{id: m}]\ncategories: [{id: c}]",
        "users: [{id: u-1, name: C}]",
    )
    user = rows(database, "users")["u-1"]
    assert (user.name, user.region) == ("C", "B")
    assert rows(database, "items")["7"].price == 150


def test_the_way_numbers_and_dates_are_written_does_not_matter(database: Database, tmp_path: Path) -> None:
    load(
        database,
        tmp_path,
        """
users:
  - {id: a, app_version: 13.2, birth_date: 1995-04-01, baitiao: {used: 12.5, retry_after: 2026-11-22T10:00:00+08:00}}
  - {id: b, app_version: "13.2", birth_date: "1995-04-01", baitiao: {used: "12.50", retry_after: "2026-11-22T02:00:00Z"}}
""",
    )
    first, second = rows(database, "users").values()
    assert first.copy(update={"id": "b"}) == second
    assert first.baitiao.used == 1250
    assert first.baitiao.retry_after == NOW


@pytest.mark.parametrize("text", ["", "# nothing here\n", "{}", "users:\n", "users: []"])
def test_an_empty_file_loads_nothing(loaded: Database, tmp_path: Path, text: str) -> None:
    with loaded.session() as session:
        before = dump_world(session)
    assert str(load(loaded, tmp_path, text)) == "nothing"
    with loaded.session() as session:
        assert dump_world(session) == before


def test_replacing_removes_rows_but_not_the_clock_or_conversations(loaded: Database) -> None:
    with loaded.session() as session:
        append(session, "u-1", [MessageDraft("user", "a")])
    summary = load_world_data(loaded, {"users": [{"id": "u-9"}]}, replace=True)
    assert (summary.replaced, summary.now) == (True, NOW)
    assert [list(rows(loaded, section)) for section in SECTIONS if rows(loaded, section)] == [["u-9"]]
    with loaded.session() as session:
        assert session.execute(select(ORDER_LINES)).all() == []
        assert len(history(session, "u-1")) == 1


def test_replacing_forgets_the_rows_before_instead_of_patching_them(loaded: Database) -> None:
    load_world_data(loaded, {"users": [{"id": "u-1", "name": "before", "region": "before"}]})
    load_world_data(loaded, {"users": [{"id": "u-1", "name": "after"}]}, replace=True)
    assert rows(loaded, "users")["u-1"].region != "before"


def test_only_a_file_that_says_so_moves_the_clock(loaded: Database, tmp_path: Path) -> None:
    assert load(loaded, tmp_path, "users: []").now == NOW
    assert load(loaded, tmp_path, "now: 2026-12-01T00:00:00+08:00", "now: 2026-12-02 08:00:00").now == datetime(
        2026, 12, 2, 8, tzinfo=SHANGHAI
    )
    assert load(loaded, tmp_path, "now: null").now is None


def test_a_dump_is_a_file_that_gives_the_same_world(loaded: Database, new_database: Callable[[str], Database], tmp_path: Path) -> None:
    with loaded.session() as session:
        dumped = dump_world(session)
    (tmp_path / "dump.yml").write_text(json.dumps(dumped, default=str), encoding="utf-8")
    other = new_database("other.db")
    load_world(other, [tmp_path / "dump.yml"])
    with other.session() as session:
        assert dump_world(session) == dumped
