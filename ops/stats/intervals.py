"""Exact intervals of rates and shares. No normal approximation: counts here are often below ten."""

from __future__ import annotations

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


def wilson(hits: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a rate for reports, narrower than ``share`` and right on average.

    Args:
        hits: how many, 0 to ``of``.
        of: out of how many, at least 1.
        level: of confidence.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    z = float(special.ndtri(1 - (1 - level) / 2))
    rate = hits / of
    centre, spread = rate + z * z / (2 * of), z * (rate * (1 - rate) / of + z * z / (4 * of * of)) ** 0.5
    scale = 1 + z * z / of
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
