"""SQLite as a database that several threads and processes write: who writes waits for the others, and what is deleted is gone."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 5
"""How long a writer waits for another."""
_READING = ("SELECT", "PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "RELEASE", "WITH", "EXPLAIN")


def teach(engine: Engine) -> None:
    """Gives SQLite transactions that read freely and never fail half-way when they begin to write.

    A transaction that has read cannot become a writer once somebody else has written; SQLite refuses at once, without waiting. So the
    reading part ends at the first write and a writing transaction begins in its place, which waits its turn. ``SAVEPOINT`` counts as a
    write because ending the transaction below it would lose it.
    """
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "do_execute", _before_execute)
    event.listen(engine, "do_executemany", _before_execute)
    event.listen(engine, "do_execute_no_params", lambda cursor, statement, context: _start_writing(cursor, statement, context))


def _prepare_connection(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted or replaced is overwritten with zeros and not left in free pages.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
    connection.info["writing"] = False


def _before_execute(cursor: sqlite3.Cursor, statement: str, _parameters: Any, context: Any) -> None:
    _start_writing(cursor, statement, context)


def _start_writing(cursor: sqlite3.Cursor, statement: str, context: Any) -> None:
    info = context.root_connection.info
    if info.get("writing") or statement.lstrip().upper().startswith(_READING):
        return
    cursor.execute("COMMIT")
    cursor.execute("BEGIN IMMEDIATE")
    info["writing"] = True


def _write_ahead(connection: sqlite3.Connection) -> None:
    # The switch itself does not honour the busy timeout, and two processes may make it at once.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def empty_log(connection: Any, patience: float) -> bool:
    """Empties the write-ahead log, in which what was deleted or replaced stands until then.

    Args:
        connection: of the driver, outside of any transaction.
        patience: seconds to wait for readers.

    Returns:
        Whether nothing of it is left there; false while somebody else reads what was before.
    """
    try:
        connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
