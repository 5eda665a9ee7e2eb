"""What a customer owes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.core.derived import View
from actions.core.names import value_of, world_facts
from actions.core.plans import bill_left, bill_missing, contract_fee, contract_left, due_bills, left_periods, price_plan
from tests.unit.knowledge.worlds import contract, snapshot


@pytest.mark.parametrize(
    ("bill", "repayments", "left"),
    [
        ({}, [], 120000),
        ({"status": "open"}, [], 120000),
        ({"status": "settled"}, [], 0),
        ({"tenor": 6}, [], 0),
        ({}, [{"bill": "b-2", "amount": "300.00"}], 90000),
        ({}, [{"bill": "b-2", "amount": "300.00"}, {"bill": "b-2", "amount": "0.01"}], 89999),
        ({}, [{"bill": "b-2", "amount": "300.00", "status": "processing"}], 120000),
        ({}, [{"bill": "b-2", "amount": "300.00", "status": "failed", "failure": "balance"}], 120000),
        ({}, [{"bill": "b-3", "amount": "300.00"}, {"amount": "300.00"}], 120000),
        ({}, [{"bill": "b-2", "amount": "1200.01"}], 0),
    ],
)
def test_of_a_bill_is_left_what_was_not_repaid(bill: Any, repayments: Any, left: int) -> None:
    facts = snapshot(bills=[bill, {}], repayments=repayments)
    assert bill_left(facts, facts.bills[0]) == left


@pytest.mark.parametrize(
    ("repayments", "missing"),
    [
        ([], 120000),
        ([{"bill": "b-2", "amount": "300.00", "status": "processing"}], 90000),
        ([{"bill": "b-2", "amount": "300.00", "status": "processing"}, {"bill": "b-2", "amount": "200.00"}], 70000),
        ([{"bill": "b-3", "amount": "300.00", "status": "processing"}], 120000),
        ([{"bill": "b-2", "amount": "300.00", "status": "failed", "failure": "balance"}], 120000),
        ([{"bill": "b-2", "amount": "1200.01", "status": "processing"}], 0),
    ],
)
def test_what_is_on_its_way_to_a_bill_is_not_missing(repayments: Any, missing: int) -> None:
    facts = snapshot(bills=[{}], repayments=repayments)
    assert bill_missing(facts, facts.bills[0]) == missing


def test_due_are_the_issued_bills_with_something_left_by_their_due_date() -> None:
    bills = [
        {"due_on": None},
        {"due_on": "2026-12-09"},
        {"due_on": "2026-11-09"},
        {"due_on": "2026-11-01", "status": "settled"},
        {"due_on": "2026-11-01", "status": "open"},
        {"due_on": "2026-11-01", "tenor": 3},
        {"due_on": "2026-11-09T10:00:00+08:00"},
    ]
    assert [bill.id for bill in due_bills(snapshot(bills=bills))] == ["b-8", "b-4", "b-3", "b-2"]


def test_the_contract_of_the_contract_file_owes_what_its_next_payments_come_to() -> None:
    example = contract(amount="2999.00", paid_periods=3)
    assert (contract_fee(example), left_periods(example)) == (17994, 9)
    assert contract_left(example) == 317894 - 3 * 26491


@pytest.mark.parametrize("status", ["settled", "settled_early", "cancelled"])
def test_a_contract_that_is_over_owes_nothing(status: str) -> None:
    over = contract(status=status, paid_periods=3)
    assert (left_periods(over), contract_left(over)) == (0, 0)


@pytest.mark.parametrize(("paid", "left"), [(-1, 12), (12, 0), (13, 0)])
def test_odd_counts_of_paid_periods_make_no_odd_debt(paid: int, left: int) -> None:
    odd = contract(paid_periods=paid)
    assert left_periods(odd) == left
    assert contract_left(odd) == (318000 if left else 0)


@given(amount=st.integers(1, 10**8), tenor=st.integers(1, 60), rate=st.decimals(0, 1, places=4, allow_nan=False), paid=st.integers(0, 60))
def test_a_contract_owes_the_payments_of_its_plan_that_are_not_made(amount: int, tenor: int, rate: Decimal, paid: int) -> None:
    made = min(paid, tenor)
    running = contract(amount=Decimal(amount).scaleb(-2), tenor=tenor, fee_rate_per_period=rate, paid_periods=made)
    assert contract_left(running) == sum(price_plan(amount, tenor, rate).payments[made:])


def test_what_is_due_is_told_with_the_rows_that_prove_it() -> None:
    facts = snapshot(
        subject="account",
        bills=[{"month": "2026-11", "due_on": "2026-11-29"}, {"month": "2026-10", "due_on": "2026-10-29", "amount": "100.00"}],
        repayments=[{"bill": "b-3", "amount": "0.50"}],
    )
    view = View(facts)
    assert [value_of(f"due.{name}", view) for name in ("count", "total", "next_amount", "next_month")] == [2, 129950, 9950, "2026-10"]
    assert str(value_of("due.next_on", view)) == "2026-10-29"
    assert [(fact.path, fact.source) for fact in world_facts("due.next_amount", view)] == [
        ("bills[b-3].amount", "bill"),
        ("bills[b-3].status", "bill"),
        ("repayments[rp-1].amount", "account"),
    ]
    assert [fact.path for fact in world_facts("due.total", view)][::3] == ["bills[b-3].amount", "bills[b-2].amount"]


def test_with_nothing_due_there_is_no_date_and_no_amount() -> None:
    view = View(snapshot(subject="account", bills=[{"status": "settled"}]))
    assert [value_of(f"due.{name}", view) for name in ("count", "total", "next_amount", "next_month", "next_on")] == [
        0,
        0,
        None,
        None,
        None,
    ]
    assert [value_of(f"contracts.{name}", view) for name in ("count", "left_amount", "next_on", "next_amount")] == [0, 0, None, None]
    assert world_facts("due.next_on", view) == world_facts("contracts.left_amount", view) == ()


def test_running_contracts_are_counted_and_the_next_payment_told() -> None:
    view = View(
        snapshot(
            subject="account",
            contracts=[
                {"next_amount": "265.00", "paid_periods": 11},
                {"bill": "b-9", "paid_periods": 11},
                {"status": "settled", "paid_periods": 12},
            ],
        )
    )
    assert [value_of(f"contracts.{name}", view) for name in ("count", "left_amount", "next_amount")] == [2, 53000, 26500]
    assert str(value_of("contracts.next_on", view)) == "2026-11-29"
    assert [fact.path for fact in world_facts("contracts.next_on", view)] == ["contracts[k-1].next_due_on"]
