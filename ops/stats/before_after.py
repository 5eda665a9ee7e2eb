"""A difference in differences: by how much what two groups differ by has changed, told from whole weeks, of which there are few.

What both groups have in common in a week, such as a promotion or a holiday, is gone from their difference; what is left is taken as one number a week,
so that the interval holds whatever customers of one week have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean
from typing import NamedTuple

from scipy import special

from ops.stats.intervals import LEVEL

LEAST_WEEKS = 2
"""On either side."""


class Change(NamedTuple):
    """A change of a difference.

    Attributes:
        estimate: after minus before.
        low, high: its interval.
        p: probability of a change as large, were there none; two-sided.
    """

    estimate: float
    low: float
    high: float
    p: float


def change(before: Sequence[float], after: Sequence[float], level: float = LEVEL) -> Change | None:
    """By how much the mean of weekly differences has changed; None: there are too few weeks, or nothing that varies.

    Args:
        before, after: the difference of the two groups in each week.
        level: of confidence.

    Source: Donald, Lang, "Inference with difference-in-differences and other panel data", 2007: with few groups the second step is a test of
    their means by Student's distribution.
    """
    many, more = len(before), len(after)
    if min(many, more) < LEAST_WEEKS:
        return None
    first, second = fmean(before), fmean(after)
    free = many + more - 2
    spread = (sum((each - first) ** 2 for each in before) + sum((each - second) ** 2 for each in after)) / free
    error = sqrt(spread * (1 / many + 1 / more))
    if error <= 0:
        return None
    estimate = second - first
    radius = float(special.stdtrit(free, 1 - (1 - level) / 2)) * error
    return Change(estimate, estimate - radius, estimate + radius, float(2 * special.stdtr(free, -abs(estimate) / error)))


def holm(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Each probability for all of them tried together.

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    found, worst = [1.0] * len(probabilities), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, probabilities[place] * (len(order) - rank)))
        found[place] = worst
    return tuple(found)


def carried_on(before: Sequence[float], after: int) -> float:
    """The change that there would be if the straight line through the weeks before went on through so many weeks after."""
    middle = (len(before) - 1) / 2
    spread = sum((week - middle) ** 2 for week in range(len(before)))
    slope = sum((week - middle) * value for week, value in enumerate(before)) / spread if spread else 0.0
    return slope * (len(before) + after) / 2
