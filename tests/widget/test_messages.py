"""POST and GET /messages: answers, history, repetition, failure."""

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
from sqlalchemy import update

from actions.state import handoffs
from actions.state.conversations import CONVERSATIONS, MESSAGES, load_tracker
from bot.channel.buttons import always_accepted

PROBLEM = "application/problem+json"


def refused(response: requests.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == status and problem["type"] and problem["title"] and problem["detail"]


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


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not json", b"\xff\xfe\x00binary", b"null", b"[]", b"5", b'"text"', b"{}", b'{"text": "hello"}',
        b'{"id": null, "text": "hello"}', b'{"id": 7, "text": "hello"}', b'{"id": "7", "text": "hello"}',
        b"[" * 50000, b'{"id": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_malformed_body_is_refused(served: Any, body: bytes) -> None:
    refused(served.client().post_raw(body), 400)
    assert served.client().history() == [] and served.assistant.heard == []


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"text": None}, {"text": 5}, {"text": ["a"]}, {"text": {"a": 1}}, {"payload": None}, {"payload": 5}, {"payload": ["/a"]},
        {"text": "a", "payload": "/step_done"}, {"text": "a", "payload": None}, {"text": "zero \x00 byte"}, {"text": "bell \x07"},
        {"text": "half a pair \ud83d"}, {"text": True},
    ],
)  # fmt: skip
def test_a_malformed_message_is_refused_and_its_id_forgotten(served: Any, fields: Any) -> None:
    client = served.client()
    identifier = str(uuid.uuid4())
    refused(client.post(id=identifier, **fields), 400)
    assert client.history() == [] and served.assistant.heard == []
    assert client.post("now well formed", id=identifier).status_code == 200


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u3000", "\u200b\ufeff", "///", "／ / ", "\u200b/ "])
def test_an_empty_text_is_refused(served: Any, text: str) -> None:
    refused(served.client().post(text), 422)
    assert served.client().history() == []


def test_an_empty_payload_is_refused(served: Any) -> None:
    refused(served.client().post(payload=" "), 422)


@pytest.mark.parametrize("text", ["长" * 501, "长" * 10_000, "长" * 100_000, "x" * 3_000_000])
def test_a_long_text_is_refused_by_an_answer(served: Any, text: str) -> None:
    refused(served.client().post(text), 413)
    assert served.client().history() == []


def test_five_hundred_characters_are_not_too_long(served: Any) -> None:
    assert served.client().post("  " + "长" * 500 + "\n").status_code == 200
    assert served.client().history()[0]["text"] == "长" * 500


@pytest.mark.parametrize(
    "text",
    [
        "/restart", "／restart", " /restart", "\u3000／ request_human", "//session_start", "/ greet", '/greet{"product": "X"}',
        '/greet {"product": "X"}', "/greet{", "/ｒｅｓｔａｒｔ", "\u200b/restart", "/\u200brestart", "/restart@0.5", "/a/b", "/back\n",
    ],
)  # fmt: skip
def test_a_command_is_refused_and_nothing_stored(served: Any, text: str) -> None:
    refused(served.client().post(text), 400)
    assert served.client().history() == [] and served.assistant.heard == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/分期在哪", "分期在哪"),
        ("／ 没有分期", "没有分期"),
        ("//5000 分 12 期", "5000 分 12 期"),
        ("1/2 呢", "1/2 呢"),
        ("/restart 一下", "restart 一下"),
    ],
)
def test_slashes_in_front_of_a_text_never_reach_the_assistant(served: Any, text: str, heard: str) -> None:
    assert served.client().post(text).status_code == 200
    assert served.assistant.heard[0].text == heard and served.assistant.heard[0].parse_data is None
    assert served.client().history()[0]["text"] == text


def test_personal_numbers_are_masked_before_anything_is_stored_or_heard(served: Any, caplog: Any) -> None:
    number = "13812345678"
    served.client().post(f"我的手机号是{number}")
    heard = served.assistant.heard[0]
    assert number not in heard.text and heard.metadata["masked"] == ["phone"]
    assert number not in str(served.client().history()) and number not in caplog.text


def test_an_offered_payload_enters_as_parsed_data_with_its_title_as_text(served: Any) -> None:
    client = served.client()
    client.post("hello")
    assert client.post(payload='/inform{"order": "o-1"}').status_code == 200
    heard = served.assistant.heard[1]
    assert heard.text == "pick" and heard.parse_data["intent"] == {"name": "inform", "confidence": 1.0}
    assert [(entity["entity"], entity["value"]) for entity in heard.parse_data["entities"]] == [("order", "o-1")]
    assert client.history(after=2)[0]["text"] == "pick"


def test_a_payload_never_offered_or_no_longer_current_is_refused(served: Any) -> None:
    client = served.client()
    refused(client.post(payload="/step_done"), 409)
    client.post("hello")
    refused(client.post(payload="/restart"), 409)
    refused(served.client("u-2").post(payload="/step_done"), 409)

    async def without_buttons(message: UserMessage) -> None:
        await served.assistant.say(message, "no buttons")

    served.assistant.script = without_buttons
    assert client.post(payload="/step_done").status_code == 200
    refused(client.post(payload="/step_done"), 409)
    assert len(client.history()) == 4


def test_a_person_can_always_be_asked_for(served: Any) -> None:
    assert served.client().post(payload="/request_human").status_code == 200
    assert served.assistant.heard[0].parse_data["intent"]["name"] == "request_human"
    assert served.client().history()[0]["text"] == always_accepted()["/request_human"]
    refused(served.client().post(payload='/request_human{"order": "o-2"}'), 409)


def test_a_typed_title_presses_the_button_and_the_history_keeps_what_was_typed(served: Any) -> None:
    async def offer(message: UserMessage) -> None:
        buttons = [{"title": "再查一次", "payload": "/step_done"}, {"title": "已完成", "payload": "/step_done"}]
        await served.assistant.say(message, "第一步", buttons=buttons)

    served.assistant.script = offer
    client = served.client()
    client.post("hello")
    for typed in ("再查一次", "已完呈"):
        assert client.post(typed).status_code == 200
        heard = served.assistant.heard[-1]
        assert heard.parse_data["intent"] == {"name": "step_done", "confidence": 1.0} and client.history()[-2]["text"] == typed
    client.post("已完成不了这一步")
    assert served.assistant.heard[-1].parse_data is None


def test_a_title_typed_after_its_button_is_gone_is_a_text(served: Any) -> None:
    client = served.client()
    client.post("已完成")
    assert served.assistant.heard[-1].parse_data is None
    client.post("转人工吧")
    assert served.assistant.heard[-1].parse_data["intent"]["name"] == "request_human"


def test_a_reply_that_offers_the_same_buttons_again_names_the_message_they_are_from(served: Any) -> None:
    client = served.client()
    first, again = client.post("hello").json()["messages"], client.post("what?").json()["messages"]
    assert "choices_of" not in first[0] and again[0]["choices_of"] == first[0]["seq"] and again[0]["buttons"] == first[0]["buttons"]
    assert client.history()[-1] == again[0]


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


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "٣", "9" * 17, "1&after=2"])
def test_a_bad_position_is_refused(served: Any, after: str) -> None:
    client = served.client()
    for path in ("messages", "events"):
        refused(requests.get(f"{client.address}/{path}?after={after}", headers=client.headers, timeout=20), 400)


def test_one_customer_cannot_write_without_end(serve: Any) -> None:
    served = serve(rate="3/minute")
    client = served.client()
    assert [client.post("hello").status_code for _ in range(3)] == [200, 200, 200]
    response = client.post("hello")
    refused(response, 429)
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert len(client.history()) == 6 and served.client("u-2").post("hello").status_code == 200


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


def test_an_agents_buttons_count_as_offered(served: Any) -> None:
    client = served.client()
    client.post("hello")
    with served.database.session() as session:
        session.execute(
            update(MESSAGES).where(MESSAGES.c.seq == 2).values(role="system", buttons=[{"title": "again", "payload": "/repeat"}])
        )
    assert client.post(payload="/repeat").status_code == 200
