"""What PostgreSQL's errors tell: what failed and where, and nothing of what was to be written; and that nothing waits without end."""

from __future__ import annotations

import time
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions.core.moments import SHANGHAI
from actions.state import handoffs
from actions.state.conversations import MessageDraft, append
from actions.state.database import Database, lock_writers
from tests.services.conftest import postgres_processes, stopped

WORDS = "我老婆王某在第三医院住院"
FAILING = {
    "an id that is taken": "INSERT INTO conversations (id, last_seq, created_at, updated_at) VALUES (:words, 1, now(), now())",
    "a check": "ALTER TABLE conversations ADD CONSTRAINT c CHECK (length(id) < 3)",
    "not a number": "SELECT CAST(:words AS integer)",
    "not an instant": "SELECT CAST(:words AS timestamp)",
    "no JSON": "SELECT CAST(:words AS json)",
    "a column that is missing": "SELECT :words FROM conversations WHERE nothing = :words",
    "nothing to point to": "INSERT INTO messages (conversation_id, seq, id, at, role, text) VALUES (:words, 1, :words, now(), 'user', :words)",
}


@pytest.mark.parametrize("statement", FAILING.values(), ids=list(FAILING))
def test_errors_tell_what_failed_and_no_value(postgres: Database, statement: str) -> None:
    with postgres.session() as session:
        append(session, WORDS, [MessageDraft("user", WORDS, id=WORDS)])
    with pytest.raises(DBAPIError) as failed, postgres.session() as session:
        session.execute(text(statement), {"words": WORDS})
    told = "".join(traceback.format_exception(failed.type, failed.value, failed.tb))
    assert WORDS not in told.replace(__file__, "") and "psycopg2.errors." in told
    assert failed.value.orig.pgcode in told or "nothing" in told or "violates" in told


def test_a_statement_ends_and_the_connection_is_of_use_afterwards(postgres: Database) -> None:
    begun = time.monotonic()
    with pytest.raises(DBAPIError), postgres.session() as session:
        session.execute(text("SELECT pg_sleep(60)"))
    assert time.monotonic() - begun < 7
    with postgres.session() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_who_waits_for_a_lock_of_a_row_gives_up(postgres: Database) -> None:
    with postgres.session() as session:
        append(session, "u-1", [MessageDraft("bot", "x")])
    with postgres.session() as session:
        append(session, "u-1", [MessageDraft("bot", "y")])
        begun = time.monotonic()
        with pytest.raises(DBAPIError), postgres.session() as other:
            append(other, "u-1", [MessageDraft("bot", "z")])
        assert time.monotonic() - begun < 7


def test_a_server_that_is_stopped_keeps_nobody(postgres: Database) -> None:
    with postgres.session() as session:
        session.execute(text("SELECT 1"))
    processes = postgres_processes(postgres)
    with stopped(*processes):
        for _ in range(2):
            begun = time.monotonic()
            with pytest.raises(DBAPIError), postgres.session() as session:
                session.execute(text("SELECT 1"))
            assert time.monotonic() - begun < 7
    with postgres.session() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_commands_wait_as_long_as_it_takes(postgres: Database) -> None:
    with postgres.session() as session:
        lock_writers(session)
        session.execute(text("SELECT pg_sleep(6)"))
    with pytest.raises(DBAPIError), postgres.session() as session:
        session.execute(text("SELECT pg_sleep(60)"))


def test_a_handoff_reads_back_as_written(postgres: Database) -> None:
    with postgres.session() as session:
        made = handoffs.create(session, "u-1", "u-1", "fraud", "risk", {"words": "x"}, priority="urgent")
    with postgres.session() as session:
        found = handoffs.open_handoff(session, "u-1")
    assert found == made and made.created_at.astimezone(SHANGHAI) == made.created_at
