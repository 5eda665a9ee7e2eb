from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from actions.core.messages import ENDS
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database
from actions.state.ratings import RATINGS, NotAnEnd, rate, ratings


def talk(database: Database, *data: Any, role: str = "bot") -> None:
    with database.session() as session:
        append(session, "u-1", [MessageDraft(role=role, text="x", data=each) for each in data])


@pytest.mark.parametrize("end", sorted(ENDS))
def test_the_latest_rating_of_an_end_counts(end: str, database: Database) -> None:
    talk(database, {"type": end}, {"type": "resolved"})
    with database.session() as session:
        rate(session, "u-1", 1, 2, "slow")
        rate(session, "u-1", 2, 5)
        rate(session, "u-1", 1, 4)
    with database.session() as session:
        assert [(each.seq, each.score, each.word) for each in ratings(session, "u-1")] == [(1, 4, None), (2, 5, None)]


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 9])
def test_only_the_assistants_ends_can_be_rated(seq: int, database: Database) -> None:
    talk(database, None, {"type": "step"}, {"type": "plans"})
    talk(database, {"type": "resolved"}, role="agent")
    with pytest.raises(NotAnEnd), database.session() as session:
        rate(session, "u-1", seq, 5)


def test_a_score_outside_the_range_is_not_stored(database: Database) -> None:
    talk(database, {"type": "resolved"})
    with pytest.raises(IntegrityError), database.session() as session:
        rate(session, "u-1", 1, 6)
    with database.session() as session:
        assert session.execute(RATINGS.select()).all() == []
