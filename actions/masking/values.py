"""A personal value found in a reading."""

from __future__ import annotations

from dataclasses import dataclass

_RANKS = {kind: rank for rank, kind in enumerate(("password", "code", "id", "card", "phone", "email", "plate", "address", "name"))}


@dataclass(frozen=True)
class Value:
    """A span of a reading that must not be stored.

    Attributes:
        kind: which mask applies.
        start: first character of the reading.
        end: one past the last.
    """

    kind: str
    start: int
    end: int

    @property
    def rank(self) -> int:
        """Which of two equally long values wins: the smaller rank, that is the one that leaves less."""
        return _RANKS[self.kind]
