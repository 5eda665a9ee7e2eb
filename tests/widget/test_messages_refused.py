"""POST and GET /messages: what is malformed, empty, too long, a command or too much is refused, and nothing of it is kept."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests

from tests.widget.refusing import refused


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
