"""What the placeholders of a remedy's patch stand for, in the form of world files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from actions.core.amounts import amount_to_finance, available_limit, line_excluded, order_amount
from actions.core.facts import Facts
from actions.core.moments import today
from actions.core.money import Fen
from actions.core.names import fact_type
from actions.core.record import to_file

_PRICE = Fen(89900)
_BILL = Fen(186000)
_THOUSAND_YUAN = 100000
_ADULT_YEARS = 30


def _day(days: int) -> Callable[[Facts], str]:
    return lambda facts: (today(facts.now) + timedelta(days=days)).isoformat()


def _years_on(facts: Facts) -> str:
    # Day 28 exists in every month of every year.
    day = today(facts.now)
    return date(day.year + 10, day.month, min(day.day, 28)).isoformat()


def _bounds(facts: Facts, kind: str, field: str) -> list[Any]:
    values = (getattr(policy, field) for policy in facts.policies_in_force if policy.kind == kind)
    return [value for value in values if value is not None]


def _birth_date(facts: Facts) -> str:
    youngest = max(_bounds(facts, "age", "min"), default=0)
    oldest = min(_bounds(facts, "age", "max"), default=_ADULT_YEARS)
    day = today(facts.now)
    age = max(youngest, min(_ADULT_YEARS, oldest))
    return date(day.year - age, day.month, min(day.day, 28)).isoformat()


def _document(facts: Facts) -> str:
    allowed = _bounds(facts, "id_document", "types")
    choices = fact_type("id_document.type").choices
    return next((choice for choice in choices if all(choice in types for types in allowed)), choices[0])


def _missing(facts: Facts) -> int:
    return max(0, amount_to_finance(facts) - available_limit(facts))


def _limit(facts: Facts) -> Any:
    needed = facts.user.baitiao.credit_limit + _missing(facts)
    return to_file(Fen(-(-needed // _THOUSAND_YUAN) * _THOUSAND_YUAN))


def _price(facts: Facts) -> Any:
    lowest = max(_bounds(facts, "min_amount", "amount"), default=Fen(1))
    highest = min([*_bounds(facts, "max_amount", "amount"), _affordable(facts)])
    return to_file(Fen(max(lowest, min(_PRICE, highest))))


def _affordable(facts: Facts) -> Fen:
    # An order that its limit covers must still be covered after the exchange; one that is short stays short.
    return Fen(max(available_limit(facts), 0) if _missing(facts) == 0 else max(order_amount(facts), 0))


def _bill_amount(facts: Facts) -> Any:
    lowest = max(_bounds(facts, "bill_min_amount", "amount"), default=Fen(0))
    ratio = min(_bounds(facts, "bill_max_ratio", "ratio"), default=Decimal(1))
    needed = (lowest / ratio).to_integral_value(rounding=ROUND_CEILING) if ratio else Decimal(lowest)
    return to_file(Fen(max(_BILL, int(needed))))


def _lines(facts: Facts) -> list[dict[str, Any]]:
    return [{"sku": line.item.sku, "quantity": line.quantity} for line in facts.lines if not line_excluded(line)]


def _version(facts: Facts) -> str:
    needed = _bounds(facts, "app_version", "minimum")
    return str(max(needed, key=lambda version: version.numbers, default=facts.user.app_version))


def _id(row: Any | None) -> str | None:
    return None if row is None else str(row.id)


VALUES: Mapping[str, Callable[[Facts], Any]] = {
    "user": lambda facts: facts.user.id,
    "order": lambda facts: _id(facts.order),
    "bill": lambda facts: _id(facts.bill),
    "now": lambda facts: facts.now.isoformat(),
    "today": _day(0),
    "due_day": _day(9),
    "in_a_month": _day(30),
    "in_ten_years": _years_on,
    "this_month": lambda facts: f"{today(facts.now):%Y-%m}",
    "eligible_birth_date": _birth_date,
    "supported_document": _document,
    "required_agreement": lambda facts: max(_bounds(facts, "agreement", "version"), default=facts.user.baitiao.agreement_version),
    "required_version": _version,
    "bill_amount_that_fits": _bill_amount,
    "price_that_fits": _price,
    "allowed_lines": _lines,
    "tenors": lambda facts: sorted(plan.tenor for plan in facts.plans),
    "used_that_fits": lambda facts: to_file(Fen(max(0, facts.user.baitiao.used - _missing(facts)))),
    "limit_that_fits": _limit,
}
"""Placeholder → its value. Amounts, limits and prices "that fit" are just enough for what is to be played."""
