"""Intervals of rates for pages: of the standard library alone, because the web server loads nothing that computes."""

from __future__ import annotations

from statistics import NormalDist


def wilson(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a rate for reports, narrower than an exact one and right on average.

    Args:
        hits: how many, 0 to ``of``.
        of: out of how many, at least 1.
        level: of confidence.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    z = NormalDist().inv_cdf(1 - (1 - level) / 2)
    rate = hits / of
    centre, spread = rate + z * z / (2 * of), z * (rate * (1 - rate) / of + z * z / (4 * of * of)) ** 0.5
    scale = 1 + z * z / of
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
