"""Small snapshots built in code: healthy unless told otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Optional, Sequence

from actions.core.catalogue import Category, Item, Merchant, Plan
from actions.core.disturbances import Incident, Maintenance
from actions.core.facts import Facts, Line
from actions.core.fields import Count
from actions.core.moments import SHANGHAI
from actions.core.policies import Policy
from actions.core.records import Bill, Order, User

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)

Row = Dict[str, Any]


def line(
    price: str = "5199.00",
    quantity: int = 1,
    category: Optional[Row] = None,
    merchant: Optional[Row] = None,
    **item: Any,
) -> Line:
    """An order line; the keyword arguments are fields of the item, as a world file writes them."""
    where = Category(**{"id": "c-phone", **(category or {})})
    shop = Merchant(**{"id": "m-1", **(merchant or {})})
    goods = Item(**{"sku": "100001", "category": where.id, "merchant": shop.id, "price": price, **item})
    return Line(goods, where, shop, quantity)


def snapshot(
    user: Optional[Row] = None,
    baitiao: Optional[Row] = None,
    lines: Optional[Sequence[Line]] = None,
    order: Optional[Row] = None,
    bill: Optional[Row] = None,
    policies: Sequence[Row] = (),
    incidents: Sequence[Row] = (),
    maintenance: Sequence[Row] = (),
    subject: str = "order",
) -> Facts:
    """A snapshot at ``NOW``; rows are given as a world file writes them."""
    found = tuple(lines) if lines is not None else (line(),)
    rows = [{"sku": each.item.sku, "quantity": each.quantity} for each in found]
    return Facts(
        now=NOW,
        user=User(**{"id": "u-1", **(user or {}), "baitiao": baitiao or {}}),
        order=Order(**{"id": "o-1", "user": "u-1", "lines": rows, **(order or {})}) if subject == "order" else None,
        lines=found if subject == "order" else (),
        bill=Bill(**{"id": "b-1", "user": "u-1", "month": "2026-11", "amount": "1200.00", "status": "issued", **(bill or {})})
        if subject == "bill"
        else None,
        plans=tuple(Plan(tenor=Count(tenor)) for tenor in (3, 6, 12, 24)),
        policies=tuple(Policy(**{"id": f"p-{n}", "effective_from": "2026-01-01", **row}) for n, row in enumerate(policies)),
        incidents=tuple(Incident(**{"id": f"i-{n}", "started_at": "2026-11-22T09:30:00+08:00", **row}) for n, row in enumerate(incidents)),
        maintenance=tuple(Maintenance(**{"id": f"w-{n}", **row}) for n, row in enumerate(maintenance)),
    )
