"""What would be left of the order without some of its goods, and whether the limit would do for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.core.money import Fen, yuan_text
from actions.core.named_amounts import payment_meant, what_if_taken_out
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
    [([], None), ([20000], 20000), ([32680], 32680), ([32680, 20000], 20000), ([280000, 30000], 30000), ([20000, 30000], None)],
)
def test_of_several_amounts_the_one_that_the_record_does_not_hold_is_paid(
    diagnosed: Diagnose,  # noqa: F811
    named: list[int],
    meant: int | None,
) -> None:
    world = two_goods(2000)
    world["users"] = [{"id": "u", "baitiao": {"credit_limit": 2000, "used": 0, "overdue": Decimal("326.80")}}]
    assert payment_meant(diagnosed(world).facts, [Fen(amount) for amount in named]) == meant
