"""Exact intervals of rates and shares. No normal approximation: counts here are often below ten."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite

from scipy import special

LEVEL = 0.95


def rate_ratio(observed: float, expected: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the ratio of a Poisson count to what was expected.

    Args:
        observed: the count, at least 0.
        expected: what was expected, taken as known, above 0.
        level: of confidence.

    Returns:
        Lower and upper limit; both infinite if nothing was expected.

    Source: Garwood, "Fiducial limits for the Poisson distribution", 1936.
    """
    if expected <= 0:
        return float("inf"), float("inf")
    tail = (1 - level) / 2
    low = special.gammaincinv(observed, tail) if observed > 0 else 0.0
    return float(low) / expected, float(special.gammaincinv(observed + 1, 1 - tail)) / expected


def ratio_of_counts(one: int, for_one: float, other: int, for_other: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the ratio of two Poisson rates, never narrower than it claims.

    Args:
        one, other: the counts; not both may be 0.
        for_one, for_other: what each was counted over, above 0.
        level: of confidence.

    Returns:
        Lower and upper limit; the upper one is infinite if ``other`` may as well come from nothing.

    Source: Przyborowski, Wilenski, "Homogeneity of results in testing samples from Poisson series", 1940: given their sum, one of the counts is
    binomial.
    """
    low, high = share(one, one + other, level)
    scale = for_other / for_one
    return low / (1 - low) * scale if low < 1 else float("inf"), high / (1 - high) * scale if high < 1 else float("inf")


def median_between(values: Sequence[float], level: float = LEVEL) -> tuple[float, float] | None:
    """Interval of the median of what the values were drawn from: two of the values themselves; None if there are too few for any.

    Source: Thompson, "On confidence ranges for the median and other expectation distributions", 1936.
    """
    many, tail = len(values), (1 - level) / 2
    # So many of the smallest, and of the largest, may be left out.
    left_out = max((count for count in range(many // 2) if special.bdtr(count, many, 0.5) <= tail), default=-1)
    if left_out < 0:
        return None
    ordered = sorted(values)
    return ordered[left_out], ordered[many - 1 - left_out]


def share(hits: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a share, never narrower than it claims.

    Args:
        hits: how many, 0 to ``of``.
        of: out of how many, at least 1.
        level: of confidence.

    Source: Clopper, Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934.
    """
    tail = (1 - level) / 2
    low = float(special.betaincinv(hits, of - hits + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, of - hits, 1 - tail)) if hits < of else 1.0
    return low, high


def usual_counts(expected: float, dispersion: float = 1.0, level: float = LEVEL) -> tuple[int, int]:
    """Between which counts most ordinary ones lie.

    Args:
        expected: their mean, at least 0.
        dispersion: variance over mean, at least 1; above 1 the counts are taken as negative binomial.
        level: part of them that lies between.
    """
    if expected <= 0:
        return 0, 0
    tail = (1 - level) / 2
    return _quantile(tail, expected, dispersion), _quantile(1 - tail, expected, dispersion)


def _quantile(part: float, expected: float, dispersion: float) -> int:
    found = special.pdtrik(part, expected) if dispersion <= 1.0 else special.nbdtrik(part, expected / (dispersion - 1.0), 1.0 / dispersion)
    # Where no count at all is likelier than that, there is no inverse.
    return int(ceil(found)) if isfinite(found) and found > 0 else 0
