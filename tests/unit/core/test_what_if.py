"""What would be left of the order without some of its goods, and whether the limit would do for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from actions.core.money import Fen, yuan_text
from actions.core.named_amounts import bill_meant, payment_meant, what_if_paid, what_if_priced, what_if_taken_out
from actions.core.turn import Turn
from actions.dialogue.subjects import lines_named
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401


def two_goods(limit: int) -> dict[str, object]:
    return {
        "items": [
            {"sku": "1", "category": "c", "merchant": "m", "price": 2000, "title": "云朵电脑"},
            {"sku": "2", "category": "c", "merchant": "m", "price": 800, "title": "星尘耳机"},
        ],
        "orders": [{"id": "o", "user": "u", "lines": [{"sku": "1"}, {"sku": "2"}]}],
        "users": [{"id": "u", "baitiao": {"credit_limit": limit, "used": 0}}],
    }


@pytest.mark.parametrize(("limit", "covered", "missing"), [(2000, "2000.00", None), (2500, "2000.00", None), (1500, None, "500.00")])
def test_goods_that_are_named_are_taken_out(diagnosed: Diagnose, limit: int, covered: str | None, missing: str | None) -> None:  # noqa: F811
    facts = diagnosed(two_goods(limit)).facts
    named = lines_named(Turn("u", "about_case", "耳机不要了够不够", {}), facts.lines)
    said = what_if_taken_out(facts, named)
    assert {name: value and yuan_text(value) for name, value in said.items()} == {
        "said.rest_covered": covered,
        "said.rest_missing": missing,
    }


@pytest.mark.parametrize("text", ["都不要了", "耳机和电脑都不要了"])
def test_who_names_nothing_or_all_of_it_takes_nothing_out(diagnosed: Diagnose, text: str) -> None:  # noqa: F811
    facts = diagnosed(two_goods(2000)).facts
    assert what_if_taken_out(facts, lines_named(Turn("u", "about_case", text, {}), facts.lines)) == {}


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ([], None),
        ([20000], 20000),
        ([32680], 32680),
        ([32680, 20000], 20000),
        ([280000, 30000], 30000),
        ([20000, 30000], None),
        ([200000, 30000], 30000),
    ],
)
def test_of_several_amounts_the_one_that_the_record_does_not_hold_is_paid(
    diagnosed: Diagnose,  # noqa: F811
    named: list[int],
    meant: int | None,
) -> None:
    world = two_goods(2000)
    world["users"] = [{"id": "u", "baitiao": {"credit_limit": 2000, "used": 0, "overdue": Decimal("326.80")}}]
    assert payment_meant(diagnosed(world).facts, [Fen(amount) for amount in named]) == meant


def told(said: Mapping[str, Any]) -> dict[str, str]:
    """What has a value, in yuan and without the prefix."""
    return {name.removeprefix("said."): yuan_text(value) for name, value in said.items() if value is not None and name != "said.amount"}


@pytest.mark.parametrize(
    ("months", "left"),
    [(["11"], 120000), (["2026-11"], 120000), (["current"], 120000), (["10"], None), (["11", "12"], None), ([], None), (["next"], None)],
)
def test_who_names_a_bill_means_what_is_left_to_pay_of_it(diagnosed: Diagnose, months: list[str], left: int | None) -> None:  # noqa: F811
    assert bill_meant(diagnosed({}).facts, months) == left


def test_what_is_paid_of_it_already_is_not_left(diagnosed: Diagnose) -> None:  # noqa: F811
    paid = {"id": "r", "user": "u", "bill": "b", "amount": 500, "at": "2026-11-20T10:00:00+08:00", "method": "manual", "status": "posted"}
    assert bill_meant(diagnosed({"repayments": [paid]}).facts, ["11"]) == 70000


@pytest.mark.parametrize(
    ("overdue", "amount", "said"),
    [
        (0, 120000, {"is_due": "1200.00"}),
        (0, 200000, {"not_due": "2000.00"}),
        (350, 35000, {"not_due": "350.00", "overdue_covered": "350.00"}),
        (350, 20000, {"not_due": "200.00", "not_overdue": "200.00", "overdue_after": "150.00"}),
    ],
)
def test_an_amount_is_held_against_what_is_due_and_overdue(
    diagnosed: Diagnose,  # noqa: F811
    overdue: int,
    amount: int,
    said: dict[str, str],
) -> None:
    world = {"users": [{"id": "u", "baitiao": {"overdue": overdue}}]}
    assert told(what_if_paid(diagnosed(world).facts, Fen(amount))) == said


@pytest.mark.parametrize(
    ("credit_limit", "used", "amount", "said"),
    [
        (8000, 4000, 200000, {"missing_covered": "1299.00"}),
        (8000, 4000, 100000, {"missing_after": "299.00"}),
        (5000, 1000, 600000, {"missing_after": "299.00"}),
        (0, 0, 600000, {}),
    ],
)
def test_paying_back_frees_no_more_of_the_limit_than_is_used(
    diagnosed: Diagnose,  # noqa: F811
    credit_limit: int,
    used: int,
    amount: int,
    said: dict[str, str],
) -> None:
    world = {"users": [{"id": "u", "baitiao": {"credit_limit": credit_limit, "used": used}}], "bills": []}
    left = told(what_if_paid(diagnosed(world).facts, Fen(amount)))
    assert {name: value for name, value in left.items() if name.startswith("missing")} == said


@pytest.mark.parametrize(
    ("policies", "amount", "said"),
    [
        ([], 300000, {"price_within": "3000.00"}),
        ([], 900000, {"price_over": "1000.00"}),
        ([("min_amount", 6000)], 50000, {"price_within": "500.00", "added_short": "201.00"}),
        ([("min_amount", 6000)], 80000, {"price_within": "800.00", "added_reached": "6099.00"}),
        ([("max_amount", 5000)], 20000, {"price_within": "200.00", "cut_short": "99.00"}),
        ([("max_amount", 5000)], 30000, {"price_within": "300.00", "cut_within": "4999.00"}),
        ([("max_amount", 5000)], 600000, {"price_within": "6000.00"}),
    ],
)
def test_an_amount_is_reckoned_as_a_price_and_as_what_is_added_or_taken_off(
    diagnosed: Diagnose,  # noqa: F811
    policies: list[tuple[str, int]],
    amount: int,
    said: dict[str, str],
) -> None:
    rules = [{"id": kind, "kind": kind, "amount": least, "effective_from": "2026-01-01"} for kind, least in policies]
    assert told(what_if_priced(diagnosed({"policies": rules}).facts, Fen(amount))) == said


def test_what_the_order_comes_to_is_neither_added_nor_taken_off(diagnosed: Diagnose) -> None:  # noqa: F811
    rules = [{"id": "p", "kind": "max_amount", "amount": 5000, "effective_from": "2026-01-01"}]
    facts = diagnosed({"policies": rules}).facts
    assert told(what_if_priced(facts, Fen(490000), total=True)) == {"price_within": "4900.00", "cut_within": "4900.00"}
    assert told(what_if_priced(facts, Fen(510000), total=True)) == {"price_within": "5100.00", "cut_short": "100.00"}
