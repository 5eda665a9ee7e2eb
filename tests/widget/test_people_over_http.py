"""What a stream says of the people behind the assistant: the place in the queue, who has the case, that they write just now, and what was read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from actions.state import handoffs, pushes
from actions.state.announcing import announce_typing
from actions.state.conversations import MessageDraft, append
from bot.channel.widget import stream as open_stream

CANCEL = '/about_case{"topic": "cancel_person"}'


@contextmanager
def listening(client: Any, after: int = 0) -> Iterator[Iterator[tuple[str, Any]]]:
    """The events of a stream: type and data."""
    with requests.get(f"{client.address}/events?after={after}", headers=client.headers, stream=True, timeout=8) as response:
        response.encoding = "utf-8"

        def events() -> Iterator[tuple[str, Any]]:
            name, identified = "", False
            for line in response.iter_lines(chunk_size=1, decode_unicode=True):
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "id":
                    identified = True
                elif field == "data":
                    # What is in no history must not move the place from which a lost stream goes on.
                    assert identified is (name == "message")
                    yield name, json.loads(value)
                    name, identified = "", False

        yield events()


def hand_over(served: Any, user: str = "u-1", priority: str = "normal") -> str:
    with served.database.session() as session:
        return handoffs.create(session, user, user, "requested", "general", {}, priority=priority).id


def take(served: Any, number: str, name: str | None = None) -> None:
    with served.database.session() as session:
        assert handoffs.take(session, number, "agent-7", name)
        append(session, "u-1", [MessageDraft(role="system", text="joined")])


def persons(events: Iterator[tuple[str, Any]], count: int) -> list[dict[str, Any]]:
    found = (data for name, data in events if name == "person")
    return [next(found) for _ in range(count)]


def test_the_place_in_the_queue_is_told_and_moves(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_stream, "PLACE_SECONDS", 0.1)
    first, second = hand_over(served, "u-2"), hand_over(served)
    hand_over(served, "u-3", "low")
    with listening(served.client()) as events:
        assert persons(events, 1) == [{"stage": "queued", "number": second, "place": 2, "name": None}]
        urgent = hand_over(served, "u-4", "urgent")
        assert persons(events, 1)[0]["place"] == 3
        with served.database.session() as session:
            handoffs.close(session, first)
            handoffs.take(session, urgent, "agent-1")
        assert persons(events, 1)[-1]["place"] in (1, 2)


def test_a_person_is_told_by_the_name_for_customers_and_never_by_the_agents(served: Any) -> None:
    number = hand_over(served)
    with listening(served.client()) as events:
        persons(events, 1)
        take(served, number, "小林")
        (person,) = persons(events, 1)
        assert person == {"stage": "person", "number": number, "place": None, "name": "小林"}
        assert "agent-7" not in json.dumps(person)
        with served.database.session() as session:
            handoffs.close(session, number)
            append(session, "u-1", [MessageDraft(role="bot", text="closed")])
        assert persons(events, 1) == [{"stage": "bot", "number": None, "place": None, "name": None}]
    with listening(served.client(), after=1) as events:
        # Of the assistant alone nothing is said.
        assert next(events)[0] == "message"
        with served.database.session() as session:
            append(session, "u-1", [MessageDraft(role="bot", text="more")])
        assert next(events)[0] == "message"


def test_a_person_without_a_name_for_customers_has_none(served: Any) -> None:
    take(served, hand_over(served))
    with listening(served.client()) as events:
        assert persons(events, 1)[0]["name"] is None


def test_typing_is_told_while_a_person_has_the_case_and_is_not_kept(served: Any) -> None:
    number = hand_over(served)
    client = served.client()
    with listening(client) as events:
        persons(events, 1)
        # Nobody has come yet who could write.
        served._loop.call_soon_threadsafe(served.service.feed.types, "u-1")
        time.sleep(0.3)
        take(served, number)
        assert [next(events)[0] for _ in range(2)] == ["message", "person"]
        served._loop.call_soon_threadsafe(served.service.feed.types, "u-1")
        assert next(events) == ("typing", {})
    with served.database.session() as session:
        # With SQLite there is nobody else to tell.
        announce_typing(session, "u-1")
    assert [message["text"] for message in client.history()] == ["joined"]


def test_what_a_stream_or_the_history_brought_calls_nobody(served: Any) -> None:
    client = served.client()

    def is_called() -> bool:
        with served.database.session() as session:
            return pushes.is_called(session, "u-1")

    def tell() -> None:
        with served.database.session() as session:
            append(session, "u-1", [MessageDraft(role="agent", text="hello")])

    tell()
    assert is_called()
    client.history()
    assert not is_called()
    with listening(client, after=1) as events:
        tell()
        assert next(events)[0] == "message"
        waited = time.monotonic()
        while is_called():
            assert time.monotonic() - waited < 3
            time.sleep(0.05)


def test_the_wish_for_a_person_can_be_taken_back_although_no_message_offers_it(served: Any) -> None:
    client = served.client()
    assert client.post(payload=CANCEL).status_code == 200
    assert client.history()[0]["text"] == "不用人工了"
    assert served.assistant.heard[-1].parse_data["intent"]["name"] == "about_case"
    client.post("不用人工啦")
    assert served.assistant.heard[-1].parse_data is None
