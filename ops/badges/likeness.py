"""Which products are alike to a cause, so that what it comes to for one it comes to for all: of 100,000 products few differ in what it looks at.

Two products are alike to a cause if everything that its condition and its wordings look at is the same for both. Of a price only its place
among the amounts that rules name matters, as long as it is compared with nothing else; of a category and a shop only whether a rule or an
incident names it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from actions.core.causes import Cause
from actions.core.comparisons import Comparison, FactReference
from actions.core.derived import DERIVED, POLICY_INPUT
from actions.core.facts import Facts, Line

Key = tuple[Hashable, ...]
"""What alike products have in common."""
Part = Callable[[Line], Hashable]

_PRICE = "item.price"
_WHOLE_PRICES = frozenset({_PRICE, "order.amount", "order.payable", "line.amount", "spending.amount", "spending.total"})
"""The facts that are the price of the product itself where one of it is ordered by somebody who has spent nothing."""
_UNBOUNDED = "limit.available"
"""What no price reaches: the stand-in's limit is without bounds."""
_ORDERED = frozenset({"equals", "differs_from", "less_than", "at_most", "greater_than", "at_least"})
_GROUPS = ("item", "category", "merchant")
_NAMED = ("category.id", "merchant.id")
"""What rules and incidents name one by one."""
_THE_PRODUCT = "order.lines"


class Likeness:
    """Tells which products are alike to a cause in any world.

    Args:
        cause: with its condition and its wordings.
    """

    def __init__(self, cause: Cause) -> None:
        conditions = list(_conditions(cause))
        self._comparisons = [each for condition in conditions for each in _comparisons(condition)]
        named = {name for condition in conditions for name, _ in condition.names()}
        self._seen = _closure(named)
        if any(name.startswith("incident.") for name in named):
            self._seen |= {*_NAMED}
        # Which product is ordered matters only to whom asks for just that: its price and all else have names of their own.
        fields = {name for name in self._seen if name.partition(".")[0] in _GROUPS and name not in (_PRICE, *_NAMED)}
        self._fields = sorted(fields | ({"item.sku"} if _THE_PRODUCT in named else set()))

    def key(self, world: Facts) -> Callable[[Line], Key]:
        """A function that gives the key of a product in a world."""
        parts = [*(_field(name) for name in self._fields), *self._of_names(world), *self._of_price(world)]
        return lambda line: tuple([part(line) for part in parts])

    def _of_names(self, world: Facts) -> Iterator[Part]:
        texts = {text for each in self._comparisons for text in _texts(each.operand)}
        categories = texts.union(*(each.affects.categories for each in world.incidents), (each.category for each in world.policies))
        merchants = texts.union(*(each.affects.merchants for each in world.incidents))
        if "category.id" in self._seen:
            yield lambda line: line.category.id if line.category.id in categories else None
        if "merchant.id" in self._seen:
            yield lambda line: line.merchant.id if line.merchant.id in merchants else None

    def _of_price(self, world: Facts) -> Iterator[Part]:
        if _PRICE not in self._seen:
            return
        amounts = self._amounts()
        if amounts is None:
            yield lambda line: line.item.price
            return
        cuts = sorted({0, *amounts, *(policy.amount for policy in world.policies if policy.amount is not None)})
        yield lambda line: (bisect_left(cuts, line.item.price), bisect_right(cuts, line.item.price))

    def _amounts(self) -> set[int] | None:
        """The amounts that conditions name themselves; None if they compare a price in any other way than whole with an amount of a rule."""
        found: set[int] = set()
        for each in self._comparisons:
            names = {each.fact, *([each.operand.fact] if isinstance(each.operand, FactReference) else [])}
            of_price = {name for name in names if _PRICE in _closure([name])} - {_UNBOUNDED}
            others = names - of_price
            if not of_price or _UNBOUNDED in others:
                continue
            if len(of_price) > 1 or not of_price <= _WHOLE_PRICES or not others <= {"policy.amount"} or each.operator not in _ORDERED:
                return None
            if not others:
                found.add(int(each.operand))
        return found


def _field(name: str) -> Part:
    return attrgetter(name)


def _texts(operand: Any) -> Iterator[str]:
    if isinstance(operand, str):
        yield operand
    elif isinstance(operand, tuple):
        yield from (each for each in operand if isinstance(each, str))


def _conditions(cause: Cause) -> Iterator[Any]:
    if cause.when is not None:
        yield cause.condition
    yield from (wording.when for wording in cause.wordings)
    yield from (step.when for step in cause.steps if step.when is not None)


def _comparisons(condition: Any) -> Iterator[Comparison]:
    if isinstance(condition, Comparison):
        yield condition
        return
    parts = getattr(condition, "all", None) or getattr(condition, "any", None) or [getattr(condition, "where", None)]
    for part in parts:
        if part is not None:
            yield from _comparisons(part)


def _closure(names: Iterable[str]) -> frozenset[str]:
    """Facts, and those that prove them."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().rstrip("?")
        if name not in found and not POLICY_INPUT.fullmatch(name):
            found.add(name)
            waiting.extend(DERIVED[name].inputs if name in DERIVED else ())
    return frozenset(found)
