"""Which of many rates have changed: a test for each, and a limit for how many of those that are named may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, sqrt

from scipy import special

_ENOUGH = 30
"""Events and non-events in each, below which nothing is taken for normal."""


def differ(hits: int, of: int, others: int, of_others: int) -> float:
    """Probability of rates as different as these, if they were one; two-sided.

    Fisher's exact test with the smaller tail doubled where a count is small, else the test for two proportions.
    """
    if not of or not of_others:
        return 1.0
    if min(hits, of - hits, others, of_others - others) >= _ENOUGH:
        pooled = (hits + others) / (of + of_others)
        z = abs(hits / of - others / of_others) / sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_others))
        return erfc(z / sqrt(2))
    every, total = of + of_others, hits + others
    least, most = max(0, total - of_others), min(of, total)
    norm = _log_choose(every, total)

    def likelihood(count: int) -> float:
        return exp(_log_choose(of, count) + _log_choose(of_others, total - count) - norm)

    if hits - least <= most - hits:
        # Whichever tail is shorter is added up; the other is what remains.
        below = sum(likelihood(count) for count in range(least, hits + 1))
        above = 1 - below + likelihood(hits)
    else:
        above = sum(likelihood(count) for count in range(hits, most + 1))
        below = 1 - above + likelihood(hits)
    return max(0.0, min(1.0, 2 * min(below, above)))


def discoveries(probabilities: Sequence[float], false_part: float = 0.1) -> tuple[bool, ...]:
    """Which of many tests to name, so that of those named at most that part is chance.

    Source: Benjamini, Hochberg, "Controlling the false discovery rate", 1995.
    """
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    last = max((rank for rank, place in enumerate(order, 1) if probabilities[place] <= false_part * rank / len(order)), default=0)
    named = set(order[:last])
    return tuple(place in named for place in range(len(probabilities)))


def _log_choose(of: int, count: int) -> float:
    return float(special.gammaln(of + 1) - special.gammaln(count + 1) - special.gammaln(of - count + 1))
