"""The database: its address, engine and sessions, bringing the schema up to date, and statements that both kinds of database write differently."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Table, bindparam, create_engine, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from actions.state.sqlite import BUSY_SECONDS, empty_log, teach

_MIGRATIONS = Path(__file__).parent / "migrations"
_POSTGRES_LOCK = 0x62616974
_POSTGRES_AUDIT_LOCK = 0x61756474
_SCRUB_SECONDS = 0.5
"""How long emptying the log waits for readers; a turn waits with it."""


SERVED = "served"
"""Where a session says what ``Database.served`` is."""


class SchemaTooNew(RuntimeError):
    """The database was migrated by a newer version of this program."""


class Database:
    """A connection pool and the transactions on it.

    Attributes:
        engine: SQLAlchemy's engine; it connects at first use.
        served: the versions of what answers customers in this process, such as ``knowledge/1f3a``; a process that answers none has none.
    """

    def __init__(self, url: str) -> None:
        """Prepares for ``url`` without connecting.

        Raises:
            ValueError: not the address of a SQLite or PostgreSQL database.
        """
        self._file: Path | None = None
        self.served: Callable[[], Sequence[str]] = tuple
        self.engine = self._engine(parse_address(url))

    @classmethod
    def check_address(cls, address: str) -> None:
        """Makes sure, without connecting, that nothing in an address keeps it from ever being connected to.

        Raises:
            ValueError: something does.
        """
        url = parse_address(address)
        try:
            dialect = cls(address).engine.dialect
            if dialect.driver == "psycopg2":
                from psycopg2.extensions import make_dsn

                make_dsn(**dialect.create_connect_args(url)[1])
            good = not dialect.is_async and (url.port is None or 1 <= url.port <= 65535)
        except Exception:
            # Each driver fails in ways of its own, and its words may quote a password.
            good = False
        if not good:
            raise ValueError("must name a driver that is installed, and a port and options that it knows; leave out what is not needed")

    def _engine(self, url: URL) -> Engine:
        if url.get_backend_name() == "postgresql":
            # Who has SQLite need not wait for another driver to be imported.
            from actions.state.postgres import make_engine

            return make_engine(url)
        if url.database in (None, "", ":memory:"):
            engine = create_engine(url, future=True, hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False})
        else:
            self._file = Path(str(url.database)).absolute()
            # Only migrate() creates the file: a database that has vanished must be an error and not silently an empty one.
            address = f"file:{quote(str(self._file))}?mode=rw"
            engine = create_engine(
                url,
                future=True,
                hide_parameters=True,
                poolclass=QueuePool,
                pool_size=10,
                max_overflow=20,
                pool_timeout=BUSY_SECONDS,
                creator=lambda: sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False),
            )
        teach(engine)
        return engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on an error, closed either way.

        What is read before the first write may have changed by the time of the write, on both databases alike; whatever must not
        race is written as a conditional statement or behind ``lock_writers``.
        """
        session = Session(self.engine, future=True, expire_on_commit=False, info={SERVED: self.served})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @property
    def is_shared(self) -> bool:
        """Whether several web servers may use it, which can then lock and tell through it."""
        return bool(self.engine.dialect.name == "postgresql")

    def lasting(self, patience: float) -> Any:
        """A connection of the driver's outside the pool, of a shared database only; see ``postgres.lasting``."""
        from actions.state import postgres

        return postgres.lasting(self.engine, patience)

    def scrub(self) -> bool:
        """Empties SQLite's write-ahead log; outside of any transaction.

        Returns:
            Whether nothing deleted or replaced is left there; see ``sqlite.empty_log``.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        connection = self.engine.raw_connection()
        try:
            return empty_log(connection, _SCRUB_SECONDS)
        finally:
            connection.close()

    def migrate(self) -> None:
        """Brings the schema to this program's version; may run again and in several processes at once.

        Raises:
            SchemaTooNew: a newer program has already changed the schema.
        """
        if self._file is not None and not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            # What customers say is nobody else's business on this machine; SQLite gives its log and index the same rights.
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        stored = self.revision()
        if stored == head_revision():
            return
        if stored is not None and stored not in _revisions():
            raise SchemaTooNew(f"the database has schema version {stored}, this program knows versions up to {head_revision()}")
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self.engine.begin() as connection:
            lock_writers(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def revision(self) -> str | None:
        """The stored version of the schema, None for an empty database."""
        try:
            with self.engine.connect() as connection:
                stored: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                return stored
        except DBAPIError as error:
            if "alembic_version" in str(error.orig):
                return None
            raise

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()


def head_revision() -> str:
    """The version of the schema this program works with: the highest number that a migration's file name begins with."""
    return max(_revisions())


def _revisions() -> set[str]:
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def unhurried(bind: Session | Connection) -> Connection:
    """Lets what follows in this transaction take as long as it takes, as commands may and turns must not; the transaction's connection."""
    connection = bind.connection() if isinstance(bind, Session) else bind
    if connection.dialect.name == "postgresql":
        from actions.state import postgres

        postgres.unhurried(connection)
    return connection


def lock_writers(bind: Session | Connection) -> None:
    """Makes everybody else who asks for this lock wait until the transaction ends (on SQLite: everybody who writes)."""
    _lock(unhurried(bind), _POSTGRES_LOCK)


def lock_audit(session: Session) -> None:
    """As ``lock_writers``, for who appends to the audit: a lock of its own, which nobody waits for longer than for a statement."""
    _lock(session.connection(), _POSTGRES_AUDIT_LOCK)


def _lock(connection: Connection, key: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(key)))
    else:
        connection.exec_driver_sql("SAVEPOINT writers")
        connection.exec_driver_sql("RELEASE writers")


def parse_address(address: str) -> URL:
    """Reads the address of a SQLite or PostgreSQL database.

    Raises:
        ValueError: it is something else, which is not shown because a password may stand in it.
    """
    if address.startswith("postgres://"):
        address = address.replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError("must be a database address such as sqlite:///var/baitiao.db or postgresql://user:password@host/name") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"must be the address of a SQLite or PostgreSQL database, not of {url.get_backend_name()}")
    return url


_AT_ONCE = 500


def insert_if_new(session: Session, table: Table, row: dict[str, Any]) -> bool:
    """Inserts a row unless a unique key or unique index already has it; whether it was inserted."""
    return insert_new(session, table, [row]) == 1


def insert_new(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts rows of the same columns, in one statement, leaving out those that a unique key or index already has; how many it inserted."""
    if not rows:
        return 0
    connection = session.connection()
    statement = _inserting(connection.dialect, table, tuple(rows[0]), len(rows))
    values = {f"{name}_{number}": value for number, row in enumerate(rows) for name, value in row.items()}
    return int(connection.execute(statement, values).rowcount)


@lru_cache(maxsize=512)
def _inserting(dialect: Any, table: Table, names: tuple[str, ...], count: int) -> Any:
    """The statement as text, which both databases take, and which need not be compiled anew for every turn as SQLAlchemy does with its own."""
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(table.c[name]) for name in names)
    values = ", ".join(f"({', '.join(f':{name}_{number}' for name in names)})" for number in range(count))
    typed = (bindparam(f"{name}_{number}", type_=table.c[name].type) for number in range(count) for name in names)
    return text(f"INSERT INTO {quoted.format_table(table)} ({columns}) VALUES {values} ON CONFLICT DO NOTHING").bindparams(*typed)


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
