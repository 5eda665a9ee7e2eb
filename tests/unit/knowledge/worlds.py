"""Small snapshots built in code: healthy unless told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from actions.core.facts import Facts, Line, OwnOrder
from actions.core.fields import Count
from actions.core.moments import SHANGHAI
from actions.core.platform import Category, Incident, Item, Maintenance, Merchant, Plan, Policy
from actions.core.records import Bill, Contract, Order, Refund, Repayment, User

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)

Row = dict[str, Any]


def line(
    price: str = "5199.00",
    quantity: int = 1,
    category: Row | None = None,
    merchant: Row | None = None,
    **item: Any,
) -> Line:
    """An order line; the keyword arguments are fields of the item, as a world file writes them."""
    where = Category(**{"id": "c-phone", **(category or {})})
    shop = Merchant(**{"id": "m-1", **(merchant or {})})
    goods = Item(**{"sku": "100001", "category": where.id, "merchant": shop.id, "price": price, **item})
    return Line(goods, where, shop, quantity)


def contract(**row: Any) -> Contract:
    """Installments of order o-1, or of the bill that is named; while they are active there is something next."""
    given = {
        "id": "k-1",
        "user": "u-1",
        "amount": "3000.00",
        "tenor": 12,
        "fee_rate_per_period": "0.005",
        "paid_periods": 0,
        "status": "active",
        **row,
    }
    of = {} if "bill" in given else {"order": "o-1"}
    following = {"next_due_on": "2026-11-29", "next_amount": "1.00"} if given["status"] == "active" else {}
    return Contract(**{**of, **following, **given})


def _bill(row: Row) -> Bill:
    return Bill(**{"user": "u-1", "month": "2026-11", "amount": "1200.00", "status": "issued", **row})


def snapshot(
    user: Row | None = None,
    baitiao: Row | None = None,
    lines: Sequence[Line] | None = None,
    order: Row | None = None,
    bill: Row | None = None,
    policies: Sequence[Row] = (),
    incidents: Sequence[Row] = (),
    maintenance: Sequence[Row] = (),
    subject: str = "order",
    bills: Sequence[Row] = (),
    contracts: Sequence[Row] = (),
    repayments: Sequence[Row] = (),
    refunds: Sequence[Row] = (),
) -> Facts:
    """A snapshot at ``NOW``; rows are given as a world file writes them.

    Args:
        order: the customer's only order, which is the subject by default.
        bill: the bill that is the subject, beside ``bills``; without one there are only these.
    """
    found = tuple(lines) if lines is not None else (line(),)
    rows = [{"sku": each.item.sku, "quantity": each.quantity} for each in found]
    own = OwnOrder(Order(**{"id": "o-1", "user": "u-1", "lines": rows, **(order or {})}), found)
    chosen = _bill({"id": "b-1", **(bill or {})}) if subject == "bill" else None
    return Facts(
        now=NOW,
        user=User(**{"id": "u-1", **(user or {}), "baitiao": baitiao or {}}),
        order=own.order if subject == "order" else None,
        lines=found if subject == "order" else (),
        bill=chosen,
        orders=(own,),
        bills=(*([chosen] if chosen else []), *(_bill({"id": f"b-{n}", **row}) for n, row in enumerate(bills, start=2))),
        contracts=tuple(contract(**{"id": f"k-{n}", **row}) for n, row in enumerate(contracts, start=1)),
        repayments=tuple(
            Repayment(**{"id": f"rp-{n}", "user": "u-1", "at": "2026-11-20", "method": "manual", "status": "posted", **row})
            for n, row in enumerate(repayments, start=1)
        ),
        refunds=tuple(
            Refund(**{"id": f"rf-{n}", "order": own.order.id, "requested_at": "2026-11-15", "to": "baitiao", "posted": False, **row})
            for n, row in enumerate(refunds, start=1)
        ),
        plans=tuple(Plan(tenor=Count(tenor)) for tenor in (3, 6, 12, 24)),
        policies=tuple(Policy(**{"id": f"p-{n}", "effective_from": "2026-01-01", **row}) for n, row in enumerate(policies)),
        incidents=tuple(Incident(**{"id": f"i-{n}", "started_at": "2026-11-22T09:30:00+08:00", **row}) for n, row in enumerate(incidents)),
        maintenance=tuple(Maintenance(**{"id": f"w-{n}", **row}) for n, row in enumerate(maintenance)),
    )
