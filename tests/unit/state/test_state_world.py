from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import StrictBool, StrictInt, StrictStr
from sqlalchemy import select

from actions.core.fields import Count, Day, Ratio, Version, When
from actions.core.moments import SHANGHAI
from actions.core.money import Fen
from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import is_map, is_record, listed
from actions.core.records import SECTIONS, Contract, Order, OrderLine, Refund, Repayment
from actions.state.conversations import MessageDraft, append, history
from actions.state.database import Database
from actions.state.world.loading import dump_world, load_world, load_world_data
from actions.state.world.rows import read_rows, remove_rows, write_rows
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


# Every field of every record, from its type alone: a field added tomorrow is tested from the first day.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31))
# Before 1901 Shanghai kept its local mean time, whose offset has seconds, which no file form does.
INSTANTS = st.datetimes(min_value=datetime(1901, 1, 2), max_value=datetime(2999, 1, 1)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    StrictStr: TEXTS,
    StrictBool: st.booleans(),
    StrictInt: st.integers(-(2**63) + 1, 2**63 - 1),
    Count: st.integers(1, 2**63 - 1),
    Fen: st.integers(0, 2**63 - 1).map(Fen),
    Day: DAYS,
    When: st.one_of(DAYS, INSTANTS),
    Version: st.lists(st.integers(0, 99), min_size=1, max_size=4).map(lambda parts: Version(".".join(map(str, parts)))),
    Ratio: st.decimals(0, 1, allow_nan=False, places=4).map(Decimal),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if is_record(hint):
        return records_of(hint)
    if listed(hint) is not None:
        return st.lists(values_of(listed(hint)), max_size=3).map(tuple)
    if is_map(hint):
        return st.dictionaries(TEXTS, FIELDS[Fen], max_size=3)
    if hint in FIELDS:
        return FIELDS[hint]
    if type(None) in get_args(hint):
        return st.one_of(st.none(), values_of(get_args(hint)[0]))
    return st.sampled_from(get_args(hint))


def records_of(record: Any, **fixed: Any) -> st.SearchStrategy[Any]:
    names = {name: values_of(hint) for name, hint in get_type_hints(record).items() if name in record.__fields__ and name not in fixed}
    return st.fixed_dictionaries({**names, **{name: st.just(value) for name, value in fixed.items()}}).map(
        lambda values: record.construct(**values)
    )


def policies(kind: str) -> st.SearchStrategy[Any]:
    hints = get_type_hints(Policy)
    own = {name: values_of(hints[name]) for name in POLICY_FIELDS[kind]}
    own = {name: strategy if name in ("min", "max") else strategy.filter(lambda value: value is not None) for name, strategy in own.items()}
    shared = {name: values_of(hints[name]) for name in ("effective_from", "effective_to", "notice")}
    absent = {name: st.none() for name in Policy.__fields__ if name not in own and name not in ("id", "kind", *shared)}
    return st.fixed_dictionaries({**absent, **own, **shared}).map(lambda values: Policy.construct(id=kind, kind=kind, **values))


def contracts(active: bool) -> st.SearchStrategy[Any]:
    of = {"order": "o", "bill": None} if active else {"order": None, "bill": "b"}
    following = (
        {"status": "active", "next_due_on": date(2026, 12, 9), "next_amount": Fen(1)}
        if active
        else {"status": "settled", "next_due_on": None, "next_amount": None}
    )
    return records_of(Contract, id="k", user="u", **of, **following)


WORLDS = st.fixed_dictionaries(
    {
        "users": records_of(SECTIONS["users"][0], id="u"),
        "merchants": records_of(SECTIONS["merchants"][0], id="m"),
        "categories": records_of(SECTIONS["categories"][0], id="c"),
        "items": records_of(SECTIONS["items"][0], sku="i", category="c", merchant="m"),
        "orders": st.builds(
            lambda order, quantities: order.copy(update={"lines": tuple(OrderLine(sku="i", quantity=each) for each in quantities)}),
            records_of(Order, id="o", user="u", lines=()),
            st.lists(st.integers(1, 2**63 - 1), max_size=3),
        ),
        "bills": records_of(SECTIONS["bills"][0], id="b", user="u", month="2026-11"),
        "plans": records_of(SECTIONS["plans"][0]),
        "contracts": st.booleans().flatmap(contracts),
        "repayments": st.sampled_from([None, "balance", "card", "limit", "system"]).flatmap(
            lambda failure: records_of(
                Repayment,
                id="rp",
                user="u",
                bill="b",
                contract="k",
                failure=failure,
                **({"status": "failed"} if failure else {"status": "posted"}),
            )
        ),
        "refunds": st.one_of(
            records_of(Refund, id="rf", order="o", status="refunded", refunded_at=NOW),
            records_of(Refund, id="rf", order="o", status="approved"),
        ),
        "policies": st.sampled_from(sorted(POLICY_FIELDS)).flatmap(policies),
        "incidents": records_of(SECTIONS["incidents"][0], id="i"),
        "maintenance": records_of(SECTIONS["maintenance"][0], id="w"),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=WORLDS)
def test_every_record_survives_the_database_and_the_file_form(database: Database, world: Mapping[str, Any]) -> None:
    with database.session() as session:
        remove_rows(session)
        for section in SECTIONS:
            write_rows(session, section, [world[section]])
    with database.session() as session:
        assert {section: list(read_rows(session, section).values()) for section in SECTIONS} == {s: [r] for s, r in world.items()}
        dumped = dump_world(session)
    load_world_data(database, dumped, replace=True)
    for section, record in world.items():
        (read,) = rows(database, section).values()
        assert read == record
        assert [type(value) for value in vars(read).values()] == [type(value) for value in vars(record).values()], section
