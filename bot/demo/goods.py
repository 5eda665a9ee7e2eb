"""What the demo shop sells: its list of products, and putting one into a cart, so that there is an order to ask about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.core.money import yuan_number
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.state.world.rows import read_rows
from actions.yaml_source import Source
from bot.demo.refusals import Refused

_PICTURE = "goods-{name}.svg"
_DRAWN = {path.name for path in (Path(__file__).parent / "static").glob(_PICTURE.format(name="*"))}
MOST_GOODS = 200
"""Products listed; a world that somebody has loaded may hold more than a list is good for."""


def picture(category: str, title: str = "") -> str:
    """The file that shows what goods look like: by a word of their title, else by their category; a bag for those of which there is no drawing."""
    named = (drawing for word, drawing in _drawings().items() if word in title)
    name = _PICTURE.format(name=next(named, category))
    return name if name in _DRAWN else _PICTURE.format(name="other")


@lru_cache(maxsize=1)
def _drawings() -> Mapping[str, str]:
    found: Mapping[str, str] = Source.read(Path(__file__).with_name("drawings.yml")).data
    return found


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
                "picture": picture(item.category, item.title),
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
