"""The tables of the world, derived from the records, and the clock of its facts.

There is a table per section of a world file: a nested group becomes columns ``group_field``, a list or map JSON.
Order lines have a table of their own, so that their references are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import SchemaItem

from actions.core.record import Record, hints_of, is_record, listed
from actions.core.records import SECTIONS, OrderLine
from actions.state.columns import MomentText, column_of, metadata, real_now

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


CLOCK = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("now", MomentText, nullable=False),
    CheckConstraint("id = 1", name="single_row"),
)
"""At most one row: the frozen time of the loaded world."""
_STORED = select(CLOCK.c.now)


def facts_now(session: Session, frozen: datetime | None = None) -> datetime:
    """The instant at which the clock is frozen, else the ``now`` of the loaded world, else real time; read anew each time."""
    return frozen or stored_now(session) or real_now()


def stored_now(session: Session) -> datetime | None:
    """The instant at which the loaded world stands still, None if its time runs."""
    now: datetime | None = session.execute(_STORED).scalar()
    return now


def store_now(session: Session, now: datetime | None) -> None:
    """Makes the loaded world stand still at an instant, or its time run with None."""
    session.execute(delete(CLOCK))
    if now is not None:
        session.execute(insert(CLOCK).values(id=1, now=now))
