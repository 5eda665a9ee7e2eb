from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from typing import Any

import pytest
import time_machine
from sqlalchemy import event

from actions.core.facts import FactsSource, UnknownCustomer, UnknownSubject
from actions.core.moments import SHANGHAI, is_over
from actions.core.subject import ACCOUNT, Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from actions.state.world.rows import read_rows
from actions.state.world.tables import facts_now

NOW = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)


@pytest.fixture
def facts(loaded: Database) -> Iterator[SqlFacts]:
    with loaded.session() as session:
        yield SqlFacts(session)


def shop(lines: int, policies: int = 1) -> dict[str, Any]:
    """A world whose order o-big has that many lines, each of a merchant and a category of its own."""
    names = [f"{number:02}" for number in range(lines)]
    return {
        "merchants": [{"id": f"m-{name}"} for name in names],
        "categories": [{"id": f"c-{name}"} for name in names],
        "items": [{"sku": name, "category": f"c-{name}", "merchant": f"m-{name}", "price": "1.00"} for name in names],
        "orders": [{"id": "o-big", "user": "u-1", "lines": [{"sku": name} for name in reversed(names)]}],
        "policies": [
            {"id": f"p-{number}", "kind": "min_amount", "amount": "1.00", "effective_from": "2026-01-01"} for number in range(policies)
        ],
        "incidents": [
            {"id": f"i-{number}", "component": "credit", "severity": "outage", "started_at": "2026-01-01"} for number in range(policies)
        ],
    }


def history(count: int) -> dict[str, Any]:
    """So many orders, bills, contracts, repayments and refunds of u-1, and one of each of u-2."""
    contract = {"amount": 12, "tenor": 12, "fee_rate_per_period": 0, "paid_periods": 12, "status": "settled"}
    repayment = {"amount": 1, "method": "auto", "status": "posted", "at": "2026-11-20"}
    refund = {"amount": 1, "status": "approved", "requested_at": "2026-11-20", "to": "card", "posted": False}
    names = [(f"{number:02}", "u-1") for number in range(count)] + [("x", "u-2")]
    return {
        "orders": [{"id": f"h-{name}", "user": user, "lines": [{"sku": "100001"}] * 2} for name, user in names],
        "bills": [{"id": f"h-{name}", "user": user, "month": "2026-10", "amount": 1, "status": "issued"} for name, user in names],
        "contracts": [{"id": f"h-{name}", "user": user, "order": f"h-{name}", **contract} for name, user in names],
        "repayments": [{"id": f"h-{name}", "user": user, "contract": f"h-{name}", **repayment} for name, user in names],
        "refunds": [{"id": f"h-{name}", "order": f"h-{name}", **refund} for name, user in names],
    }


def count_statements(database: Database, work: Callable[[SqlFacts], Any]) -> int:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with database.session() as session:
        session.connection()
        event.listen(database.engine, "before_cursor_execute", note)
        work(SqlFacts(session))
        event.remove(database.engine, "before_cursor_execute", note)
    return len(statements)


def test_it_is_what_the_core_asks_for(facts: SqlFacts) -> None:
    source: FactsSource = facts
    assert source.customer_exists("u-1")


def test_a_snapshot_holds_the_stored_records(loaded: Database) -> None:
    load_world_data(loaded, shop(3, policies=2))
    load_world_data(loaded, {"maintenance": [{"id": "w", "starts_at": "2026-11-22", "ends_at": "2026-11-23"}]})
    with loaded.session() as session:
        snapshot = SqlFacts(session).snapshot("u-1", Subject("order", "o-big"))
        stored = {section: read_rows(session, section) for section in ("users", "items", "merchants", "categories", "orders")}
        for section in ("plans", "policies", "incidents", "maintenance"):
            assert getattr(snapshot, section) == tuple(read_rows(session, section).values())
    assert (snapshot.now, snapshot.user, snapshot.order, snapshot.bill) == (NOW, stored["users"]["u-1"], stored["orders"]["o-big"], None)
    assert [line.item.sku for line in snapshot.lines] == ["02", "01", "00"], "in the order of the order"
    for line in snapshot.lines:
        assert line.item == stored["items"][line.item.sku]
        assert line.merchant == stored["merchants"][line.item.merchant]
        assert line.category == stored["categories"][line.item.category]
        assert line.quantity == 1


def test_a_snapshot_of_a_bill_or_of_the_account_alone_has_no_lines(facts: SqlFacts) -> None:
    bill = facts.snapshot("u-1", Subject("bill", "b-1"))
    assert bill.bill is not None and bill.bill.amount == 120000
    assert (bill.order, bill.lines) == (None, ())
    alone = facts.snapshot("u-2")
    assert (alone.user.id, alone.order, alone.bill, alone.lines) == ("u-2", None, None, ())


def test_unknown_customers_and_the_subjects_of_others_are_refused(facts: SqlFacts) -> None:
    for nobody in ("u-9", "", "u-1\0"):
        assert not facts.customer_exists(nobody)
        for ask in (facts.snapshot, facts.orders, facts.bills):
            with pytest.raises(UnknownCustomer):
                ask(nobody)
    for customer, subject in (
        ("u-2", Subject("order", "o-1")),
        ("u-2", Subject("bill", "b-1")),
        ("u-1", Subject("order", "b-1")),
        ("u-1", Subject("bill", "")),
    ):
        with pytest.raises(UnknownSubject):
            facts.snapshot(customer, subject)
    assert facts.owns_order("u-1", "o-1")
    assert not facts.owns_order("u-2", "o-1")
    assert not facts.owns_order("u-1", "o-9")


def test_orders_come_newest_first_with_their_lines(loaded: Database) -> None:
    line = [{"sku": "100001", "quantity": 2}]
    load_world_data(
        loaded,
        {
            "orders": [
                {"id": "day", "user": "u-1", "lines": line, "created_at": "2026-11-20"},
                {"id": "early", "user": "u-1", "lines": line, "created_at": "2026-11-20T01:00:00+00:00"},
                {"id": "late", "user": "u-1", "lines": line * 2, "created_at": "2026-11-20T09:30:00+08:00"},
                {"id": "empty", "user": "u-1", "lines": [], "created_at": "2026-11-21"},
                {"id": "a-no-time", "user": "u-1", "lines": line},
                {"id": "foreign", "user": "u-2", "lines": line},
            ]
        },
    )
    with loaded.session() as session:
        found = SqlFacts(session).orders("u-1")
    assert [(order.id, len(lines)) for order, lines in found] == [
        ("empty", 0),
        ("late", 2),
        ("early", 1),
        ("day", 1),
        ("a-no-time", 1),
        ("o-1", 1),
    ]
    assert found[1][1][0].quantity == 2
    assert found[1][0].lines[0].sku == "100001"


def test_bills_come_latest_month_first(loaded: Database) -> None:
    bill = {"user": "u-1", "amount": "1.00", "status": "open"}
    load_world_data(loaded, {"bills": [{"id": "z", "month": "2026-12", **bill}, {"id": "a", "month": "2026-11", **bill}]})
    with loaded.session() as session:
        assert [bill.id for bill in SqlFacts(session).bills("u-1")] == ["z", "a", "b-1"]
        assert SqlFacts(session).bills("u-2") == ()


def test_reading_takes_the_same_statements_however_much_there_is(loaded: Database) -> None:
    counts = []
    for lines, policies, rows in ((1, 1, 1), (30, 40, 50)):
        load_world_data(loaded, shop(lines, policies))
        load_world_data(loaded, history(rows))
        counts.append(
            [
                count_statements(loaded, lambda source: source.snapshot("u-1", Subject("order", "o-big"))),
                count_statements(loaded, lambda source: source.snapshot("u-1", Subject("bill", "b-1"))),
                count_statements(loaded, lambda source: source.orders("u-1")),
                count_statements(loaded, lambda source: source.bills("u-1")),
            ]
        )
    assert counts[0] == counts[1] == [12, 12, 3, 2]


@pytest.mark.parametrize("subject", [ACCOUNT, Subject("order", "h-01"), Subject("bill", "h-02")])
def test_a_snapshot_holds_all_that_is_the_customers_and_nothing_of_others(loaded: Database, subject: Subject) -> None:
    load_world_data(loaded, history(3))
    with loaded.session() as session:
        snapshot = SqlFacts(session).snapshot("u-1", subject)
        assert (snapshot.orders, snapshot.bills) == (SqlFacts(session).orders("u-1"), SqlFacts(session).bills("u-1"))
        for section in ("bills", "contracts", "repayments", "refunds"):
            stored = read_rows(session, section)
            assert {row.id: row for row in getattr(snapshot, section)} == {key: row for key, row in stored.items() if key != "h-x"}, section
        stored = read_rows(session, "orders")
        assert {own.order.id: own.order for own in snapshot.orders} == {key: row for key, row in stored.items() if key != "h-x"}
    assert all([line.item.sku for line in own.lines] == ["100001"] * len(own.order.lines) for own in snapshot.orders)
    assert subject == snapshot.subject


def test_repayments_and_refunds_come_latest_first_and_contracts_with_what_is_due_next(loaded: Database) -> None:
    contract = {"user": "u-1", "order": "o-1", "amount": 3, "tenor": 3, "fee_rate_per_period": 0, "paid_periods": 0}
    active = {**contract, "status": "active", "next_amount": 1}
    repayment = {"user": "u-1", "amount": 1, "method": "auto", "status": "posted"}
    refund = {"order": "o-1", "amount": 1, "status": "approved", "to": "card", "posted": False}
    days = {"a": "2026-11-20", "b": "2026-11-21T09:00:00+08:00", "c": "2026-11-21"}
    load_world_data(
        loaded,
        {
            "contracts": [
                {"id": "0", "status": "settled", **contract},
                *({"id": key, "next_due_on": day, **active} for key, day in days.items()),
            ],
            "repayments": [{"id": key, "at": day, **repayment} for key, day in days.items()],
            "refunds": [{"id": key, "requested_at": day, **refund} for key, day in days.items()],
        },
    )
    with loaded.session() as session:
        snapshot = SqlFacts(session).snapshot("u-1")
    assert [each.id for each in snapshot.contracts] == ["a", "c", "b", "0"]
    assert [each.id for each in snapshot.repayments] == [each.id for each in snapshot.refunds] == ["b", "c", "a"]


def test_each_snapshot_reads_anew(loaded: Database) -> None:
    with loaded.session() as session:
        assert not SqlFacts(session).snapshot("u-1").user.security_alert
    load_world_data(loaded, {"users": [{"id": "u-1", "security_alert": True}]})
    with loaded.session() as session:
        assert SqlFacts(session).snapshot("u-1").user.security_alert


@pytest.mark.parametrize(
    "end, last, first_after",
    [
        ("2026-11-22", "2026-11-22T23:59:59+08:00", "2026-11-23T00:00:00+08:00"),
        ("2026-11-22T10:00:00+08:00", "2026-11-22T09:59:59+08:00", "2026-11-22T10:00:00+08:00"),
    ],
)
def test_a_day_stays_inclusive_and_an_instant_exact(loaded: Database, end: str, last: str, first_after: str) -> None:
    window = {"id": "w", "starts_at": "2026-11-01", "ends_at": end}
    policy = {"id": "p", "kind": "student", "effective_from": "2026-11-01", "effective_to": end}
    load_world_data(loaded, {"users": [{"id": "u-1", "id_document": {"expires_on": end}}], "maintenance": [window], "policies": [policy]})
    for now, over in ((last, False), (first_after, True)):
        load_world_data(loaded, {"now": now})
        with loaded.session() as session:
            snapshot = SqlFacts(session).snapshot("u-1")
        expires_on: Any = snapshot.user.id_document.expires_on
        assert is_over(expires_on, snapshot.now) is over
        assert bool(snapshot.current_maintenance) is not over
        assert bool(snapshot.policies_in_force) is not over


def test_dates_and_instants_come_back_as_what_they_were(loaded: Database) -> None:
    load_world_data(
        loaded, {"merchants": [{"id": "m-1", "paused_until": "2026-11-22"}, {"id": "m-2", "paused_until": "2026-11-22T00:00:00Z"}]}
    )
    with loaded.session() as session:
        found = read_rows(session, "merchants")
    assert type(found["m-1"].paused_until) is date
    assert found["m-2"].paused_until == datetime(2026, 11, 22, tzinfo=timezone.utc)


def test_the_clock_is_the_frozen_instant_else_the_worlds_else_real(database: Database, world: dict[str, Any]) -> None:
    with database.session() as session, time_machine.travel("2026-12-01T00:00:00+00:00", tick=False):
        assert facts_now(session) == datetime(2026, 12, 1, tzinfo=timezone.utc)
        assert facts_now(session).utcoffset() == NOW.utcoffset()
    load_world_data(database, world)
    frozen = datetime(2026, 11, 23, tzinfo=timezone.utc)
    with database.session() as session:
        assert facts_now(session) == SqlFacts(session).snapshot("u-1").now == NOW
        assert facts_now(session, frozen) == SqlFacts(session, frozen).snapshot("u-1").now == frozen
