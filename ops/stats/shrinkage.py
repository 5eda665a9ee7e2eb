"""Rates of many places side by side: each drawn towards what they have in common by how little is known of it, so that chance leads no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy import special

_WEAKEST = 2.0
"""Trials that what is common counts for at least."""
_CAREFUL = 2.0
"""By how many standard errors the difference between places is taken from above."""


@dataclass(frozen=True)
class Shrunken:
    """The rate of one place.

    Attributes:
        rate: what is to be expected of it.
        low, high: the interval in which it lies with the level that was asked for.
    """

    rate: float
    low: float
    high: float


def shrunken(counts: Sequence[tuple[int, int]], level: float = 0.95) -> tuple[Shrunken, ...]:
    """Beta-binomial estimates with a common prior by the method of moments.

    Args:
        counts: hits and trials of each place; trials at least 1.
        level: of the intervals.

    Source: Kleinman, "Proportions with extraneous variance: single and independent samples", 1973.
    """
    if not counts:
        return ()
    a, b = _prior(counts)
    tail = (1 - level) / 2
    made = []
    for hits, of in counts:
        with_it, without = a + hits, b + of - hits
        made.append(
            Shrunken(
                with_it / (with_it + without),
                float(special.betaincinv(with_it, without, tail)),
                float(special.betaincinv(with_it, without, 1 - tail)),
            )
        )
    return tuple(made)


def _prior(counts: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Both parameters of the common distribution."""
    places, trials = len(counts), sum(of for _, of in counts)
    # Half a hit and half a miss more, so that a common rate of 0 or 1 is not taken for certain.
    mean = (sum(hits for hits, _ in counts) + 0.5) / (trials + 1)
    even = mean * (1 - mean)
    spread = sum(of * (hits / of - mean) ** 2 for hits, of in counts)
    # How much places differ is an estimate itself, and intervals hold what they claim only if it is taken from above.
    by_chance = even * (places - 1 - _CAREFUL * sqrt(2 * (places - 1)))
    beyond = trials - sum(of * of for _, of in counts) / trials
    between = (spread - by_chance) / beyond if beyond > 0 else 0.0
    # What is common cannot be known better than all trials together tell it.
    weight = min(max(even / between - 1, _WEAKEST), trials) if between > 0 else trials
    return mean * weight, (1 - mean) * weight
