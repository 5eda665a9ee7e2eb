"""Another channel beside the widget's: the same turns, tokens, refusals and history."""

from __future__ import annotations

import uuid
from typing import Any

import requests


def say(served: Any, text: str, user: str = "u-1", identifier: str | None = None) -> requests.Response:
    body = {"id": identifier or str(uuid.uuid4()), "text": text}
    return requests.post(f"{served.address}/webhooks/plain/say", json=body, headers=served.client(user).headers, timeout=10)


def test_a_message_is_answered_and_stands_in_the_conversation_that_the_widget_shows(served: Any) -> None:
    answer = say(served, "hello").json()["text"]
    assert answer
    history = served.client().history()
    assert [message["text"] for message in history][:2] == ["hello", answer.split("\n")[0]]
    assert [message.input_channel for message in served.assistant.heard] == ["plain"]


def test_a_repeated_message_gets_the_same_answer_and_is_not_heard_again(served: Any) -> None:
    identifier = str(uuid.uuid4())
    first, second = (say(served, "hello", identifier=identifier) for _ in range(2))
    assert first.json() == second.json() and len(served.assistant.heard) == 1


def test_refusals_are_those_of_every_channel(served: Any) -> None:
    refused = requests.post(f"{served.address}/webhooks/plain/say", json={"id": str(uuid.uuid4()), "text": "x"}, timeout=10)
    assert refused.status_code == 401 and refused.headers["Content-Type"] == "application/problem+json"
    assert say(served, "/restart").json()["type"] == "urn:baitiao:problem:command"
