"""Real services for tests, started for the session on addresses of their own. A missing service is an error and never a skipped test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url

from actions.state.database import Database
from tests import postgres_server as server
from tests.postgres_server import free_port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test session, ending in the name of an empty database."""
    with server.postgres_server() as address:
        yield address


@contextmanager
def stopped(*processes: int) -> Iterator[None]:
    """Lets processes hang, which keep their connections, for as long as the context lasts."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def postgres_processes(database: Database) -> list[int]:
    """The processes of a database's server, the first of them first."""
    with database.session() as session:
        folder = str(session.execute(text("SHOW data_directory")).scalar_one())
    first = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    status = {int(file.parent.name): file.read_text() for file in Path("/proc").glob("[0-9]*/status") if file.exists()}
    return [first, *(number for number, words in status.items() if f"PPid:\t{first}\n" in words)]


@dataclass(frozen=True)
class RedisServer:
    """A running Redis.

    Attributes:
        url: of its first database.
        process: its number.
    """

    url: str
    process: int


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of the tests' own."""
    program = shutil.which("redis-server")
    assert program, "install redis-server to run the tests of services"
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield RedisServer(f"redis://127.0.0.1:{port}/0", server.pid)
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _administration(server: str) -> Iterator[Connection]:
    engine = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    with _administration(postgres_server) as administration:
        administration.exec_driver_sql(f"CREATE DATABASE {name}")
        yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
        administration.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_name(postgres_server: str) -> str:
    """The name of a migrated database that nobody connects to, to be copied."""
    with _administration(postgres_server) as administration:
        administration.exec_driver_sql("CREATE DATABASE migrated")
    database = Database(make_url(postgres_server).set(database="migrated").render_as_string(hide_password=False))
    database.migrate()
    database.close()
    return "migrated"


@pytest.fixture
def postgres(postgres_server: str, postgres_url: str, migrated_name: str) -> Iterator[Database]:
    """The database at this address, migrated."""
    name = make_url(postgres_url).database
    with _administration(postgres_server) as administration:
        administration.exec_driver_sql(f"DROP DATABASE {name}")
        administration.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {migrated_name}")
    database = Database(postgres_url)
    yield database
    database.close()
