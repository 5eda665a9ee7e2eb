"""The same conversations over HTTP, against a real ``baitiao up`` with a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from sqlalchemy import delete

from actions.state.conversations import CONVERSATIONS, MESSAGES, Message, replies_to
from actions.state.database import Database
from actions.state.feedback import FEEDBACK
from actions.state.handoffs import HANDOFFS
from actions.state.pictures import PICTURES
from actions.state.ratings import RATINGS
from actions.state.subscriptions import SUBSCRIPTIONS
from actions.state.world.loading import load_world_data
from bot.channel.tokens import issue
from bot.web.responses import ProblemError
from conversations.backstage import Backstage, build_world

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a secret of the conversation tests, longer than 32 characters"
READY_SECONDS = 150.0
RECOVERY_SECONDS = 0.2


class Up:
    """``baitiao up`` on free ports.

    Args:
        folder: for its database and its log.
        demo: serve the demo shop as well, with this installation's own secret.
        settings: more variables of the environment.
    """

    def __init__(self, folder: Path, demo: bool = False, **settings: str) -> None:
        self.database = Database(f"sqlite:///{folder}/served.db")
        self.database.migrate()
        self.address = f"http://127.0.0.1:{_free_port()}"
        self.actions_address = f"http://127.0.0.1:{_free_port()}"
        self._log = folder / "up.log"
        environment = {
            **os.environ,
            "BAITIAO_DATABASE_URL": str(self.database.engine.url),
            "BAITIAO_TOKEN_SECRET": "" if demo else SECRET,
            "BAITIAO_ACTIONS_PORT": self.actions_address.rpartition(":")[2],
            "BAITIAO_RECOVERY_INTERVAL": str(RECOVERY_SECONDS),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        command = [sys.executable, "-m", "bot.cli", "up", "--port", self.address.rpartition(":")[2], *([] if demo else ["--no-demo"])]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._wait()

    def close(self) -> None:
        """Stops it."""
        self._process.terminate()
        self._process.wait(30)
        self.database.close()

    def _wait(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            assert self._process.poll() is None, f"baitiao up has ended:\n{self._log.read_text(encoding='utf-8')[-2000:]}"
            try:
                if requests.get(f"{self.address}/health/ready", timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.3)
        self.close()
        raise AssertionError(f"baitiao up is not ready after {READY_SECONDS} s:\n{self._log.read_text(encoding='utf-8')[-2000:]}")


class ServedStage(Backstage):
    """A conversation played by a client of the widget's API.

    Args:
        up: the servers; what they remember of earlier conversations is removed.
        world: what this conversation begins with.
    """

    def __init__(self, up: Up, world: Sequence[Any], user: str, order: str | None) -> None:
        super().__init__(up.database, user, order)
        self._up = up
        self._last: dict[str, str] = {}
        with up.database.session() as session:
            for table in (RATINGS, FEEDBACK, PICTURES, MESSAGES, CONVERSATIONS, HANDOFFS, SUBSCRIPTIONS):
                session.execute(delete(table))
        load_world_data(up.database, {}, replace=True)
        build_world(up.database, world)

    def say(self, text: str) -> tuple[Message, ...]:
        """The replies to a typed message; see Stage."""
        return self._take({"text": text})

    def press(self, payload: str) -> tuple[Message, ...]:
        """The replies to a button; see Stage."""
        return self._take({"payload": payload})

    def resend(self) -> tuple[Message, ...]:
        """The replies to the last message, sent again; see Stage."""
        return self._take(self._last)

    def look(self) -> int:
        """Waits for what the recovery watcher says by itself; how many messages came."""
        before = len(self.history())
        time.sleep(6 * RECOVERY_SECONDS)
        return len(self.history()) - before

    def _take(self, fields: dict[str, str]) -> tuple[Message, ...]:
        self._last = {"id": str(uuid4()), **fields}
        headers = {"Authorization": f"Bearer {issue(SECRET, self._user, self._order)}"}
        answer = requests.post(f"{self._up.address}/webhooks/widget/messages", json=self._last, headers=headers, timeout=30)
        if answer.status_code != 200:
            name = answer.json()["type"].rpartition(":")[2].replace("-", "_")
            assert (
                answer.status_code == ProblemError.catalogue.kinds[name].status
                and answer.headers["content-type"] == "application/problem+json"
            )
            raise ProblemError(name)
        with self.database.session() as session:
            replies = replies_to(session, self._user, self._last["id"]) or ()
        assert answer.json() == {
            "messages": [message.to_json() for message in replies]
        }, "the client gets something else than what is stored"
        self._note_subject(replies)
        return replies


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
