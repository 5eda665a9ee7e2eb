"""A real ``baitiao up`` on ports of its own, which tests kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import requests

from bot.channel.tokens import issue
from tests.postgres_server import free_port
from tools.pages import ROOT

SECRET = "a secret of the tests, longer than 32 characters"
READY_SECONDS = 240.0
"""Generous: on a busy machine Rasa alone takes a minute to be imported."""


def wait_until(holds: Callable[[], object], seconds: float = READY_SECONDS) -> float:
    """Waits, and returns for how many seconds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        time.sleep(0.1)
    return time.monotonic() - begun


class RealUp:
    """Started and ready.

    Args:
        folder: for its log.
        database: the address of its database.
        workers: web servers.
        more: further variables of its environment.
    """

    def __init__(self, folder: Path, database: str, workers: int = 1, **more: str) -> None:
        self.port, self.log = free_port(), folder / "up.log"
        self._environment = {
            **os.environ,
            "BAITIAO_DATABASE_URL": database,
            "BAITIAO_ACTIONS_PORT": str(free_port()),
            "BAITIAO_TOKEN_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
            **more,
        }
        self._workers = workers
        self.start()

    def start(self) -> None:
        """Starts it, again on the same ports."""
        command = [sys.executable, "-m", "bot.cli", "up", "--port", str(self.port), "--workers", str(self._workers)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        wait_until(lambda: self.process.poll() is not None or b"baitiao: ready" in self.log.read_bytes())
        assert self.process.poll() is None, self.log.read_text("utf-8")[-2000:]

    def children(self, command: str = "") -> list[int]:
        """The processes it has started, those with these words in their command line."""
        listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(line.split()[0]) for line in listed.splitlines() if command in line]

    def post(self, user: str, text: str, identity: str | None = None) -> requests.Response:
        """Says something over a connection of its own."""
        return requests.post(
            f"http://127.0.0.1:{self.port}/webhooks/widget/messages",
            json={"id": identity or str(uuid.uuid4()), "text": text},
            headers={"Authorization": f"Bearer {issue(SECRET, user)}", "Connection": "close"},
            timeout=40,
        )

    def answer(self, user: str, text: str) -> list[dict[str, object]]:
        """The replies to a message that is sent again, as the same, until it is answered."""
        identity = str(uuid.uuid4())
        replies: list[dict[str, object]] = []

        def answered() -> bool:
            try:
                response = self.post(user, text, identity)
            except requests.ConnectionError:
                return False
            if response.status_code == 200:
                replies.extend(response.json()["messages"])
            else:
                assert response.status_code == 503, response.text
            return response.status_code == 200

        wait_until(answered)
        return replies

    def history(self, user: str) -> list[dict[str, object]]:
        """Everything that was said."""
        headers = {"Authorization": f"Bearer {issue(SECRET, user)}"}
        response = requests.get(f"http://127.0.0.1:{self.port}/webhooks/widget/messages", headers=headers, timeout=40)
        messages: list[dict[str, object]] = response.json()["messages"]
        return messages

    def metrics(self) -> str:
        """What it counts."""
        return requests.get(f"http://127.0.0.1:{self.port}/metrics", timeout=10).text

    def close(self) -> None:
        """Ends it and all it has started, whatever has become of it."""
        self.process.kill()
        self.process.wait()
