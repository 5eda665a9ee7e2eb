"""What a first screen is about, what it finds, and where it says that a case stopped."""

from __future__ import annotations

import pytest

from actions.core.case import Case
from actions.core.opening import Progress, begins_with, looked_at, only_unpaid, progress, standing
from actions.core.records import Bill
from actions.core.subject import ACCOUNT, Subject
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401

WORLD = injections()
ORDER, BILL = Subject("order", "o"), Subject("bill", "b")
DOING = Case(phase="doing", subject=ORDER, token_order="o", cause="overdue", step=1)


@pytest.mark.parametrize(
    ("case", "token_order", "expected"),
    [
        (Case(), "o", ORDER),
        (Case(), None, None),
        (Case(subject=BILL), None, BILL),
        (Case(subject=BILL, token_order="o"), "o", BILL),
        (Case(subject=BILL, token_order="o"), "o-2", Subject("order", "o-2")),
        (Case(subject=ACCOUNT), None, None),
    ],
)
def test_a_case_is_looked_at_as_long_as_the_page_is_the_same(case: Case, token_order: str | None, expected: Subject | None) -> None:
    assert looked_at(case, token_order) == expected


def test_without_a_name_only_the_one_order_to_be_paid_is_meant(diagnosed: Diagnose) -> None:  # noqa: F811
    facts = diagnosed().facts
    assert only_unpaid(facts.orders, facts.bills) == ORDER
    assert only_unpaid(diagnosed({"orders": [{"id": "o-2", "user": "u", "lines": [{"sku": "1"}]}]}).facts.orders, facts.bills) == ACCOUNT
    assert only_unpaid((), ()) == ACCOUNT


def test_without_an_order_to_be_paid_only_the_one_bill_to_be_settled_is_meant() -> None:
    settled, owed, later = (
        Bill.parse_obj({"id": name, "user": "u", "month": "2026-11", "amount": 100, "status": status})
        for name, status in (("a", "settled"), ("b", "issued"), ("c", "open"))
    )
    assert only_unpaid((), (settled, owed)) == BILL
    assert only_unpaid((), (settled,)) == only_unpaid((), (owed, later)) == ACCOUNT


def test_it_says_what_is_found(diagnosed: Diagnose) -> None:  # noqa: F811
    assert standing(Case(), diagnosed(WORLD["overdue"], WORLD["tenors_limited"])) == "blocked"
    assert standing(Case(), diagnosed(WORLD["tenors_limited"])) == "limited"
    assert standing(Case(), diagnosed()) == "clear"
    assert standing(Case(), diagnosed(order=None)) == "unknown"
    assert standing(Case(phase="handed_over"), diagnosed(WORLD["overdue"])) == "person"


def test_a_case_stops_at_its_step_while_its_cause_holds_for_what_is_looked_at(diagnosed: Diagnose) -> None:  # noqa: F811
    overdue = diagnosed(WORLD["overdue"])
    assert progress(DOING, overdue) == Progress("overdue", 2, 2)
    assert progress(DOING.but(step=7), overdue) == Progress("overdue", 2, 2)
    assert progress(DOING, diagnosed()) is None
    assert progress(DOING.but(phase="explained"), overdue) is None
    assert progress(DOING.but(subject=BILL), overdue) is None


def test_the_customer_begins_where_every_block_is_theirs(diagnosed: Diagnose) -> None:  # noqa: F811
    assert begins_with(diagnosed(WORLD["overdue"])) == "overdue"
    assert begins_with(diagnosed(WORLD["overdue"], WORLD["merchant_not_enrolled"])) is None
    assert begins_with(diagnosed(WORLD["tenors_limited"])) is None
