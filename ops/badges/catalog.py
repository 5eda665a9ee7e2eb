"""What badges are made from: every product with its category and shop, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.facts import Facts, Line
from actions.core.records import User
from actions.state.world.rows import read_rows
from actions.state.world.tables import TABLES, facts_now

_SHARED = ("plans", "policies", "incidents", "maintenance")


def shared_facts(session: Session, frozen: datetime | None = None) -> Facts:
    """What holds for all products, with the clock; of nobody in particular.

    Args:
        session: of the world.
        frozen: the instant at which the clock of the facts stands, if it does.
    """
    shared: dict[str, Any] = {section: tuple(read_rows(session, section).values()) for section in _SHARED}
    return Facts(now=facts_now(session, frozen), user=User(id="nobody"), **shared)


def lines_of(session: Session, skus: Collection[str] | None = None) -> dict[str, Line]:
    """One of each product by SKU, with its category and shop: of all products, or of those among some that there are."""
    items = read_rows(session, "items", None if skus is None else [sku for sku in skus if _can_be_asked_for(sku)])
    categories, merchants = (
        read_rows(session, section, None if skus is None else {getattr(item, field) for item in items.values()})
        for section, field in (("categories", "category"), ("merchants", "merchant"))
    )
    return {sku: Line(item, categories[item.category], merchants[item.merchant], 1) for sku, item in items.items()}


def every_sku(session: Session) -> list[str]:
    """Every product, in order."""
    items = TABLES["items"].c.sku
    return list(session.execute(select(items).order_by(items)).scalars())


def _can_be_asked_for(sku: str) -> bool:
    # Databases refuse the sign NUL, and half a character.
    return "\0" not in sku and not any("\ud800" <= sign <= "\udfff" for sign in sku)
