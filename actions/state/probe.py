"""Whether a turn could be written now: the smallest transaction that reads, takes a lock and changes a row."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from actions.state.database import Database, head_revision

FAR_SECONDS = 30.0
"""Between our clock and the database's: tokens, rates and retries are judged by one, notices and handoffs by both."""
LEAST_DISK = 16 * 1024 * 1024
"""Bytes; an SQLite database needs some room besides what is written to put its write-ahead log in order."""


@dataclass(frozen=True)
class Probe:
    """What one look found.

    Attributes:
        schema: the schema is what this program works with, or newer.
        clock: our clock agrees with the database's.
        disk: there is room where an SQLite database lies.
    """

    schema: bool
    clock: bool
    disk: bool


def probe(database: Database) -> Probe:
    """Writes the schema's version as it is.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read or written.
    """
    stored = database.revision()
    with database.session() as session:
        if database.engine.dialect.name == "postgresql":
            now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
            # A migration under way holds the row, and is no reason not to be ready.
            session.execute(
                text(
                    "UPDATE alembic_version SET version_num = version_num"
                    " WHERE version_num IN (SELECT version_num FROM alembic_version FOR UPDATE SKIP LOCKED)"
                )
            )
            agrees = abs(now.timestamp() - time.time()) <= FAR_SECONDS
            return Probe(_is_current(stored), agrees, True)
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    file = database.engine.url.database
    roomy = file in (None, "", ":memory:") or shutil.disk_usage(Path(str(file)).absolute().parent).free >= LEAST_DISK
    return Probe(_is_current(stored), True, roomy)


def _is_current(stored: str | None) -> bool:
    return stored is not None and stored >= head_revision()
