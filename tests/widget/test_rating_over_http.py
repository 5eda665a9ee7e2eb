"""POST /rating, POST /feedback, what GET /messages says of both, and GET /labels."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from actions.state.conversations import MessageDraft, append
from actions.state.feedback import feedback
from actions.state.ratings import ratings


def rate(client: Any, **body: Any) -> requests.Response:
    return requests.post(f"{client.address}/rating", json=body, headers=client.headers, timeout=10)


def vote(client: Any, **body: Any) -> requests.Response:
    return requests.post(f"{client.address}/feedback", json=body, headers=client.headers, timeout=10)


def told(client: Any, after: int = 0) -> dict[str, Any]:
    """What GET /messages says beside the messages."""
    answer = requests.get(f"{client.address}/messages?after={after}", headers=client.headers, timeout=10).json()
    return {name: found for name, found in answer.items() if name != "messages"}


@pytest.fixture
def ended(served: Any) -> Any:
    with served.database.session() as session:
        append(session, "u-1", [MessageDraft(role="bot", text="x", data={"type": kind}) for kind in ("step", "resolved")])
    return served


def test_the_latest_rating_counts_and_its_word_is_masked(ended: Any) -> None:
    client = ended.client()
    assert rate(client, seq=2, score=2).status_code == 204
    assert rate(client, seq=2, score=5, word="  call 13800138000  ").status_code == 204
    with ended.database.session() as session:
        assert [(each.score, each.word) for each in ratings(session, "u-1")] == [(5, "call 138****8000")]
    metrics = requests.get(f"{ended.address}/metrics", timeout=5).text
    assert 'baitiao_ratings_total{score="5"} 1.0' in metrics and 'baitiao_ratings_total{score="2"} 1.0' in metrics


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"seq": 2}, 400), ({"score": 5}, 400), ({"seq": 2, "score": 0}, 400), ({"seq": 2, "score": 6}, 400),
        ({"seq": "2", "score": 5}, 400), ({"seq": 2, "score": True}, 400), ({"seq": 2, "score": 4.5}, 400), ({"seq": 0, "score": 5}, 400),
        ({"seq": 2, "score": 5, "word": 7}, 400), ({"seq": 2, "score": 5, "word": "x" * 501}, 413), ({"seq": 1, "score": 5}, 404),
        ({"seq": 9, "score": 5}, 404), ({"seq": 2**60, "score": 5}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_a_rating_is_refused_and_not_stored(body: Any, status: int, ended: Any) -> None:
    response = rate(ended.client(), **body)
    assert response.status_code == status and response.json()["detail"]
    with ended.database.session() as session:
        assert ratings(session, "u-1") == ()


def test_nobody_rates_for_somebody_else(ended: Any) -> None:
    assert rate(ended.client("u-2"), seq=2, score=1).status_code == 404
    assert requests.post(f"{ended.address}/webhooks/widget/rating", json={"seq": 2, "score": 1}, timeout=5).status_code == 401


def test_the_history_says_what_was_rated_and_voted(ended: Any) -> None:
    client = ended.client()
    assert told(client) == {}
    assert rate(client, seq=2, score=4).status_code == 204
    assert vote(client, seq=1, vote="down", reason="unclear", word="call 13800138000").status_code == 204
    assert told(client) == {"ratings": {"2": 4}, "feedback": {"1": "down"}}
    assert told(client, after=1) == {"ratings": {"2": 4}}
    with ended.database.session() as session:
        assert [(each.vote, each.reason, each.word) for each in feedback(session, "u-1")] == [("down", "unclear", "call 138****8000")]
    assert vote(client, seq=1, vote=None).status_code == 204
    assert told(client) == {"ratings": {"2": 4}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"seq": 1}, 400), ({"vote": "up"}, 400), ({"seq": 1, "vote": "good"}, 400), ({"seq": 1, "vote": "up", "reason": "x"}, 400),
        ({"seq": 1, "vote": ["up"]}, 400), ({"seq": True, "vote": "up"}, 400), ({"seq": 1, "vote": "up", "word": 7}, 400),
        ({"seq": 1, "vote": "up", "word": "x" * 501}, 413), ({"seq": 9, "vote": "up"}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_a_vote_is_refused_and_not_stored(body: Any, status: int, ended: Any) -> None:
    response = vote(ended.client(), **body)
    assert response.status_code == status and response.json()["detail"]
    assert told(ended.client()) == {}


def test_labels_name_causes_and_facts(served: Any) -> None:
    client = served.client()
    words = requests.get(f"{client.address}/labels", headers=client.headers, timeout=10).json()
    assert words["causes"]["overdue"]["fixed_by"] == "user" and words["facts"]["baitiao.overdue"]["unit"] == "yuan"
    assert requests.get(f"{client.address}/labels", timeout=5).status_code == 401
