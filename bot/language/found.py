"""What is found in a text, whoever found it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """Something found in a text: its place in characters, its label and its normalised value."""

    start: int
    end: int
    label: str
    value: str


def touches(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether a place overlaps one of those that are taken."""
    return any(start < other_end and other_start < end for other_start, other_end in taken)
