"""World records from rows and back, driven by the records' own fields, and reading and writing whole sections of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from actions.core.record import Record, hints_of, is_record
from actions.core.records import SECTIONS, OrderLine
from actions.state.database import chunks, upsert
from actions.state.world.tables import ORDER_LINES, TABLES, leaves

Build = Callable[..., Any]
"""Makes a record of a row; keyword arguments add fields that have no column."""


def builder(record: type[Record], columns: Sequence[str], prefix: str = "") -> Build:
    """A function that makes records of rows.

    Names are looked up here, once, and not in each of the thousands of values that a turn reads.

    Args:
        columns: the names of a row's columns, in their order.
        prefix: what the names of the record's own columns begin with.
    """
    hints = hints_of(record)
    wanted = {path[0] for path, _ in leaves(record)}
    parts: list[tuple[str, Any]] = [
        (name, builder(hints[name], columns, f"{prefix}{name}_") if is_record(hints[name]) else itemgetter(columns.index(prefix + name)))
        for name in record.__fields__
        if name in wanted
    ]

    def build(row: Sequence[Any], **extra: Any) -> Any:
        return record.construct(**{name: part(row) for name, part in parts}, **extra)

    return build


BUILDERS: dict[str, Build] = {section: builder(record, TABLES[section].columns.keys()) for section, (record, _) in SECTIONS.items()}
"""How each section's records are made of its table's rows."""

ORDER_LINE = builder(OrderLine, ORDER_LINES.columns.keys())
"""How an order's lines are made of theirs."""


@cache
def _paths(record: type[Record]) -> list[tuple[str, Callable[[Any], Any]]]:
    return [("_".join(path), attrgetter(".".join(path))) for path, _ in leaves(record)]


def row_of(record: Record) -> dict[str, Any]:
    """A record's values by column name."""
    return {name: value(record) for name, value in _paths(type(record))}


def read_rows(session: Session, section: str, keys: Collection[Any] | None = None) -> dict[Any, Any]:
    """A section's records by key in the order of their keys: all of them, or those asked for."""
    table, key = TABLES[section], SECTIONS[section][1]
    build = BUILDERS[section]
    rows: list[Any] = []
    for condition in _conditions(table.c[key], keys):
        rows.extend(session.execute(select(table).where(*condition).order_by(table.c[key])))
    if section != "orders":
        return {getattr(row, key): build(row) for row in rows}
    lines = _lines(session, keys)
    return {getattr(row, key): build(row, lines=tuple(lines.get(getattr(row, key), ()))) for row in rows}


def _lines(session: Session, orders: Collection[Any] | None) -> dict[str, list[OrderLine]]:
    found: dict[str, list[OrderLine]] = {}
    wanted = select(ORDER_LINES).order_by(ORDER_LINES.c.order_id, ORDER_LINES.c.position)
    for condition in _conditions(ORDER_LINES.c.order_id, orders):
        for row in session.execute(wanted.where(*condition)):
            found.setdefault(row.order_id, []).append(ORDER_LINE(row))
    return found


def _conditions(column: Any, keys: Collection[Any] | None) -> Iterable[list[Any]]:
    return [[]] if keys is None else [[column.in_(chunk)] for chunk in chunks(keys)]


def existing_keys(session: Session, section: str, keys: Collection[Any]) -> set[Any]:
    """Those of the keys that the section has a row for."""
    column = TABLES[section].c[SECTIONS[section][1]]
    return {key for chunk in chunks(keys) for key in session.execute(select(column).where(column.in_(chunk))).scalars().all()}


def write_rows(session: Session, section: str, records: Collection[Record]) -> None:
    """Adds records, or puts them in the place of those with the same key."""
    upsert(session, TABLES[section], SECTIONS[section][1], [row_of(record) for record in records])
    if section != "orders":
        return
    orders: list[Any] = list(records)
    for chunk in chunks(order.id for order in orders):
        session.execute(delete(ORDER_LINES).where(ORDER_LINES.c.order_id.in_(chunk)))
    lines = [{"order_id": order.id, "position": position, **row_of(line)} for order in orders for position, line in enumerate(order.lines)]
    if lines:
        session.execute(insert(ORDER_LINES), lines)


def remove_rows(session: Session) -> None:
    """Empties every section; conversations and what belongs to them stay."""
    session.execute(delete(ORDER_LINES))
    for table in reversed(list(TABLES.values())):
        session.execute(delete(table))


def is_empty(session: Session) -> bool:
    """Whether no customer is known, as in a database nobody has loaded a world into."""
    return session.execute(select(TABLES["users"].c.id).limit(1)).first() is None
