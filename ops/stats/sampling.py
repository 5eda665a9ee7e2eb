"""How many of a population there are, told from a stratified sample: estimate and interval of a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from ops.stats.intervals import LEVEL


@dataclass(frozen=True)
class Stratum:
    """A part of the population of which some were drawn without putting them back.

    Attributes:
        size: how many there are; drawn: how many were looked at, at least 1; hits: how many of these count.
    """

    size: int
    drawn: int
    hits: int


@dataclass(frozen=True)
class Total:
    """How many count in the whole population: the estimate, and an interval about it."""

    estimate: float
    low: float
    high: float


def total(strata: Sequence[Stratum], level: float = LEVEL) -> Total:
    """The Horvitz–Thompson estimate of a total with an exact kind of interval, which also holds where nothing or all was found.

    Args:
        strata: of the whole population.
        level: of confidence.

    Source: Horvitz, Thompson, "A generalization of sampling without replacement from a finite universe", 1952; Korn, Graubard, "Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data", 1998: the limits of Clopper and Pearson
    for the effective number of those who were drawn.
    """
    size, drawn = sum(each.size for each in strata), sum(each.drawn for each in strata)
    hits = sum(each.hits for each in strata)
    if not size or drawn == size:
        return Total(hits, hits, hits)
    estimate = sum(each.size * each.hits / each.drawn for each in strata)
    share = estimate / size
    effective = _effective(strata, share, size, drawn)
    tail = (1 - level) / 2
    positive = effective * share
    low = float(special.betaincinv(positive, effective - positive + 1, tail)) if positive > 0 else 0.0
    high = float(special.betaincinv(positive + 1, effective - positive, 1 - tail)) if positive < effective else 1.0
    # What was seen is there, and what was seen not to count does not.
    return Total(estimate, max(float(hits), low * size), min(float(size - (drawn - hits)), high * size))


def _effective(strata: Sequence[Stratum], share: float, size: int, drawn: int) -> float:
    """To how many of a simple random sample those that were drawn amount."""
    most = drawn / (1 - drawn / size)
    variance = 0.0
    for each in strata:
        if each.drawn < 2 or each.drawn == each.size:
            continue
        part = each.hits / each.drawn
        variance += (each.size / size) ** 2 * (1 - each.drawn / each.size) * part * (1 - part) / (each.drawn - 1)
    return most if variance <= 0 or not 0 < share < 1 else min(most, share * (1 - share) / variance)


def allotted(sizes: Sequence[int], wanted: int) -> list[int]:
    """How many to draw of each stratum: in proportion, at least two of each, or all of a smaller one.

    Args:
        sizes: of the strata.
        wanted: how many in all, as far as the least of each leaves room.
    """
    everybody = sum(sizes)
    if wanted >= everybody:
        return list(sizes)
    return [min(size, max(2, round(wanted * size / everybody))) for size in sizes]
