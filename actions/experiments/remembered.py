"""A source of the customers' state that is asked once for each thing, so that every arm of a turn is answered from the same look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from actions.core.facts import Facts, FactsSource, OwnOrder
from actions.core.records import Bill
from actions.core.subject import ACCOUNT, Subject

_Found = TypeVar("_Found")


class RememberedFacts:
    """What a source has said stays so for one turn; what it refuses is asked again.

    Args:
        source: where the state comes from.
    """

    def __init__(self, source: FactsSource) -> None:
        self._source = source
        self._known: dict[object, object] = {}

    def customer_exists(self, user_id: str) -> bool:
        """As the source says."""
        return self._once(("exists", user_id), lambda: self._source.customer_exists(user_id))

    def owns_order(self, user_id: str, order_id: str) -> bool:
        """As the source says."""
        return self._once(("owns", user_id, order_id), lambda: self._source.owns_order(user_id, order_id))

    def orders(self, user_id: str) -> tuple[OwnOrder, ...]:
        """As the source says."""
        return self._once(("orders", user_id), lambda: self._source.orders(user_id))

    def bills(self, user_id: str) -> tuple[Bill, ...]:
        """As the source says."""
        return self._once(("bills", user_id), lambda: self._source.bills(user_id))

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        """As the source says."""
        return self._once(("snapshot", user_id, subject), lambda: self._source.snapshot(user_id, subject))

    def _once(self, name: object, ask: Callable[[], _Found]) -> _Found:
        if name not in self._known:
            self._known[name] = ask()
        return self._known[name]  # type: ignore[return-value]
