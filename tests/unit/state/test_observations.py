"""Observations live and die with the messages they are made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from actions.core.observations import Observation
from actions.state import episodes, observations, ratings
from actions.state.columns import real_now
from actions.state.conversations import DuplicateMessage, MessageDraft, append
from actions.state.database import Database, insert_new
from actions.state.erasure import erase, purge
from actions.state.observations import OBSERVATIONS, note
from actions.state.tallies import TALLIES, TOTALS, add, count_nobodys, totals
from tests.threads import in_threads

DIAGNOSIS = {"type": "diagnosis", "order": None, "bill": None, "causes": [{"id": "overdue"}]}
RESOLVED = {"type": "resolved"}


def turn(database: Database, user: str = "u-1", message: str = "m-1", *told: dict[str, Any]) -> None:
    said = MessageDraft("user", "没有分期", id=message, intent="installment_missing", action="action_diagnose")
    with database.session() as session:
        append(session, user, [said, *(MessageDraft("bot", "x", data=data) for data in told or (DIAGNOSIS,))], message)


def kinds(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        rows = session.execute(select(OBSERVATIONS.c.kind, OBSERVATIONS.c.value).order_by(OBSERVATIONS.c.id))
        return [(row.kind, row.value) for row in rows]


def test_a_turn_is_observed_with_its_messages(database: Database) -> None:
    turn(database)
    assert kinds(database) == [("opened", ""), ("complained", "installment_missing"), ("found", "overdue")]
    with database.session() as session:
        (ref,) = set(session.execute(select(OBSERVATIONS.c.ref)).scalars())
        assert ref != "u-1" and episodes.user_of(session, ref) == "u-1"


def test_what_is_rolled_back_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.session() as session:
        append(session, "u-1", [MessageDraft("user", "x", intent="installment_missing", action="action_diagnose")])
        raise ZeroDivisionError
    assert kinds(database) == []


def test_a_message_that_comes_twice_doubles_nothing(database: Database) -> None:
    turn(database)
    before = kinds(database)
    with pytest.raises(DuplicateMessage):
        turn(database)
    assert kinds(database) == before


def test_nothing_can_be_there_twice(database: Database) -> None:
    row = {"at": 1, "ref": "r", "episode": None, "seq": 1, "kind": "found", "value": "overdue", "dims": {}, "rolled": False}
    with database.session() as session:
        insert_new(session, OBSERVATIONS, [row, row])
        insert_new(session, OBSERVATIONS, [{**row, "at": 2}])
    assert kinds(database) == [("found", "overdue")]
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(insert(OBSERVATIONS).values(row))


def test_many_who_write_at_once_are_observed_once_each(database: Database) -> None:
    in_threads(lambda number: turn(database, f"u-{number % 2}", f"m-{number}"))
    assert sorted(kinds(database)).count(("complained", "installment_missing")) == 8
    assert kinds(database).count(("opened", "")) == 2


def test_ratings_are_of_the_episode_they_rate(database: Database) -> None:
    turn(database, "u-1", "m-1", DIAGNOSIS, RESOLVED)
    for score in (4, 4, 2):
        with database.session() as session:
            ratings.rate(session, "u-1", 3, score)
    with database.session() as session:
        rows = session.execute(select(OBSERVATIONS).where(OBSERVATIONS.c.kind == "rated").order_by(OBSERVATIONS.c.id)).all()
    assert [(row.value, row.episode, row.seq) for row in rows] == [("4", 1, 3), ("2", 1, 3)]


def test_what_no_message_tells_is_noted_once(database: Database) -> None:
    turn(database)
    for _ in range(2):
        with database.session() as session:
            note(session, "u-1", "notice", "i-1", seq=2)
    assert kinds(database)[3:] == [("notice", "i-1")]


def test_once_a_customer_is_erased_what_was_observed_leads_nowhere(database: Database) -> None:
    turn(database)
    with database.session() as session:
        ref = session.execute(select(OBSERVATIONS.c.ref).limit(1)).scalar_one()
        erase(session, "u-1", "operator")
    with database.session() as session:
        assert episodes.user_of(session, ref) is None
        assert session.execute(select(func.count()).select_from(OBSERVATIONS)).scalar_one() == 3, "what was counted stays"
        assert "u-1" not in str(session.execute(select(OBSERVATIONS)).all())
    turn(database, message="m-2")
    with database.session() as session:
        assert episodes.standing(session, "u-1")[0] != ref, "who comes back is somebody new"


def test_purging_takes_old_observations_also_where_no_worker_runs(database: Database) -> None:
    turn(database)
    old = Observation(0, 1, None, "opened")
    with database.session() as session:
        insert_new(session, OBSERVATIONS, observations.rows("r", [old]))
        purge(session, real_now() - timedelta(days=5), "operator")
    assert len(kinds(database)) == 3


def test_counters_add_up_whoever_adds(database: Database) -> None:
    def count(_number: int) -> None:
        with database.session() as session:
            count_nobodys(session, 125_000, {("failed", "turn_failed"): 2})
            add(session, TOTALS, {("end", "resolved"): 1, ("found", "overdue"): 3})

    in_threads(count)
    with database.session() as session:
        (row,) = session.execute(select(TALLIES)).all()
        assert tuple(row) == (120_000, "failed", "turn_failed", "", "", 16)
        assert totals(session, ["end"]) == {("end", "resolved"): 8}
