"""The console's page of badges: what stands at a product or at those of a shop, how much of the range can be had in installments, what changes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Literal, get_args

from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.state import badges, jobs
from actions.state.badges import KeptBadge
from actions.state.database import Database
from actions.state.world.rows import read_rows
from bot.console.places import Place, Shown, Visit

SHOWN = 50
"""Products, shops and coming changes on the page; programs get as many."""
_LONGEST = 64
_SOLD = tuple(state for state in get_args(badges.KeptState) if state != "gone")
_HAD = ("available", "limited")
"""What can be had in installments, the second with a condition."""


class BadgeBoard:
    """The place. It shows what the worker has kept, where a customer is of whom nothing is said, in the app.

    Args:
        database: where badges are kept.
        world_now: the clock of the world.
    """

    def __init__(self, database: Database, world_now: Callable[[Session], datetime]) -> None:
        self._database = database
        self._world_now = world_now

    @property
    def place(self) -> Place:
        """It, for whoever may read the console."""
        return Place("badges", "/badges", self._show, listed=True)

    def _show(self, visit: Visit) -> Shown:
        asked = visit.asked.get("q", "").strip().replace("\0", "")[:_LONGEST]
        with self._database.session() as session:
            names = {
                section: {key: row.name for key, row in read_rows(session, section).items()} for section in ("categories", "merchants")
            }
            data = {
                "asked": asked,
                "as_of": local(self._world_now(session)).isoformat(),
                "kept_at": _kept_at(session),
                "version": badges.kept_version(session),
                "found": self._found(session, asked, names["merchants"]) if asked else None,
                "categories": _covered(session, "category", names["categories"]),
                "shops": _covered(session, "merchant", names["merchants"])[:SHOWN],
                "next": [_coming(each) for each in badges.changing_next(session, SHOWN)],
            }
        return Shown(data, "badges.html")

    def _found(self, session: Session, asked: str, shops: Mapping[str, str]) -> dict[str, Any]:
        """What a text names: a product by its number, a shop by its id or name, or products by a word of their titles."""
        product = badges.find_badge(session, asked)
        if product is not None:
            return {"kind": "product", "products": [_product(product)]}
        shop = next((key for key, name in shops.items() if asked in (key, name)), None)
        if shop is not None:
            return {"kind": "shop", "shop": {"id": shop, "name": shops[shop]}, "products": _products(badges.of_shop(session, shop, SHOWN))}
        return {"kind": "words", "products": _products(badges.titled(session, asked, SHOWN))}


def _products(found: Sequence[KeptBadge]) -> list[dict[str, Any]]:
    return [_product(each) for each in found]


def _product(badge: KeptBadge) -> dict[str, Any]:
    changes = _moment(badge.changes_at)
    return {**badge.body, "title": badge.title, "category": badge.category, "merchant": badge.merchant, "changes_at": changes}


def _coming(badge: KeptBadge) -> dict[str, Any]:
    return {"sku": badge.sku, "title": badge.title, "state": badge.state, "changes_at": _moment(badge.changes_at)}


def _covered(session: Session, group: Literal["category", "merchant"], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How much of each can be had in installments, the smallest share first; where as much, the larger one."""
    rows = []
    for key, counts in badges.coverage(session, group).items():
        of = sum(counts.values())
        had = sum(counts.get(state, 0) for state in _HAD)
        rows.append(
            {
                "id": key,
                "name": names.get(key, key),
                "products": of,
                "had": had,
                "share": round(had / of, 4),
                **dict.fromkeys(_SOLD, 0),
                **counts,
            }
        )
    return sorted(rows, key=lambda row: (row["share"], -row["products"], row["id"]))


def _kept_at(session: Session) -> str | None:
    """When the worker has looked last, in real time."""
    last = next((job.last_success for job in jobs.every_job(session) if job.name == badges.PASS), None)
    return _moment(last)


def _moment(millis: int | None) -> str | None:
    return None if millis is None else local(datetime.fromtimestamp(millis / 1000, timezone.utc)).isoformat(timespec="seconds")
