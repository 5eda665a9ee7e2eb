"""Badges of products as the worker keeps them, each with the version at which it was last another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Index, func, or_, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of
from actions.state.database import chunks, upsert
from actions.state.world.changes import latest_change

PASS = "badges"
"""What the pass of the worker is called that keeps them."""
TOGETHER = 500
"""Products that are written in one transaction and get one version."""
KeptState = Literal["unavailable", "later", "limited", "available", "gone"]
"""As it stands at a product; gone: nobody sells it any more, which is kept so that whoever asks for changes hears of it."""


@dataclass(frozen=True)
class KeptBadge:
    """One product's badge where a customer is of whom nothing is said, in the app.

    Attributes:
        version: grows with every change of any badge.
        title: of the product.
        category, merchant: their ids.
        body: what is said, in the contract's words.
        digest: of what is said anywhere, by which a change is known.
        changes_at: when time alone will change ``body``, epoch milliseconds of the facts' clock; None for never.
        valid_until: the same for what is said anywhere: in any region, in any channel.
    """

    sku: str
    version: int
    state: KeptState
    title: str
    category: str
    merchant: str
    body: dict[str, Any]
    digest: str
    changes_at: int | None
    valid_until: int | None


BADGES = table_of(
    "badges",
    KeptBadge,
    *(Index(None, column) for column in ("version", "merchant", "changes_at", "valid_until")),
    key=("sku",),
)
_IS_SOLD = BADGES.c.state != "gone"


def kept_version(session: Session) -> int:
    """The version of the latest change of any badge, 0 before the first."""
    return int(session.execute(select(func.max(BADGES.c.version))).scalar() or 0)


def next_version(session: Session) -> int:
    """The version of a change that is written now: greater than that of every badge and of every answer that was given before."""
    return max(kept_version(session), latest_change(session)) + 1


def keep_badges(session: Session, badges: Collection[KeptBadge]) -> None:
    """Stores badges in the place of those before."""
    upsert(session, BADGES, "sku", [vars(each) for each in badges])


def find_badge(session: Session, sku: str) -> KeptBadge | None:
    """The badge of a product that is sold."""
    wanted = select(BADGES).where(BADGES.c.sku == sku, _IS_SOLD)
    return next(iter(rows_as(KeptBadge, session.execute(wanted))), None)


def kept(session: Session, skus: Collection[str]) -> dict[str, KeptBadge]:
    """The badges of some products, those that are gone included."""
    found = (rows_as(KeptBadge, session.execute(select(BADGES).where(BADGES.c.sku.in_(chunk)))) for chunk in chunks(skus))
    return {each.sku: each for some in found for each in some}


def kept_skus(session: Session) -> set[str]:
    """Every product that has a badge and is not gone."""
    return set(session.execute(select(BADGES.c.sku).where(_IS_SOLD)).scalars())


def due_skus(session: Session, now: int) -> list[str]:
    """The products whose badge time has changed by now, in epoch milliseconds of the facts' clock."""
    return list(session.execute(select(BADGES.c.sku).where(BADGES.c.valid_until <= now, _IS_SOLD).order_by(BADGES.c.sku)).scalars())


def changed_after(session: Session, version: int, most: int) -> list[tuple[str, int]]:
    """The products whose badge is another since a version, with the version of their change, in order of versions.

    Args:
        most: how many at most.
    """
    wanted = select(BADGES.c.sku, BADGES.c.version).where(BADGES.c.version > version).order_by(BADGES.c.version, BADGES.c.sku).limit(most)
    return [(row.sku, int(row.version)) for row in session.execute(wanted)]


def coverage(session: Session, group: Literal["category", "merchant"]) -> dict[str, dict[str, int]]:
    """How many products of each category or shop have which badge."""
    column = BADGES.c[group]
    wanted = select(column, BADGES.c.state, func.count()).where(_IS_SOLD).group_by(column, BADGES.c.state).order_by(column)
    found: dict[str, dict[str, int]] = {}
    for name, state, count in session.execute(wanted):
        found.setdefault(name, {})[state] = int(count)
    return found


def of_shop(session: Session, merchant: str, most: int) -> Sequence[KeptBadge]:
    """Products of a shop, those that cannot be had in installments first."""
    wanted = select(BADGES).where(BADGES.c.merchant == merchant, _IS_SOLD).order_by(BADGES.c.state.desc(), BADGES.c.sku).limit(most)
    return rows_as(KeptBadge, session.execute(wanted))


def changing_next(session: Session, most: int) -> Sequence[KeptBadge]:
    """The products whose badge time will change, the soonest first."""
    wanted = select(BADGES).where(BADGES.c.changes_at.is_not(None), _IS_SOLD).order_by(BADGES.c.changes_at, BADGES.c.sku).limit(most)
    return rows_as(KeptBadge, session.execute(wanted))


def titled(session: Session, word: str, most: int) -> Sequence[KeptBadge]:
    """Products whose number or title holds a word."""
    like = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    found = or_(BADGES.c.title.like(like, escape="!"), BADGES.c.sku.like(like, escape="!"))
    return rows_as(KeptBadge, session.execute(select(BADGES).where(found, _IS_SOLD).order_by(BADGES.c.sku).limit(most)))
