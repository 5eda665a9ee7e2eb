"""Which regions are like one another before anything was begun: near in how many customers there are and in how often the outcome happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import pstdev

from ops.stats.shrinkage import shrunken

MOST_MATCHED = 3


@dataclass(frozen=True)
class Standing:
    """A region in the weeks by which regions are matched.

    Attributes:
        customers: how many there were, at least 1.
        hits: to how many of them the outcome happened.
    """

    region: str
    customers: int
    hits: int


def nearest(one: Standing, others: Sequence[Standing], most: int = MOST_MATCHED) -> tuple[Standing, ...]:
    """The regions that are most like one, the most alike first; of those as near the one whose name comes first.

    Volumes are compared by their ratio, levels as what is to be expected of a region, in which a small one is drawn towards the rest; both in
    units of how far regions differ.
    """
    if not others:
        return ()
    every = [one, *others]
    volumes = _in_spreads([log(each.customers) for each in every])
    levels = _in_spreads([each.rate for each in shrunken([(each.hits, each.customers) for each in every])])
    far = {each.region: (volumes[place] - volumes[0]) ** 2 + (levels[place] - levels[0]) ** 2 for place, each in enumerate(others, 1)}
    return tuple(sorted(others, key=lambda each: (far[each.region], each.region))[:most])


def _in_spreads(values: Sequence[float]) -> list[float]:
    spread = pstdev(values)
    return [value / spread if spread else 0.0 for value in values]
