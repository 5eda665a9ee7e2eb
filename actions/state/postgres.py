"""Connections to PostgreSQL that wait for nothing without end, and whose errors tell no values.

The driver waits for an answer as long as the connection lasts, and a server that is stopped keeps its connections. So waiting is done here, with a
time limit of each connection's own.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine

CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 5.0
"""For one statement; the server ends it by itself a little earlier."""
PING_SECONDS = 2.0
"""For a connection of the pool to show that it still lives."""
POOL_SECONDS = 5.0
MOST_CONNECTIONS = 30
"""Of one process; see ``threads`` for who wants them."""
_SERVER = "SET statement_timeout = '4500ms'; SET lock_timeout = '4s'; SET idle_in_transaction_session_timeout = '30s'"
_KEEPALIVE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 8000}


class PatientConnection(psycopg2.extensions.connection):
    """A connection that gives up waiting, and is closed then.

    Attributes:
        patience: seconds for connecting, then for each statement; None: without end.
    """

    patience: float | None = CONNECT_SECONDS


def _wait(connection: Any) -> None:
    patience = getattr(connection, "patience", STATEMENT_SECONDS)
    until = None if patience is None else time.monotonic() + patience
    while True:
        state = connection.poll()
        if state == POLL_OK:
            return
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        left = None if until is None else until - time.monotonic()
        if left is not None and (left <= 0 or not poll.poll(left * 1000)):
            raise psycopg2.OperationalError(f"the database did not answer within {patience:.0f} seconds")
        if left is None:
            poll.poll()


def make_engine(url: URL) -> Engine:
    """An engine whose connections behave so; it connects at first use."""
    # For all connections of the process: the driver has no other way.
    set_wait_callback(_wait)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=MOST_CONNECTIONS // 3,
        max_overflow=MOST_CONNECTIONS - MOST_CONNECTIONS // 3,
        pool_timeout=POOL_SECONDS,
        connect_args={
            **{name: value for name, value in _KEEPALIVE.items() if name not in url.query},
            "connection_factory": PatientConnection,
        },
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "checkout", lambda connection, *_: _be_patient(connection, STATEMENT_SECONDS))
    event.listen(engine, "checkin", lambda connection, _: _be_patient(connection, PING_SECONDS))
    event.listen(engine, "handle_error", _tell_no_values)
    return engine


def unhurried(connection: Connection) -> None:
    """Lets what follows in this transaction take as long as it takes: for commands, never for turns."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
    _be_patient(connection.connection.dbapi_connection, None)


def lasting(engine: Engine, patience: float) -> Any:
    """A connection outside the pool, each statement of which is committed at once: for what holds or listens as long as it lasts.

    Args:
        patience: seconds for each statement.
    """
    borrowed = engine.raw_connection()
    connection: Any = borrowed.dbapi_connection
    # Left to the pool, it would be given to somebody else.
    borrowed.detach()
    connection.autocommit = True
    connection.patience = patience
    return connection


def _connected(connection: Any, _record: Any) -> None:
    _be_patient(connection, STATEMENT_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_SERVER)
    connection.commit()


def _be_patient(connection: Any, seconds: float | None) -> None:
    # A connection that was given up has no object any more.
    if connection is not None:
        connection.patience = seconds


def _tell_no_values(context: Any) -> None:
    """Keeps of the server's error what names things; its details quote the row, and the statement as it was sent."""
    error = context.original_exception
    code = getattr(error, "pgcode", None)
    if code is None:
        return
    said = str(error).partition("\n")[0]
    if code[:2] in ("22", "23"):
        said = " ".join(filter(None, (code, error.diag.table_name, error.diag.column_name, error.diag.constraint_name)))
    error.args = (said,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(error).__module__}.{type(error).__qualname__}) {said}",)
