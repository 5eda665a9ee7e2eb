"""The statements that SQLite and PostgreSQL share but SQLAlchemy spells per database, and lists too long for one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_AT_ONCE = 500


def insert_if_new(session: Session, table: Table, row: dict[str, Any]) -> bool:
    """Inserts a row unless a unique key or unique index already has it; whether it was inserted."""
    return bool(session.execute(_insert(session, table).values(row).on_conflict_do_nothing()).rowcount)


def upsert(session: Session, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows, or replaces every other column of those whose key is there."""
    if rows:
        statement = _insert(session, table)
        others = {column.name: statement.excluded[column.name] for column in table.columns if column.name != key}
        session.execute(statement.on_conflict_do_update(index_elements=[key], set_=others), rows)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Values in lists short enough to be the parameters of one statement."""
    rest = list(values)
    for start in range(0, len(rest), _AT_ONCE):
        yield rest[start : start + _AT_ONCE]


def _insert(session: Session, table: Table) -> Any:
    return (postgresql if session.connection().dialect.name == "postgresql" else sqlite).insert(table)
