"""Two web servers over one PostgreSQL: any request of a customer may go to any of them."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
import requests

from actions.state.database import Database
from tests.threads import in_threads
from tests.widget.conftest import Served


@pytest.fixture
def pair(postgres_url: str, postgres: Database) -> Iterator[tuple[Served, Served]]:
    databases = [Database(postgres_url) for _ in range(2)]
    served = Served(databases[0]), Served(databases[1])
    yield served
    for each in served:
        each.close()
    for database in databases:
        database.close()


def test_messages_are_numbered_densely_and_each_is_answered_once_by_whichever_server(pair: tuple[Served, Served]) -> None:
    def post(number: int) -> int:
        return pair[number % 2].client().post(f"message {number}").status_code

    assert in_threads(post, 12) == [200] * 12
    said = pair[0].client().history()
    assert [message["seq"] for message in said] == list(range(1, 25)) and said == pair[1].client().history()
    for message, reply in zip(said[::2], said[1::2]):
        assert reply["text"] == f"you said {message['text']}"


def test_the_same_message_at_both_servers_at_once_is_taken_once(pair: tuple[Served, Served]) -> None:
    identifiers = [str(uuid.uuid4()) for _ in range(3)]

    def post(number: int) -> object:
        return pair[number % 2].client().post("hello", id=identifiers[number % 3]).json()

    answers = in_threads(post, 12)
    assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 3 and len(pair[0].client().history()) == 6


def test_a_stream_at_one_server_shows_at_once_what_is_said_at_the_other(pair: tuple[Served, Served]) -> None:
    client, arrived, seen = pair[0].client(), threading.Event(), list[float]()

    def listen() -> None:
        with requests.get(f"{client.address}/events", headers=client.headers, stream=True, timeout=20) as stream:
            for line in stream.iter_lines():
                if line.startswith(b"data:") and json.loads(line[5:]).get("role") == "bot":
                    seen.append(time.monotonic())
                    if len(seen) == 5:
                        arrived.set()
                        return

    listener = threading.Thread(target=listen)
    listener.start()
    until = time.monotonic() + 10
    while not pair[0].service.feed.streams or not pair[0].service._signals.alive:  # type: ignore[union-attr]
        assert time.monotonic() < until
        time.sleep(0.05)
    said = []
    for number in range(5):
        assert pair[1].client().post(f"hello {number}").status_code == 200
        said.append(time.monotonic())
        time.sleep(0.1)
    assert arrived.wait(10)
    listener.join()
    # Looking by itself, which happens every five seconds, would take far longer.
    assert sorted(there - then for there, then in zip(seen, said))[2] < 0.5
