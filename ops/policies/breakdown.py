"""Whom policies hit, by what they have in common: tables of counts in which nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from actions.core.amounts import bill_amount, payable_amount
from actions.core.facts import Facts
from actions.core.moments import end_of, today, whole_years
from actions.core.money import Fen, yuan_number
from actions.core.plans import plans_for
from actions.state.policy_trials import TrialEffect
from ops.policies.comparison import FourWorlds, new_in
from ops.policies.distinct import DistinctCounts

LEAST = 5
"""People in a cell that pages and reports show."""
HIDDEN = f"<{LEAST}"
_AGES = (18, 25, 35, 45, 60)
_AMOUNTS = (100, 500, 2000, 10_000)
"""Yuan."""


class Breakdown:
    """Counts.

    Args:
        at: the instant of the day.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._of: DistinctCounts[tuple[str, str]] = DistinctCounts()
        self._cells: DistinctCounts[tuple[TrialEffect, str, str]] = DistinctCounts()
        self._subjects: Counter[tuple[TrialEffect, str, str]] = Counter()
        self._amounts: Counter[TrialEffect] = Counter()
        self._in_flight: Counter[str] = Counter()
        self._waiting: list[tuple[str, str, str]] = []

    def take(self, worlds: FourWorlds, effect: TrialEffect | None) -> None:
        """Counts one subject."""
        facts = worlds.without.facts
        user = facts.user.id
        for dim, value in _places(facts):
            self._of.add((dim, value), user)
        if effect is None:
            return
        for dim, value in (*_places(facts), *_changes(worlds)):
            self._cells.add((effect, dim, value), user)
            self._subjects[effect, dim, value] += 1
        amount = _amount(facts)
        self._amounts[effect] += amount
        if _is_in_flight(facts, self._at):
            self._in_flight[effect] += 1
            self._in_flight[f"{effect}_amount"] += amount
        self._waiting.append((user, facts.order.id if facts.order else "", facts.bill.id if facts.bill else ""))

    def fold(self) -> None:
        """Forgets who was counted: none of them comes again."""
        self._of.fold()
        self._cells.fold()

    @property
    def touched(self) -> frozenset[tuple[str, str, str]]:
        """Customer, order and bill of the subjects for which anything changes."""
        return frozenset(self._waiting)

    def to_data(self) -> dict[str, Any]:
        """The tables: by effect and dimension, the largest first; amounts in yuan."""
        by: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for (effect, dim, value), customers in self._cells.to_dict().items():
            cell = {"value": value, "subjects": self._subjects[effect, dim, value], "customers": customers}
            by.setdefault(effect, {}).setdefault(dim, []).append({**cell, "of_customers": self._of[dim, value] or None})
        for dims in by.values():
            for cells in dims.values():
                cells.sort(key=lambda cell: (-cell["customers"], cell["value"]))
        flight = {name: yuan_number(Fen(n)) if name.endswith("_amount") else n for name, n in sorted(self._in_flight.items())}
        return {"by": by, "amounts": {effect: yuan_number(Fen(n)) for effect, n in self._amounts.items()}, "in_flight": flight}


def hidden(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Tables as pages and reports show them: a cell of fewer than ``LEAST`` people says only that; so do sums that would tell it."""
    by = {
        effect: {dim: [_hidden_cell(cell) for cell in cells] for dim, cells in dims.items()}
        for effect, dims in tables.get("by", {}).items()
    }
    return {**tables, "by": by}


def _hidden_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["customers"] >= LEAST:
        return dict(cell)
    return {**cell, "subjects": HIDDEN, "customers": HIDDEN}


def _places(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "region", facts.user.region
    yield "age", _band(_AGES, whole_years(facts.user.birth_date, today(facts.now)))
    yield "kind", str(facts.subject.kind)
    yield "amount", _band(_AMOUNTS, _amount(facts) // 100)
    for merchant in dict.fromkeys(line.merchant.id for line in facts.lines):
        yield "merchant", merchant
    for category in dict.fromkeys(line.category.id for line in facts.lines):
        yield "category", category


def _changes(worlds: FourWorlds) -> Iterator[tuple[str, str]]:
    for found in new_in(worlds.without, worlds.with_it):
        yield "cause", found.cause.id
    for found in new_in(worlds.with_it, worlds.without):
        yield "cause_gone", found.cause.id
    had, has = ({plan.tenor for plan in plans_for(each.facts)} if not each.blocks else set() for each in (worlds.without, worlds.with_it))
    for tenor in sorted(had ^ has):
        yield "tenor", str(tenor)


def _amount(facts: Facts) -> int:
    """In fen."""
    return int(bill_amount(facts) or 0) if facts.bill is not None else int(payable_amount(facts))


def _is_in_flight(facts: Facts, at: datetime) -> bool:
    """Whether an order waits to be paid, and still will on the day."""
    order = facts.order
    if order is None or order.status not in ("cart", "unpaid"):
        return False
    return order.pay_before is not None and end_of(order.pay_before) > at


def _band(limits: tuple[int, ...], value: int) -> str:
    if value < limits[0]:
        return f"<{limits[0]}"
    low = max(limit for limit in limits if limit <= value)
    high = next((limit for limit in limits if limit > value), None)
    return f"{low}+" if high is None else f"{low}-{high - 1}"
