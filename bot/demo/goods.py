"""What the demo shop sells: its list of products, and putting one into a cart, so that there is an order to ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.money import yuan_number
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.state.world.rows import read_rows
from bot.demo.refusals import Refused

_PICTURE = "goods-{category}.svg"
_DRAWN = {path.name for path in (Path(__file__).parent / "static").glob(_PICTURE.format(category="*"))}
MOST_GOODS = 200
"""Products listed; a world that somebody has loaded may hold more than a list is good for."""


def picture(category: str) -> str:
    """The file that shows what goods of a category look like; a bag for those of which there is no drawing."""
    name = _PICTURE.format(category=category)
    return name if name in _DRAWN else _PICTURE.format(category="other")


class Goods:
    """What is sold. Every call reads the state anew.

    Args:
        database: where the world is.
        now: the clock of the world.
    """

    def __init__(self, database: Database, now: Callable[[Session], datetime]) -> None:
        self._database = database
        self._now = now

    def listed(self) -> list[dict[str, Any]]:
        """The products in order of their numbers."""
        with self._database.session() as session:
            items, shops, categories = (read_rows(session, section) for section in ("items", "merchants", "categories"))
        return [
            {
                "sku": item.sku,
                "title": item.title,
                "merchant": shops[item.merchant].name,
                "category": categories[item.category].name,
                "picture": picture(item.category),
                "price": yuan_number(item.price),
            }
            for item in list(items.values())[:MOST_GOODS]
        ]

    def put(self, user: str, sku: str) -> str:
        """The id of the customer's order that holds one of a product and nothing else, which they have not paid; a new one if there is none.

        Raises:
            Refused: there is no such customer or product.
        """
        with self._database.session() as session:
            known = read_rows(session, "users", [user]) and read_rows(session, "items", [sku])
            orders, now = read_rows(session, "orders").values(), self._now(session)
        if not known:
            raise Refused("unknown")
        mine = (each for each in orders if each.user == user and each.status != "paid")
        found = next((each.id for each in mine if [(line.sku, line.quantity) for line in each.lines] == [(sku, 1)]), None)
        if found is not None:
            return str(found)
        cart = f"cart-{user}-{sku}"
        row = {"id": cart, "user": user, "lines": [{"sku": sku}], "status": "cart", "created_at": now.isoformat()}
        load_world_data(self._database, {"orders": [row]})
        return cart
