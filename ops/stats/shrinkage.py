"""Rates of many places side by side: each drawn towards what they have in common by how little is known of it, so that chance leads no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

_STRONGEST = 10_000.0
"""Weight of what is common where places differ by no more than chance."""


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
    spread = sum(of * (hits / of - mean) ** 2 for hits, of in counts)
    by_chance = (places - 1) * mean * (1 - mean)
    beyond = trials - sum(of * of for _, of in counts) / trials
    between = (spread - by_chance) / beyond if beyond > 0 else 0.0
    weight = mean * (1 - mean) / between - 1 if between > 0 else _STRONGEST
    # Few places tell little of how much places differ: then none is drawn further than by a tenth of what is known of all.
    weight = min(max(weight, 2.0), _STRONGEST, trials / places * 2 if places < 5 else _STRONGEST)
    return mean * weight, (1 - mean) * weight
