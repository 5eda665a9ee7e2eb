"""POST and GET /messages: answers, history, repetition."""

from __future__ import annotations

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import requests
from rasa.core.channels.channel import UserMessage

from actions.state import handoffs
from actions.state.conversations import MESSAGES, load_tracker
from bot.channel.widget import input


def test_an_answer_and_the_history_have_the_shape_of_the_contract(served: Any) -> None:
    client = served.client(order="o-1")
    identifier = str(uuid.uuid4())
    answer = client.post("hello", id=identifier).json()["messages"]
    assert [message["seq"] for message in answer] == [2]
    assert set(answer[0]) == {"seq", "id", "at", "role", "text", "buttons", "data"}
    assert answer[0]["role"] == "bot" and answer[0]["text"] == "you said hello" and answer[0]["data"] is None
    assert answer[0]["buttons"][0] == {"title": "done", "payload": "/step_done"}
    assert datetime.fromisoformat(answer[0]["at"]).utcoffset() is not None
    history = client.history()
    assert [message["role"] for message in history] == ["user", "bot"]
    assert history[0]["id"] == identifier and history[0]["text"] == "hello" and history[0]["buttons"] == []
    assert client.history(after=1) == answer and client.history(after=2) == []


def test_the_assistant_learns_the_order_and_nothing_from_the_body(served: Any) -> None:
    served.client(order="o-1").post("hello", sender="u-2", sender_id="u-2", metadata={"order": "o-2"}, conversation_id="u-2")
    heard = served.assistant.heard[0]
    assert heard.sender_id == "u-1" and heard.input_channel == "widget"
    assert heard.metadata["order"] == "o-1" and heard.metadata["masked"] == [] and heard.metadata["message_id"] == heard.message_id
    assert served.client("u-2").history() == []


def test_what_was_understood_and_done_is_stored_with_the_turn(served: Any) -> None:
    served.client().post("hello")
    with served.database.session() as session:
        said, answered = session.execute(MESSAGES.select().order_by(MESSAGES.c.seq)).all()
        assert (said.intent, said.confidence, said.action) == ("greet", 0.9, "action_fake")
        assert answered.action == "action_fake" and answered.reply_to == said.id
        assert load_tracker(session, "u-1") == "state after 1"


def test_the_same_id_gives_the_stored_replies_whatever_the_body(served: Any) -> None:
    client = served.client()
    identifier = str(uuid.uuid4())
    first = client.post("hello", id=identifier).json()
    for body in ({"text": "other"}, {"text": 5}, {"text": "x" * 501}, {"payload": "/never"}, {}, {"text": "a", "payload": "/b"}):
        repeated = client.post(id=identifier, **body)
        assert repeated.status_code == 200 and repeated.json() == first
    assert len(served.assistant.heard) == 1 and len(client.history()) == 2


def test_an_id_belongs_to_its_conversation(served: Any) -> None:
    identifier = str(uuid.uuid4())
    served.client("u-1").post("mine", id=identifier)
    assert served.client("u-2").post("yours", id=identifier).json()["messages"][0]["text"] == "you said yours"


def test_the_same_id_at_once_waits_and_is_taken_once(served: Any) -> None:
    async def slowly(message: UserMessage) -> None:
        await asyncio.sleep(0.3)
        await served.assistant.greet(message)

    served.assistant.script = slowly
    client = served.client()
    identifier = str(uuid.uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("hello", id=identifier).json(), range(8)))
    assert all(answer == answers[0] for answer in answers) and len(served.assistant.heard) == 1
    assert [message["seq"] for message in client.history()] == [1, 2]


def test_many_messages_at_once_are_numbered_without_gaps_and_answered_in_turn(served: Any) -> None:
    client = served.client()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: client.post(f"number {number}"), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    history = client.history()
    assert [message["seq"] for message in history] == list(range(1, 49))
    for said, answered in zip(history[::2], history[1::2]):
        assert said["role"] == "user" and answered["text"] == f"you said {said['text']}"


def test_a_client_that_hangs_up_gets_the_replies_later(served: Any) -> None:
    async def slowly(message: UserMessage) -> None:
        await asyncio.sleep(0.6)
        await served.assistant.greet(message)

    served.assistant.script = slowly
    client = served.client()
    identifier = str(uuid.uuid4())
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(f"{client.address}/messages", json={"id": identifier, "text": "hello"}, headers=client.headers, timeout=0.2)
    assert client.post("hello", id=identifier).json()["messages"][0]["text"] == "you said hello"
    assert len(served.assistant.heard) == 1


def test_personal_numbers_are_masked_before_anything_is_stored_or_heard(served: Any, caplog: Any) -> None:
    number = "13812345678"
    served.client().post(f"我的手机号是{number}")
    heard = served.assistant.heard[0]
    assert number not in heard.text and heard.metadata["masked"] == ["phone"]
    assert number not in str(served.client().history()) and number not in caplog.text


def test_the_assistant_is_silent_once_a_person_has_taken_the_case(served: Any) -> None:
    client = served.client()
    with served.database.session() as session:
        handoff = handoffs.create(session, "u-1", "u-1", "requested", "general", {})
    assert client.post("still queued").json()["messages"] != []
    with served.database.session() as session:
        handoffs.take(session, handoff.id, "agent")
    answer = client.post("hello person")
    assert answer.status_code == 200 and answer.json() == {"messages": []}
    assert client.history()[-1]["text"] == "hello person" and len(served.assistant.heard) == 1
    with served.database.session() as session:
        handoffs.close(session, handoff.id)
    assert client.post("hello again").json()["messages"] != []


def test_a_turn_costs_little_beside_the_assistant(served: Any) -> None:
    client = served.client()
    times = []
    with requests.Session() as session:
        session.headers.update(client.headers)
        for number in range(60):
            begun = time.perf_counter()
            session.post(f"{client.address}/messages", json={"id": str(uuid.uuid4()), "text": f"hello {number}"}, timeout=20)
            times.append(time.perf_counter() - begun)
    # Far above what it takes (about 10 ms), so that a busy machine does not fail; a poll or a lock that sleeps would.
    assert sorted(times)[30] < 0.1


def test_a_long_history_comes_in_parts(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input, "LONGEST_HISTORY", 4)
    client = served.client()
    for _ in range(3):
        client.post("hello")
    parts = []
    for after in (0, 4):
        answer = requests.get(f"{client.address}/messages", params={"after": after}, headers=client.headers, timeout=5).json()
        parts.append(([message["seq"] for message in answer["messages"]], answer.get("more")))
    assert parts == [([1, 2, 3, 4], True), ([5, 6], None)]
