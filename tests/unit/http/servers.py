"""Real servers in processes of their own: one that hangs can be killed, and takes no test with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECRET = "a secret of the tests, longer than 32 characters"
READY_SECONDS = 240.0
PATIENCE = 10.0


class Server:
    """A server that has answered once.

    Args:
        command: what starts it, without the port.
        folder: for its database and its log.
        settings: environment variables.
    """

    def __init__(self, command: list[str], folder: Path, settings: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        environment = {
            **os.environ,
            "BAITIAO_DATABASE_URL": f"sqlite:///{folder}/server.db",
            "BAITIAO_ACTIONS_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            arguments = [sys.executable, "-W", "ignore", *(part.format(port=self.port) for part in command)]
            self.process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + READY_SECONDS
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                self.close()
                raise AssertionError(f"the server did not start:\n{self.log.read_text('utf-8')[-2000:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether an honest request is answered."""
        try:
            answer, _ = self.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        except OSError:
            return False
        return answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 404"))

    def send(self, request: bytes) -> tuple[bytes, bool]:
        """What comes back, and whether the server then closed the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            connection.settimeout(2.0)
            received = b""
            try:
                while piece := connection.recv(65536):
                    received += piece
            except TimeoutError:
                return received, False
            except ConnectionResetError:
                pass
            return received, True

    def close(self) -> None:
        """Ends it, also if it hears nothing any more."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def action_server(folder: Path) -> Server:
    """The action server as it is."""
    return Server(["-m", "actions.server"], folder, {"BAITIAO_ACTIONS_SECRET": SECRET})


def site(folder: Path) -> Server:
    """The web server's pages, without Rasa behind them."""
    return Server(["-m", "tests.unit.http.site", "{port}"], folder, {})


def hurried_action_server(folder: Path) -> Server:
    """The action server with little patience and few files."""
    return Server(["-m", "tests.unit.http.hurried", "actions", "{port}"], folder, {"BAITIAO_ACTIONS_SECRET": SECRET})


def hurried_site(folder: Path) -> Server:
    """The web server's pages with little patience and few files."""
    return Server(["-m", "tests.unit.http.hurried", "site", "{port}"], folder, {})
