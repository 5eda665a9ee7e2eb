"""Customers and their orders, as many as are needed; every kind of world rows that a diagnosis reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

CATALOGUE = 500


def world(customers: int, orders: int) -> dict[str, Any]:
    """The sections of a world file. Customers are `u-0`, `u-1` and so on, orders go round among them."""
    return {
        "now": "2026-11-22T10:00:00+08:00",
        "users": [{"id": f"u-{n}", "baitiao": {"overdue": Decimal(n % 3)}} for n in range(customers)],
        "merchants": [{"id": f"m-{n}"} for n in range(50)],
        "categories": [{"id": "c"}],
        "items": [
            {"sku": f"{n}", "category": "c", "merchant": f"m-{n % 50}", "price": Decimal(100 + n), "promotion_excluded": n % 7 == 0}
            for n in range(CATALOGUE)
        ],
        "orders": [
            {"id": f"o-{n}", "user": f"u-{n % customers}", "lines": [{"sku": f"{(n + k) % CATALOGUE}"} for k in range(1 + n % 5)]}
            for n in range(orders)
        ],
        "plans": [{"tenor": tenor} for tenor in (3, 6, 12, 24)],
        "policies": [{"id": f"p-{n}", "kind": "min_amount", "amount": n, "effective_from": "2026-01-01"} for n in range(20)],
    }
