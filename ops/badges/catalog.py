"""What badges are made from: every product with its category and shop, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.facts import Facts, Line
from actions.core.records import User
from actions.state.world.changes import latest_change
from actions.state.world.rows import read_rows
from actions.state.world.tables import facts_now

_SHARED = ("plans", "policies", "incidents", "maintenance")


@dataclass(frozen=True)
class Catalog:
    """The products of a world.

    Attributes:
        lines: one of each product, by SKU.
        world: what holds for all, with the clock; of nobody in particular.
        version: grows with every change of the world.
    """

    lines: Mapping[str, Line]
    world: Facts
    version: int

    @classmethod
    def read(cls, session: Session, frozen: datetime | None = None) -> Catalog:
        """The catalog as the database has it.

        Args:
            session: of the world.
            frozen: the instant at which the clock of the facts stands, if it does.
        """
        merchants, categories = read_rows(session, "merchants"), read_rows(session, "categories")
        shared: dict[str, Any] = {section: tuple(read_rows(session, section).values()) for section in _SHARED}
        lines = {
            sku: Line(item, categories[item.category], merchants[item.merchant], 1) for sku, item in read_rows(session, "items").items()
        }
        return cls(lines, Facts(now=facts_now(session, frozen), user=User(id="nobody"), **shared), latest_change(session))
