"""What readiness finds out about a PostgreSQL database."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions.state import probe as module
from actions.state.database import Database
from actions.state.probe import FAR_SECONDS, Probe, probe


def test_all_is_well_and_nothing_changes(postgres: Database) -> None:
    before = postgres.revision()
    assert probe(postgres) == Probe(schema=True, clock=True, disk=True)
    assert postgres.revision() == before


@pytest.mark.parametrize("ahead", [FAR_SECONDS + 5, -FAR_SECONDS - 5])
def test_a_clock_that_is_far_from_the_databases_is_seen(postgres: Database, monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    now = time.time
    monkeypatch.setattr(module.time, "time", lambda: now() + ahead)
    assert not probe(postgres).clock


def test_a_migration_under_way_is_not_waited_for(postgres: Database) -> None:
    with postgres.session() as other:
        other.execute(text("UPDATE alembic_version SET version_num = version_num"))
        begun = time.monotonic()
        assert probe(postgres).schema
        assert time.monotonic() - begun < 2


def test_a_database_that_can_only_be_read_is_an_error(postgres: Database) -> None:
    with postgres.session() as session:
        session.execute(
            text("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
        )
    postgres.close()
    with pytest.raises(DBAPIError, match="read-only"):
        probe(postgres)
