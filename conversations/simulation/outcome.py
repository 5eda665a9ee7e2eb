"""How one simulated conversation went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["answered", "misread", "unanswered"]
"""How a question fared; ``misread`` is a failure of understanding, ``unanswered`` one of the reply."""


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
    means: tuple[str, ...]
    taken_for: str
    confidence: float


@dataclass(frozen=True)
class Asked:
    """A question of the customer's and how it fared.

    Attributes:
        sort, name: of the question.
        at: the kind of observation in which it was asked; ``opening`` in the first complaint.
        taken_for: the topic or intent it was read as.
        seen: the types of the replies' data.
    """

    turn: int
    sort: str
    name: str
    text: str
    at: str
    verdict: Verdict
    taken_for: str
    confidence: float
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One conversation.

    Attributes:
        end: ``resolved``, ``waiting``, ``accepted``, ``handed_over`` or ``none``.
        turns: the customer's.
    """

    seed: int
    persona: str
    causes: tuple[str, ...]
    end: str
    turns: int
    problems: tuple[Problem, ...]
    misread: tuple[Misread, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it ended properly and broke nothing."""
        return not self.problems
