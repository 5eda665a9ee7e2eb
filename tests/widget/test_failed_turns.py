"""POST /messages while something fails: an honest answer, nothing stored, and the next turn works."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from rasa.core.channels.channel import UserMessage

from actions.state.conversations import CONVERSATIONS, MESSAGES, load_tracker
from tests.widget.refusing import refused


def test_a_failed_turn_stores_nothing_and_the_next_one_works(served: Any) -> None:
    async def fail(_message: UserMessage) -> None:
        await served.assistant.say(_message, "half an answer")
        raise RuntimeError("the action server is away")

    client = served.client()
    client.post("hello")
    served.assistant.script = fail
    identifier = str(uuid.uuid4())
    response = client.post(payload="/step_done", id=identifier)
    refused(response, 503)
    assert response.json()["kept"] is False and int(response.headers["Retry-After"]) >= 1
    with served.database.session() as session:
        assert load_tracker(session, "u-1") == "state after 1"
    assert len(client.history()) == 2
    served.assistant.script = served.assistant.greet
    assert client.post(payload="/step_done", id=identifier).status_code == 200
    assert [message["seq"] for message in client.history()] == [1, 2, 3, 4]


def test_no_answer_is_a_failure(served: Any) -> None:
    async def silent(_message: UserMessage) -> None:
        return None

    served.assistant.script = silent
    response = served.client().post("hello")
    refused(response, 503)
    assert response.json()["kept"] is False and served.client().history() == []


def test_a_database_that_is_away_is_an_honest_503(served: Any, tmp_path: Any) -> None:
    client = served.client()
    client.post("hello")
    served.database.engine.dispose()
    (tmp_path / "channel.db").rename(tmp_path / "away.db")
    try:
        response = client.post("are you there")
        refused(response, 503)
        assert response.json()["kept"] is False and "Retry-After" in response.headers
        refused(requests.get(f"{client.address}/messages", headers=client.headers, timeout=20), 503)
    finally:
        (tmp_path / "away.db").rename(tmp_path / "channel.db")
    assert client.post("back again").status_code == 200
    assert len(client.history()) == 4


def test_a_write_that_fails_half_way_leaves_nothing(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.channel.store.save_tracker", broken)
    refused(served.client().post("hello"), 503)
    monkeypatch.undo()
    with served.database.session() as session:
        assert session.execute(CONVERSATIONS.select()).all() == [] and session.execute(MESSAGES.select()).all() == []
