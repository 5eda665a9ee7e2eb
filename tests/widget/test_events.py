"""GET /events: the conversation as a stream that can be taken up again anywhere."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from actions.state.conversations import MessageDraft, append
from bot.channel.widget import input


class Stream:
    """Reads server-sent events as the specification of EventSource says."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.comments = 0
        self._lines = response.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self) -> dict[str, Any] | None:
        """The next message, None at the end of the stream."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields.get("event") in ("person", "typing"):
                fields = {}
            elif "data" in fields:
                message: dict[str, Any] = json.loads(fields["data"])
                assert fields["id"] == str(message["seq"]) and fields["event"] == "message"
                return message
            else:
                fields = {}
        return None

    def take(self, count: int) -> list[dict[str, Any]]:
        messages = [self.next() for _ in range(count)]
        return [message for message in messages if message is not None]


@contextmanager
def stream(client: Any, after: int | None = None, last: str | None = None, timeout: float = 5) -> Iterator[Stream]:
    headers = {**client.headers, **({"Last-Event-ID": last} if last is not None else {})}
    params = {} if after is None else {"after": after}
    with requests.get(f"{client.address}/events", params=params, headers=headers, stream=True, timeout=timeout) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        response.encoding = "utf-8"
        yield Stream(response)


def test_a_stream_gives_the_history_and_then_the_news(served: Any) -> None:
    client = served.client()
    client.post("你好")
    with stream(client) as events:
        assert events.take(2) == client.history()
        client.post("再来")
        assert events.take(2) == client.history(after=2)


def test_news_of_this_process_arrive_without_a_look(served: Any) -> None:
    served.service.feed._poll = 3600.0
    client = served.client()
    client.post("hello")
    with stream(client, after=2) as events:
        for _ in range(3):
            client.post("more")
            assert len(events.take(2)) == 2


def test_news_of_others_are_found_by_looking(served: Any) -> None:
    client = served.client()
    client.post("hello")
    with stream(client, after=2) as events:
        with served.database.session() as session:
            append(session, "u-1", [MessageDraft(role="agent", text="a person")])
        message = events.next()
        assert message is not None and message["role"] == "agent"


def test_a_stream_is_taken_up_where_it_broke_off(served: Any) -> None:
    client = served.client()
    client.post("one")
    client.post("two")
    with stream(client, after=3) as events:
        assert [message["seq"] for message in events.take(1)] == [4]
    with stream(client, after=1, last="3") as events:
        assert [message["seq"] for message in events.take(1)] == [4]
    with stream(client, last="2") as events:
        assert [message["seq"] for message in events.take(2)] == [3, 4]
    assert requests.get(f"{client.address}/events", headers={**client.headers, "Last-Event-ID": "x"}, timeout=5).status_code == 400


def test_a_long_history_is_streamed_completely(served: Any) -> None:
    with served.database.session() as session:
        append(session, "u-1", [MessageDraft(role="bot", text=f"line\n{number}") for number in range(450)])
    with stream(served.client()) as events:
        assert [message["seq"] for message in events.take(450)] == list(range(1, 451))


def test_two_tabs_see_the_same_and_a_stranger_nothing(served: Any) -> None:
    client = served.client()
    with stream(client) as one, stream(client) as two, stream(served.client("u-2")) as stranger:
        client.post("hello")
        assert one.take(2) == two.take(2) == client.history()
        served.client("u-2").post("mine")
        assert [message["text"] for message in stranger.take(2)] == ["mine", "you said mine"]


def test_silence_is_filled_with_heartbeats_and_ends_with_the_token(served: Any) -> None:
    with stream(served.client(lifetime=2)) as events:
        assert events.next() is None
        assert events.comments >= 2


def test_a_stream_outlives_a_database_that_is_away(served: Any, tmp_path: Any) -> None:
    client = served.client()
    client.post("hello")
    with stream(client, after=2) as events:
        served.database.engine.dispose()
        (tmp_path / "channel.db").rename(tmp_path / "away.db")
        time.sleep(0.8)
        (tmp_path / "away.db").rename(tmp_path / "channel.db")
        client.post("back")
        assert [message["seq"] for message in events.take(2)] == [3, 4]


def test_one_customer_may_open_eight_streams(served: Any) -> None:
    client = served.client()
    opened = [requests.get(f"{client.address}/events", headers=client.headers, stream=True, timeout=5) for _ in range(8)]
    try:
        refusal = requests.get(f"{client.address}/events", headers=client.headers, timeout=5)
        assert refusal.status_code == 429 and refusal.json()["status"] == 429 and "Retry-After" in refusal.headers
    finally:
        for response in opened:
            response.close()
    time.sleep(1)
    with stream(client) as events:
        client.post("hello")
        assert len(events.take(2)) == 2
    assert "baitiao_streams" in requests.get(f"{served.address}/metrics", timeout=5).text


def test_the_server_stops_without_waiting_for_streams(serve: Any) -> None:
    served = serve()
    with stream(served.client()) as events:
        begun = time.perf_counter()
        served.close()
        assert events.next() is None and time.perf_counter() - begun < 3
    served.close = lambda: None


def test_streams_leave_connections_to_others(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input, "most_connections", lambda: 4)
    client = served.client()
    opened = [requests.get(f"{client.address}/events", headers=client.headers, stream=True, timeout=5) for _ in range(3)]
    refusal = requests.get(f"{client.address}/events", headers=served.client("u-2").headers, timeout=5)
    assert refusal.status_code == 503 and "Retry-After" in refusal.headers
    assert client.post("hello").status_code == 200
    for response in opened:
        response.close()
