"""Derived facts: what is computed from the world, and which world facts prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Tuple

from actions.core.amounts import (
    amount_to_finance,
    available_limit,
    bill_amount,
    common_tenors,
    expired_temporary_covers,
    line_amount,
    line_excluded,
    missing_tenors,
    order_amount,
    restoration_due,
)
from actions.core.facts import Facts, Line
from actions.core.fields import Kind
from actions.core.moments import today, whole_years
from actions.core.money import Fen
from actions.core.views import View


@dataclass(frozen=True)
class Derived:
    """A fact that is computed. ``inputs`` name the world facts that prove it; ``line.`` names are collected over all lines."""

    kind: Kind
    value: Callable[[View], Any]
    inputs: Tuple[str, ...]


def _of_order(compute: Callable[[Facts], Any]) -> Callable[[View], Any]:
    return lambda view: compute(view.facts) if view.facts.order is not None else None


def _excluded(lines: Tuple[Line, ...]) -> List[bool]:
    return [line_excluded(line) for line in lines]


POLICY_INPUT = re.compile(r"policies\[(\w+)\]\.(\w+)")
"""An input of every policy in force of one kind."""

_LIMIT_INPUTS = (
    "baitiao.credit_limit",
    "baitiao.used",
    "baitiao.temporary_limit.amount",
    "baitiao.temporary_limit.expires_on",
    "baitiao.exclusive_limit.amount",
)
_EXCLUSION_INPUTS = ("category.installment", "item.installment", "item.promotion_excluded")

DERIVED: Dict[str, Derived] = {
    "now": Derived("moment", lambda view: view.facts.now, ()),
    "today": Derived("moment", lambda view: today(view.facts.now), ()),
    "age": Derived("number", lambda view: whole_years(view.facts.user.birth_date, today(view.facts.now)), ("birth_date",)),
    "order.amount": Derived("money", _of_order(order_amount), ("order.lines", "item.price")),
    "order.amount_to_finance": Derived("money", _of_order(amount_to_finance), ("order.lines", "item.price", "item.min_down_payment")),
    "order.down_payment": Derived(
        "money",
        _of_order(lambda facts: Fen(order_amount(facts) - amount_to_finance(facts))),
        ("item.price", "item.min_down_payment"),
    ),
    "order.all_lines_excluded": Derived(
        "flag", _of_order(lambda facts: bool(facts.lines) and all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.some_lines_excluded": Derived(
        "flag", _of_order(lambda facts: any(_excluded(facts.lines)) and not all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.tenors": Derived("list", _of_order(common_tenors), ("item.tenors",)),
    "order.missing_tenors": Derived("list", _of_order(missing_tenors), ("item.tenors",)),
    "line.amount": Derived("money", lambda view: view.line and line_amount(view.line), ("item.price",)),
    "line.excluded": Derived("flag", lambda view: view.line and line_excluded(view.line), _EXCLUSION_INPUTS),
    "limit.available": Derived("money", _of_order(available_limit), _LIMIT_INPUTS),
    "limit.missing": Derived(
        "money", _of_order(lambda facts: Fen(max(0, amount_to_finance(facts) - available_limit(facts)))), _LIMIT_INPUTS
    ),
    "limit.expired_temporary_covers": Derived("flag", _of_order(expired_temporary_covers), _LIMIT_INPUTS),
    "bill.amount_to_split": Derived(
        "money", lambda view: bill_amount(view.facts), ("bill.amount", "bill.in_installments", "policies[bill_max_ratio].ratio")
    ),
    "restoration.due": Derived("moment", lambda view: restoration_due(view.facts), ("baitiao.overdue_cleared_at",)),
    "spending.category": Derived("text", lambda view: view.spending and view.spending.category.id, ("category.id",)),
    "spending.category_name": Derived("text", lambda view: view.spending and view.spending.category.name, ("category.name",)),
    "spending.amount": Derived("money", lambda view: view.spending and view.spending.amount, ("item.price",)),
    "spending.total": Derived("money", lambda view: view.spending and view.spending.total, ("baitiao.monthly_spent", "item.price")),
}
