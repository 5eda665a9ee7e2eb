"""A PostgreSQL server of one's own on 127.0.0.1, which lives as long as a context."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server(durable: bool = False) -> Iterator[str]:
    """The address of a new server, ending in the name of an empty database.

    Args:
        durable: wait for the disk at every commit, as in production; tests need not.

    Raises:
        RuntimeError: PostgreSQL is not installed or does not start; says what to do.
    """
    binaries = _binaries()
    directory = Path(tempfile.mkdtemp(prefix="baitiao-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
    data, port = directory / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory} -c fsync={'on' if durable else 'off'}"
    try:
        _run(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        _run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(directory / "log"), "-o", options, "start")
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            _run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binaries() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    if not installed and on_path is None:
        raise RuntimeError("PostgreSQL is not installed: this needs initdb and pg_ctl (Debian: apt-get install postgresql)")
    return installed[-1].parent if installed else Path(str(on_path)).resolve().parent


def _run(*command: str) -> None:
    # PostgreSQL refuses to run as root.
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_postgres, *command], capture_output=True, text=True, timeout=60, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
