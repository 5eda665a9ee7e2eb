"""What changes of the world mean for badges: which products must be looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from actions.state.world.changes import WORLD_CHANGES, changes_after
from actions.state.world.tables import TABLES

_SHARED = frozenset({"plans", "policies", "incidents", "maintenance"})
"""Sections that hold for every product."""


@dataclass(frozen=True)
class TouchedGoods:
    """What of the catalogue may be another since a change.

    Attributes:
        all: everything, because what holds for all products has changed, the clock was set, or the world is a new one.
        items, merchants, categories: ids of those that were written, if it is not everything.
    """

    all: bool = False
    items: frozenset[str] = frozenset()
    merchants: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return self.all or bool(self.items or self.merchants or self.categories)


EVERYTHING = TouchedGoods(all=True)


def touched_goods(session: Session, after: int, longest: int | None = None) -> TouchedGoods:
    """What the changes after one touched.

    Args:
        after: number of the change.
        longest: characters of changes that are read at most; whatever is longer is taken for everything.
    """
    if longest is not None and _length(session, after) > longest:
        return EVERYTHING
    found: dict[str, set[str]] = {"items": set(), "merchants": set(), "categories": set()}
    for change in changes_after(session, after):
        if change.rows is None or change.clock is not None:
            return EVERYTHING
        for row in change.rows:
            if row.section in _SHARED:
                return EVERYTHING
            if row.section in found:
                found[row.section].add(str(row.key))
    return TouchedGoods(False, *(frozenset(found[section]) for section in ("items", "merchants", "categories")))


def touched_skus(session: Session, touched: TouchedGoods) -> set[str]:
    """The products that a change touched which is not of everything."""
    items = TABLES["items"]
    found = set(touched.items)
    for column, ids in ((items.c.merchant, touched.merchants), (items.c.category, touched.categories)):
        for each in ids:
            found.update(session.execute(select(items.c.sku).where(column == each)).scalars())
    return found


def _length(session: Session, after: int) -> int:
    length = func.sum(func.length(cast(WORLD_CHANGES.c.rows, Text)))
    return int(session.execute(select(length).where(WORLD_CHANGES.c.id > after)).scalar() or 0)
