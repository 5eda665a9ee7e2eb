"""Where a trouble sits: which values of which dimension are over-represented among the affected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp

from scipy import special

from ops.stats.intervals import share

Value = tuple[str, str]
"""A dimension and one of its values, such as ``("region", "广东")``."""


@dataclass(frozen=True)
class OverRepresented:
    """A value that the affected have more often than others do.

    Attributes:
        dim: the dimension.
        value: of it.
        share: of the affected that have it, 0 to 1.
        others: of the others that have it, 0 to 1.
        at_least: by how much more the affected have it at least, 0 to 1.
        p: probability of as many by chance, for all values tried together.
    """

    dim: str
    value: str
    share: float
    others: float
    at_least: float
    p: float


def over_represented(
    affected: Sequence[frozenset[Value]], others: Sequence[frozenset[Value]], least: int, level: float = 0.01
) -> tuple[OverRepresented, ...]:
    """The values that chance does not explain, the least likely first.

    The tail of the hypergeometric distribution for each value, and Holm's correction over all that were tried.

    Args:
        affected: the values of each affected customer.
        others: the values of each other customer of the same time.
        least: how many affected customers must share a value.
        level: highest probability, after correction, that counts as more than chance.

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    among, elsewhere = _counted(affected), _counted(others)
    tried = sorted((_tail(count, len(affected), elsewhere[value], len(others)), value) for value, count in among.items() if count >= least)
    found: list[OverRepresented] = []
    worst = 0.0
    for place, (p, value) in enumerate(tried):
        worst = max(worst, min(1.0, p * (len(tried) - place)))
        if worst > level:
            break
        here, there = among[value] / len(affected), elsewhere[value] / len(others) if others else 0.0
        low, high = share(among[value], len(affected))[0], share(elsewhere[value], len(others))[1] if others else 0.0
        found.append(OverRepresented(*value, here, there, max(0.0, low - high), worst))
    return tuple(sorted(found, key=lambda each: (each.p, each.others - each.share)))


def _counted(customers: Iterable[frozenset[Value]]) -> Counter[Value]:
    return Counter(chain.from_iterable(customers))


def _tail(hits: int, affected: int, others_with: int, others: int) -> float:
    """P(at least ``hits`` of the affected have the value), if affected and others were drawn from one urn."""
    with_it, everybody = hits + others_with, affected + others
    total = _log_choose(everybody, affected)
    terms = (
        exp(_log_choose(with_it, count) + _log_choose(everybody - with_it, affected - count) - total)
        for count in range(hits, min(with_it, affected) + 1)
        if affected - count <= everybody - with_it
    )
    return min(1.0, sum(terms))


def _log_choose(of: int, count: int) -> float:
    return float(special.gammaln(of + 1) - special.gammaln(count + 1) - special.gammaln(of - count + 1))
