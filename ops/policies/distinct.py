"""Counts of different customers, who come some at a time, so that only those of now need be remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class DistinctCounts(Generic[Key]):
    """How many customers each key has."""

    def __init__(self) -> None:
        self._counted: Counter[Key] = Counter()
        self._now: dict[Key, set[str]] = {}

    def add(self, key: Key, customer: str) -> None:
        """Notes a customer, who counts once however often."""
        self._now.setdefault(key, set()).add(customer)

    def fold(self) -> None:
        """Forgets who it was: none of them comes again."""
        self._counted.update({key: len(customers) for key, customers in self._now.items()})
        self._now.clear()

    def __getitem__(self, key: Key) -> int:
        return self._counted[key] + len(self._now.get(key, ()))

    def __iter__(self) -> Iterator[Key]:
        return iter({**self._counted, **self._now})

    def to_dict(self) -> dict[Key, int]:
        """All counts."""
        return {key: self[key] for key in self}
