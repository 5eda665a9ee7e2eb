"""Who is in the census's panel: drawn once by a seed and kept, and whoever is not there any more replaced by the next in line."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from hashlib import sha256

from actions.state.census import Population

Key = tuple[Population, str]
"""An order, a bill or a product."""


def place_in_line(seed: str, key: Key) -> bytes:
    """Where a subject stands in the line from which the panel is filled: as good as random, and the same every time.

    Args:
        seed: of the panel.
        key: of the subject.
    """
    return sha256("\0".join((seed, *key)).encode()).digest()


def filled(kept: Collection[Key], there: Iterable[Key], size: int, seed: str) -> tuple[Key, ...]:
    """Those who join a panel so that it is full, or has everybody.

    Args:
        kept: who is in it and stays.
        there: everybody who could be in it, each once; may be long, and is gone through once.
        size: of the full panel.
        seed: of the panel.
    """
    members = frozenset(kept)
    others = (key for key in there if key not in members)
    return tuple(heapq.nsmallest(max(0, size - len(members)), others, key=lambda key: place_in_line(seed, key)))
