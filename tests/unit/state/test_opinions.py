"""Votes on answers, and what reports read of votes and ratings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.state.columns import real_now
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.erasure import erase, purge
from actions.state.feedback import FEEDBACK, NotAnAnswer, feedback, vote
from actions.state.opinions import MOST_WORDS, SpokenOf, opinions
from actions.state.ratings import rate


def talk(database: Database, user: str, *data: Any, role: str = "bot") -> None:
    with database.session() as session:
        append(session, user, [MessageDraft(role=role, text="x", data=each) for each in data])


def test_the_latest_vote_counts_and_can_be_taken_back(database: Database) -> None:
    talk(database, "u-1", {"type": "answer", "topic": "annual_rate"}, None)
    with database.session() as session:
        vote(session, "u-1", 1, "up")
        vote(session, "u-1", 1, "down", "unclear", "too many numbers")
        vote(session, "u-1", 2, "up")
    with database.session() as session:
        assert [(each.seq, each.vote, each.reason, each.word) for each in feedback(session, "u-1")] == [
            (1, "down", "unclear", "too many numbers"),
            (2, "up", None, None),
        ]
        assert [each.seq for each in feedback(session, "u-1", after=1)] == [2]
        vote(session, "u-1", 1, None)
        vote(session, "u-1", 1, None)
        assert [each.seq for each in feedback(session, "u-1")] == [2]


@pytest.mark.parametrize("seq", [2, 9])
def test_only_what_the_assistant_said_is_voted_on(seq: int, database: Database) -> None:
    talk(database, "u-1", None)
    talk(database, "u-1", None, role="agent")
    with pytest.raises(NotAnAnswer), database.session() as session:
        vote(session, "u-1", seq, "up")


def test_opinions_are_counted_by_topic_and_cause_within_their_time(database: Database) -> None:
    begun = real_now()
    diagnosis = {"type": "diagnosis", "causes": [{"id": "overdue"}, {"id": "phone_unbound"}]}
    for user in ("u-1", "u-2"):
        talk(database, user, {"type": "answer", "topic": "annual_rate"}, diagnosis, {"type": "resolved"}, None)
        with database.session() as session:
            vote(session, user, 1, "down", "wrong", f"word of {user}")
            vote(session, user, 2, "up")
            vote(session, user, 4, "down")
            rate(session, user, 3, 5 if user == "u-1" else 2, "quick")
    with database.session() as session:
        found = opinions(session, begun, real_now() + timedelta(seconds=1))
        assert opinions(session, begun - timedelta(days=1), begun) == {}
    assert list(found) == [
        SpokenOf("other", "text"),
        SpokenOf("topic", "annual_rate"),
        SpokenOf("cause", "overdue"),
        SpokenOf("other", "resolved"),
    ]
    topic, cause, end = found[SpokenOf("topic", "annual_rate")], found[SpokenOf("cause", "overdue")], found[SpokenOf("other", "resolved")]
    assert (topic.up, topic.down, dict(topic.reasons), topic.average) == (0, 2, {"wrong": 2}, None)
    assert topic.words == ["word of u-2", "word of u-1"]
    assert (cause.up, cause.down) == (2, 0)
    assert (dict(end.scores), end.average, end.words) == ({5: 1, 2: 1}, 3.5, ["quick", "quick"])


def test_only_the_latest_words_of_a_matter_are_kept(database: Database) -> None:
    talk(database, "u-1", *[{"type": "answer", "topic": "annual_rate"}] * (MOST_WORDS + 3))
    begun = real_now()
    for seq in range(1, MOST_WORDS + 4):
        with database.session() as session:
            vote(session, "u-1", seq, "down", None, str(seq))
    with database.session() as session:
        found = opinions(session, begun, real_now() + timedelta(seconds=1))[SpokenOf("topic", "annual_rate")]
    assert found.down == MOST_WORDS + 3 and found.words == [str(seq) for seq in range(MOST_WORDS + 3, 3, -1)]


def test_votes_go_with_the_customer_and_with_the_conversation(database: Database) -> None:
    for user in ("u-1", "u-2"):
        talk(database, user, None)
        with database.session() as session:
            vote(session, user, 1, "up", None, "mine")
    with database.session() as session:
        assert erase(session, "u-1", "test")["feedback"] == 1
        assert [row.conversation_id for row in session.execute(FEEDBACK.select())] == ["u-2"]
        assert purge(session, real_now() + timedelta(seconds=1), "test")["feedback"] == 1
