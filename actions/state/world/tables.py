"""One table per section of a world file, derived from the records: a nested group becomes columns ``group_field``, a list or map JSON.

Order lines have a table of their own, so that their references are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy.sql.schema import SchemaItem

from actions.core.record import Record, hints_of, is_record, listed
from actions.core.records import SECTIONS, OrderLine
from actions.state.columns import column_of, metadata

REFERENCES: dict[tuple[str, str], str] = {
    ("items", "category"): "categories",
    ("items", "merchant"): "merchants",
    ("orders", "user"): "users",
    ("bills", "user"): "users",
    ("orders", "lines.sku"): "items",
    ("contracts", "user"): "users",
    ("contracts", "order"): "orders",
    ("contracts", "bill"): "bills",
    ("repayments", "user"): "users",
    ("repayments", "bill"): "bills",
    ("repayments", "contract"): "contracts",
    ("refunds", "order"): "orders",
}
"""The fields that name a row of another section. Nothing else is a reference: labels inside policies and limits are free."""

Leaf = tuple[tuple[str, ...], Any]
"""The path of a field inside its record, and its annotation."""


def leaves(record: type[Record], path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The fields of a record that are columns, nested groups opened; order lines are left out."""
    hints = hints_of(record)
    for name in record.__fields__:
        hint = hints[name]
        if is_record(hint):
            yield from leaves(hint, (*path, name))
        elif listed(hint) is not OrderLine:
            yield (*path, name), hint


def _columns(section: str, record: type[Record], key: str | None = None, inside: str = "") -> Iterator[SchemaItem]:
    for path, hint in leaves(record):
        name = "_".join(path)
        target = REFERENCES.get((section, inside + name))
        parts = [] if target is None else [ForeignKey(f"{target}.{SECTIONS[target][1]}")]
        yield from column_of(name, hint, *parts, primary_key=name == key, autoincrement=False, index=bool(target))


TABLES: dict[str, Table] = {
    section: Table(section, metadata, *_columns(section, record, key)) for section, (record, key) in SECTIONS.items()
}
"""The table of each section, in the order in which references resolve."""

ORDER_LINES = Table(
    "order_lines",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    *_columns("orders", OrderLine, inside="lines."),
    PrimaryKeyConstraint("order_id", "position"),
)
"""The lines of orders, in their order."""
