"""SQLite while somebody else writes for long: who only reads does not notice."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Any

import pytest

from tests.threads import in_threads
from tests.widget.refusing import refused

pytestmark = pytest.mark.slow


def test_reading_stays_quick_while_a_dozen_wait_to_write(served: Any, tmp_path: Any) -> None:
    client = served.client()
    client.post("hello")
    slowest, stop = [0.0], threading.Event()

    def read() -> None:
        while not stop.is_set():
            begun = time.monotonic()
            client.history()
            slowest[0] = max(slowest[0], time.monotonic() - begun)
            time.sleep(0.05)

    def post(number: int) -> int:
        response = served.client(f"u-{number % 2 + 1}").post(f"hello {number}")
        if response.status_code != 200:
            refused(response, 503)
            assert response.json()["kept"] is False
        return response.status_code

    reader = threading.Thread(target=read)
    other = sqlite3.connect(tmp_path / "channel.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    reader.start()
    threading.Timer(7.0, lambda: other.execute("ROLLBACK")).start()
    answered = in_threads(post, 12)
    stop.set()
    reader.join()
    other.close()
    assert slowest[0] < 2.0 and set(answered) == {200, 503}
    stored = {user: len(served.client(user).history()) for user in ("u-1", "u-2")}
    assert sum(stored.values()) == 2 + 2 * answered.count(200)
