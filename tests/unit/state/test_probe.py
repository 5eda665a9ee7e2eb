"""What readiness finds out about an SQLite database; tests/services does the same with PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from actions.state import probe as module
from actions.state.database import Database
from actions.state.probe import Probe, probe

pytestmark = pytest.mark.broad


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/here.db")
    made.migrate()
    return made


def test_all_is_well_and_nothing_changes(database: Database) -> None:
    before = database.revision()
    assert probe(database) == Probe(schema=True, clock=True, disk=True)
    assert database.revision() == before


def test_an_older_schema_is_not_ready_and_a_newer_one_is(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "head_revision", lambda: "9999")
    assert not probe(database).schema
    monkeypatch.setattr(module, "head_revision", lambda: "0001")
    assert probe(database).schema


def test_a_full_disk_is_seen_before_writing_fails(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _folder: usage(module.LEAST_DISK - 1))
    assert not probe(database).disk


def test_a_database_that_can_be_read_and_not_written_is_an_error(tmp_path: Path, database: Database) -> None:
    with sqlite3.connect(tmp_path / "here.db", isolation_level=None) as other:
        other.execute("PRAGMA query_only = OFF")
        other.execute("CREATE TRIGGER full BEFORE UPDATE ON alembic_version BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
    other.close()
    with pytest.raises(Exception, match="disk is full"):
        probe(database)


@pytest.mark.slow
def test_a_locked_database_is_an_error_in_bounded_time(tmp_path: Path, database: Database) -> None:
    other = sqlite3.connect(tmp_path / "here.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        probe(database)
    assert time.monotonic() - begun < 10
    other.execute("ROLLBACK")
    other.close()


def test_a_new_database_can_be_read_by_its_owner_only(tmp_path: Path, database: Database) -> None:
    with database.session() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    assert modes == {"here.db": 0, "here.db-wal": 0, "here.db-shm": 0}
