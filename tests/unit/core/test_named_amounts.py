"""Which amount the entities of a message speak of."""

from __future__ import annotations

import pytest

from actions.core.named_amounts import LARGEST, AskedAmount, Named, OfSeveral, Periods, Rest, Unclear, asked_amount

CASES: dict[str, tuple[dict[str, tuple[str, ...]], int | None, AskedAmount | None]] = {
    "nothing about money": ({"tenor": ("12",)}, 12, None),
    "one amount": ({"amount": ("5299.9",)}, None, Named(529_990)),
    "the same amount twice": ({"amount": ("5299", "5299")}, None, Named(529_900)),
    "parts and their sum": ({"amount": ("3000", "500", "3500")}, None, Named(350_000)),
    "two amounts": ({"amount": ("1299", "999")}, None, Unclear(("1299.00", "999.00"))),
    "nothing to split": ({"amount": ("0",)}, 3, Named(0)),
    "the largest amount": ({"amount": ("9999999.99",)}, None, Named(LARGEST)),
    "more than the largest amount": ({"amount": ("10000000",)}, None, Unclear(("10000000",))),
    "more than any database holds": ({"amount": ("1" * 30,)}, None, Unclear(("1" * 30,))),
    "a range": ({"amount_range": ("8000-10000",)}, 12, Unclear(("8000-10000",))),
    "a range beside an amount": ({"amount": ("5000",), "amount_range": ("三四千",)}, None, Unclear(("三四千",))),
    "several of a price": ({"amount": ("1299",), "quantity": ("2",)}, None, OfSeveral(129_900, 2)),
    "several prices and numbers": (
        {"amount": ("1299", "500"), "quantity": ("2", "3")},
        None,
        Unclear(("1299.00 × 2", "500.00 × 3")),
    ),
    "several of a price with a down payment": (
        {"amount": ("1299",), "quantity": ("2",), "down_payment": ("598",)},
        None,
        Rest(259_800, 59_800),
    ),
    "so many that it is too much": ({"amount": ("99999",), "quantity": ("999",)}, None, Unclear(("99999.00 × 999",))),
    "a down payment": ({"amount": ("5299",), "down_payment": ("1000",)}, 12, Rest(529_900, 100_000)),
    "a down payment of nothing": ({"amount": ("5299",), "down_payment": ("0",)}, 12, Rest(529_900, 0)),
    "a down payment of the whole": ({"amount": ("1000",), "down_payment": ("1000",)}, None, Unclear(("1000.00", "1000.00"))),
    "a down payment alone": ({"down_payment": ("1000",)}, None, Rest(None, 100_000)),
    "what is left after a down payment": ({"down_payment": ("1000",), "remaining": ("4000",)}, None, Named(400_000)),
    "what is paid in each period": ({"per_period": ("500",)}, 12, Periods(50_000, 12)),
    "what is paid in periods of unknown number": ({"per_period": ("500",)}, None, Periods(50_000, None)),
    "an amount beside what is paid in each period": ({"amount": ("5299",), "per_period": ("500",)}, 12, Named(529_900)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_amount_that_is_meant(name: str) -> None:
    entities, tenor, wanted = CASES[name]
    assert asked_amount(entities, tenor) == wanted
