"""The one statement that SQLite and PostgreSQL share but SQLAlchemy spells per database."""

from __future__ import annotations

from typing import Any, Dict

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_if_new(session: Session, table: Table, row: Dict[str, Any]) -> bool:
    """Inserts a row unless a unique key or unique index already has it; whether it was inserted."""
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    return bool(session.execute(dialect.insert(table).values(row).on_conflict_do_nothing()).rowcount)
