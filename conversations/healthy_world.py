"""A small healthy world, and the patches that put each cause into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.yaml_source import Source

INJECTIONS = Path(__file__).with_name("healthy_world.yml")

HEALTHY = """
now: 2026-11-22T10:00:00+08:00
users: [{id: u}]
merchants: [{id: m}]
categories: [{id: c}]
items: [{sku: "1", category: c, merchant: m, price: 5299.00}]
orders: [{id: o, user: u, lines: [{sku: "1"}]}]
bills: [{id: b, user: u, month: 2026-11, amount: 1200.00, status: issued}]
plans: [{tenor: 3}, {tenor: 6}, {tenor: 12}, {tenor: 24}]
"""


@dataclass(frozen=True)
class Injection:
    """The patch that makes one cause hold; ``subject`` is what it needs, ``field`` what it cannot share."""

    cause: str
    patch: dict[str, Any]
    subject: str | None
    field: str | None
    excludes: tuple[str, ...]

    def fits(self, other: Injection) -> bool:
        """Whether both can be put into one world."""
        if other.cause in self.excludes or self.cause in other.excludes or (self.field is not None and self.field == other.field):
            return False
        return {self.subject, other.subject} != {"order", "bill"}


def healthy() -> dict[str, Any]:
    """The healthy world in file form."""
    data: dict[str, Any] = Source("healthy.yml", HEALTHY).data
    return data


def injections() -> dict[str, Injection]:
    """Every injection by cause."""
    data = Source.read(INJECTIONS).data
    return {
        cause: Injection(cause, entry["patch"], entry.get("subject"), entry.get("field"), tuple(entry.get("excludes", ())))
        for cause, entry in data.items()
    }
