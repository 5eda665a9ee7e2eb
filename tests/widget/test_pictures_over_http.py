"""Pictures over HTTP: whose they are, what is answered, what is refused, and that they go with their conversation."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
import requests
from PIL import Image
from sqlalchemy import func, select

from actions.state import erasure, handoffs
from actions.state.columns import real_now
from actions.state.pictures import PICTURES
from bot.channel.imaging import LARGEST_PICTURE
from bot.channel.picture_store import MOST_PICTURES
from bot.web.site import LARGEST_BODY

SENT = io.BytesIO()
Image.effect_noise((700, 400), 90).save(SENT, "PNG")
PICTURE = SENT.getvalue()
"""Larger than any other body may be."""


def send(client: Any, content: Any = PICTURE, identifier: str | None = None) -> requests.Response:
    address = f"{client.address}/pictures?id={identifier or uuid.uuid4()}"
    return requests.post(address, data=content, headers={**client.headers, "Content-Type": "image/png"}, timeout=20)


def fetch(client: Any, picture_id: str) -> requests.Response:
    return requests.get(f"{client.address}/pictures/{picture_id}", headers=client.headers, timeout=20)


def hand_over(served: Any, user: str = "u-1") -> str:
    with served.database.session() as session:
        return handoffs.create(session, user, user, "requested", "general", {}).id


def stored(served: Any) -> int:
    with served.database.session() as session:
        return int(session.execute(select(func.count()).select_from(PICTURES)).scalar_one())


def test_a_picture_is_answered_honestly_and_shown_to_its_customer_alone(served: Any) -> None:
    assert len(PICTURE) > LARGEST_BODY
    client = served.client()
    response = send(client)
    assert response.status_code == 200, response.text
    (reply,) = response.json()["messages"]
    assert "看不了图片" in reply["text"] and [button["payload"] for button in reply["buttons"]] == ["/request_human"]
    own, answer = client.history()
    assert (own["role"], own["text"], answer) == ("user", "图片", reply)
    assert own["data"] == {"type": "picture", "id": own["data"]["id"], "width": 700, "height": 400}
    shown = fetch(client, own["data"]["id"])
    assert shown.headers["Content-Type"] == "image/jpeg" and shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with Image.open(io.BytesIO(shown.content)) as seen:
        assert seen.size == (700, 400)
    refused = fetch(served.client("u-2"), own["data"]["id"])
    assert (refused.status_code, refused.json()["type"]) == (404, "urn:baitiao:problem:no-such-picture")
    assert requests.get(f"{client.address}/pictures/{own['data']['id']}", timeout=20).status_code == 401


def test_the_case_goes_on_where_it_was(served: Any) -> None:
    client = served.client()
    before = client.post("hello").json()["messages"][-1]
    (reply,) = send(client).json()["messages"]
    assert reply["buttons"][:-1] == before["buttons"] and reply["choices_of"] == before["seq"]
    assert client.post(payload=before["buttons"][0]["payload"]).status_code == 200
    assert len(served.assistant.heard) == 2


def test_the_same_id_again_changes_nothing(served: Any) -> None:
    client, identifier = served.client(), str(uuid.uuid4())
    first, again = send(client, identifier=identifier), send(client, identifier=identifier.upper())
    assert first.json() == again.json() and len(client.history()) == 2 and stored(served) == 1
    # Whatever the body.
    assert send(client, b"", identifier).json() == first.json()


def test_a_picture_waits_for_the_person_and_reaches_one_without_a_word(served: Any) -> None:
    client, number = served.client(), hand_over(served)
    (reply,) = send(client).json()["messages"]
    assert "留给人工" in reply["text"]
    with served.database.session() as session:
        assert handoffs.take(session, number, "agent-1")
    assert send(client).json() == {"messages": []}
    assert [message["role"] for message in client.history()] == ["user", "bot", "user"]


@pytest.mark.parametrize(
    "content, status, kind",
    [
        (b"no picture", 415, "no-picture"),
        (b"", 415, "no-picture"),
        (PICTURE[: len(PICTURE) // 2], 415, "no-picture"),
        (b"x" * (LARGEST_PICTURE + 1), 413, "picture-too-large"),
        (iter([b"x" * (LARGEST_PICTURE // 4)] * 5), 413, "picture-too-large"),
    ],
    ids=["text", "nothing", "half", "too large", "too large, in pieces"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(served: Any, content: Any, status: int, kind: str) -> None:
    client = served.client()
    response = send(client, content)
    assert (response.status_code, response.json()["type"]) == (status, f"urn:baitiao:problem:{kind}")
    assert client.history() == [] and stored(served) == 0


def test_only_pictures_may_be_large(served: Any) -> None:
    client = served.client()
    assert client.post_raw(b'{"id": "' + b"x" * LARGEST_BODY).status_code == 413
    assert send(client).status_code == 200


def test_whoever_may_not_send_is_told_so_although_the_picture_is_still_coming(served: Any) -> None:
    client = served.client()
    client.headers = {"Authorization": "Bearer nothing"}
    assert send(client).status_code == 401
    assert send(served.client(), identifier="one").status_code == 400


def test_so_many_pictures_are_enough(served: Any) -> None:
    client = served.client()
    small = io.BytesIO()
    Image.new("RGB", (4, 4)).save(small, "PNG")
    assert {send(client, small.getvalue()).status_code for _ in range(MOST_PICTURES)} == {200}
    refused = send(client, small.getvalue())
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:baitiao:problem:too-many-pictures")
    assert refused.headers["Retry-After"] == "3600"


def test_pictures_go_with_the_customer_and_with_what_is_old(served: Any) -> None:
    for user in ("u-1", "u-2"):
        send(served.client(user))
    with served.database.session() as session:
        assert erasure.erase(session, "u-1", "operator")["pictures"] == 1
    assert stored(served) == 1
    with served.database.session() as session:
        assert erasure.purge(session, real_now() + timedelta(days=1), "operator")["pictures"] == 1
    assert stored(served) == 0


def test_the_reference_is_what_the_push_service_is_told(served: Any) -> None:
    client = served.client()
    first = requests.get(f"{client.address}/reference", headers=client.headers, timeout=20).json()
    assert first == requests.get(f"{client.address}/reference", headers=client.headers, timeout=20).json()
    assert set(first) == {"customer"} and first["customer"].startswith("c-")
