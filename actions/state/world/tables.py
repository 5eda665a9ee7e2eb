"""One table per section of a world file, derived from the records: a nested group becomes columns ``group_field``, a list or map JSON.

Order lines have a table of their own, so that their references are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import StrictBool, StrictInt
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    column,
)
from sqlalchemy.types import TypeEngine

from actions.core.fields import Count, Day, Ratio, Version, When
from actions.core.money import Fen
from actions.core.record import Record, choices_of, hints_of, is_map, is_record, listed, without_none
from actions.core.records import SECTIONS, OrderLine
from actions.state.columns import DecimalText, FenInteger, FenMapJson, MomentText, RecordsJson, TupleJson, VersionText, metadata

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

_PLAIN: dict[Any, Any] = {
    Fen: FenInteger,
    When: MomentText,
    Day: MomentText,
    Version: VersionText,
    Ratio: DecimalText,
    StrictBool: Boolean,
    StrictInt: BigInteger,
    Count: BigInteger,
}

_LEAST: dict[Any, int] = {Fen: 0, Count: 1}

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


def _column_type(hint: Any) -> TypeEngine[Any]:
    if is_record(listed(hint)):
        return RecordsJson(listed(hint))
    if listed(hint) is not None:
        return TupleJson()
    if is_map(hint):
        return FenMapJson()
    return _PLAIN.get(hint, Text)()


def _columns(section: str, record: type[Record], key: str) -> Iterator[Any]:
    for path, hint in leaves(record):
        hint, optional = without_none(hint)
        name = "_".join(path)
        target = REFERENCES.get((section, name))
        parts: list[Any] = [] if target is None else [ForeignKey(f"{target}.{SECTIONS[target][1]}")]
        yield Column(name, _column_type(hint), *parts, primary_key=name == key, nullable=optional, autoincrement=False, index=bool(target))
        choices = choices_of(hint)
        if choices:
            yield CheckConstraint(column(name).in_(choices), name=f"{name}_choice")
        elif hint in _LEAST:
            yield CheckConstraint(column(name) >= _LEAST[hint], name=f"{name}_range")


TABLES: dict[str, Table] = {
    section: Table(section, metadata, *_columns(section, record, key)) for section, (record, key) in SECTIONS.items()
}
"""The table of each section, in the order in which references resolve."""

ORDER_LINES = Table(
    "order_lines",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    *(
        Column(name, _column_type(hint), *([ForeignKey("items.sku")] if name == "sku" else []), nullable=False, index=name == "sku")
        for (name,), hint in leaves(OrderLine)
    ),
    CheckConstraint(column("quantity") >= 1, name="quantity_range"),
    PrimaryKeyConstraint("order_id", "position"),
)
"""The lines of orders, in their order."""
