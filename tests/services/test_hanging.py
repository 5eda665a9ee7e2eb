"""The web server while PostgreSQL or Redis hangs: honest within seconds, quick where it does not need them, and well again by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from actions.state.database import Database
from tests.services.conftest import RedisServer, postgres_processes, stopped
from tests.threads import in_threads
from tests.widget.conftest import KnownPeople, Served

LONGEST = 10.0
"""Seconds within which every request must be answered."""


@pytest.fixture(autouse=True)
def a_dozen_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KnownPeople, "customer_exists", lambda _, user: user.startswith("u-"))


@pytest.fixture
def serve(postgres_url: str, postgres: Database) -> Iterator[Callable[..., Served]]:
    """Starts a web server on PostgreSQL."""
    running: list[tuple[Served, Database]] = []

    def start(**settings: Any) -> Served:
        database = Database(postgres_url)
        running.append((Served(database, **settings), database))
        return running[-1][0]

    yield start
    for served, database in running:
        served.close()
        database.close()


def timed(ask: Callable[[], requests.Response]) -> tuple[int, float, requests.Response]:
    begun = time.monotonic()
    response = ask()
    return response.status_code, time.monotonic() - begun, response


def refused_in_time(ask: Callable[[], requests.Response], longest: float = LONGEST) -> requests.Response:
    status, took, response = timed(ask)
    assert status == 503 and "Retry-After" in response.headers and took < longest, (status, took)
    return response


def well_again(served: Served, since: int) -> None:
    """Recovers without help, and what failed can be said once more."""
    until = time.monotonic() + 15
    while served.client().post("back again").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.2)
    assert len(served.client().history()) == since + 2


def test_while_postgres_hangs_everybody_hears_it_within_seconds(serve: Callable[..., Served], postgres: Database) -> None:
    served = serve()
    client = served.client()
    assert client.post("hello").status_code == 200

    def post(number: int) -> tuple[int, float]:
        status, took, response = timed(lambda: served.client(f"u-{number}").post("are you there"))
        assert response.json()["kept"] is False
        return status, took

    with stopped(*postgres_processes(postgres)):
        answers = in_threads(post, 12)
        refused_in_time(lambda: requests.get(f"{client.address}/messages", headers=client.headers, timeout=30))
        assert timed(lambda: requests.get(f"{served.address}/health/live", timeout=30))[1] < 1.0
    assert {status for status, _ in answers} == {503} and max(took for _, took in answers) < LONGEST
    well_again(served, since=2)


def test_a_turn_in_the_middle_of_which_postgres_hangs_keeps_nothing(serve: Callable[..., Served], postgres: Database) -> None:
    served = serve()
    client = served.client()
    client.post("hello")
    greet, processes = served.assistant.script, postgres_processes(postgres)
    hanging = stopped(*processes)

    async def hang(message: Any) -> None:
        hanging.__enter__()
        await greet(message)

    served.assistant.script = hang
    try:
        assert refused_in_time(lambda: client.post("and now it hangs")).json()["kept"] is False
    finally:
        hanging.__exit__(None, None, None)
        served.assistant.script = greet
    time.sleep(1.0)
    assert len(client.history()) == 2
    well_again(served, since=2)


def test_while_redis_hangs_reading_is_quick_and_writing_is_refused_in_time(serve: Callable[..., Served], redis: RedisServer) -> None:
    served = serve(redis_url=redis.url)
    client = served.client()
    assert client.post("hello").status_code == 200
    with stopped(redis.process):
        answers = in_threads(lambda number: timed(lambda: served.client(f"u-{number}").post("hello"))[:2], 12)
        for path in ("/webhooks/widget/messages", "/health/ready"):
            status, took, _ = timed(partial(requests.get, f"{served.address}{path}", headers=client.headers, timeout=30))
            assert status == 200 and took < 1.0
    assert {status for status, _ in answers} == {503} and max(took for _, took in answers) < LONGEST
    well_again(served, since=2)
