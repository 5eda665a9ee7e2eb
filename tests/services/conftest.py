"""Real services for tests, started for the session on addresses of their own. A missing service is an error and never a skipped test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from actions.state.database import Database


def _binaries() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    if not installed and on_path is None:
        pytest.fail("PostgreSQL is not installed: these tests need initdb and pg_ctl (Debian: apt-get install postgresql)", pytrace=False)
    return installed[-1].parent if installed else Path(str(on_path)).resolve().parent


def _as_postgres() -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _run(*command: str) -> None:
    done = subprocess.run([*_as_postgres(), *command], capture_output=True, text=True, timeout=60, cwd="/")
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test session, ending in the name of an empty database."""
    binaries = _binaries()
    directory = Path(tempfile.mkdtemp(prefix="baitiao-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
    data, port = directory / "data", _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory} -c fsync=off"
    try:
        _run(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        _run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(directory / "log"), "-o", options, "start")
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            _run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


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
    port, folder = _free_port(), tmp_path_factory.mktemp("redis")
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


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    administration = create_engine(postgres_server, future=True, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with administration.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    administration.dispose()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database of the test's own."""
    database = Database(postgres_url)
    database.migrate()
    yield database
    database.close()
