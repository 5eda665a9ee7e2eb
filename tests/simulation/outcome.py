"""How one simulated conversation went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple


@dataclass(frozen=True)
class Problem:
    """A property that a turn broke; ``turn`` counts from 1."""

    turn: int
    name: str
    seen: str


@dataclass(frozen=True)
class Misread:
    """A sentence taken for something it does not mean; no failure of its own, because the state decides."""

    text: str
    means: Tuple[str, ...]
    taken_for: str
    confidence: float


@dataclass(frozen=True)
class Outcome:
    """One conversation.

    Attributes:
        end: ``resolved``, ``waiting``, ``accepted``, ``handed_over`` or ``none``.
        turns: the customer's.
    """

    seed: int
    persona: str
    causes: Tuple[str, ...]
    end: str
    turns: int
    problems: Tuple[Problem, ...]
    misread: Tuple[Misread, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it ended properly and broke nothing."""
        return not self.problems
