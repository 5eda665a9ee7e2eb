"""Small numbers of customers, which could tell who somebody is, are not written; nor is what lets them be worked out."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5
"""From here on a number is written; nothing is nobody, and written as well."""


def hidden(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of a whole; None where a number is too small to be written.

    With one part hidden the whole would tell it, so that the smallest other that is not 0 is hidden, too.
    """
    shown: dict[str, int | None] = {name: None if 0 < count < FEWEST else count for name, count in counts.items()}
    if sum(count is None for count in shown.values()) == 1:
        others = [name for name, count in shown.items() if count]
        if others:
            shown[min(others, key=lambda name: counts[name])] = None
    return shown


def hidden_alone(count: int) -> int | None:
    """A number that is no part of another that is shown."""
    return None if 0 < count < FEWEST else count
