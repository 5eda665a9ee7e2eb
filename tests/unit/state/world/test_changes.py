"""What each load changed is remembered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.world.changes import WorldChange, changes_since
from actions.state.world.loading import load_world_data
from conversations.healthy_world import healthy


def load(database: Database, data: dict[str, Any], replace: bool = False) -> tuple[WorldChange, ...]:
    """What a load leaves behind."""
    begun = real_now() - timedelta(microseconds=1)
    load_world_data(database, data, replace)
    with database.session() as session:
        return changes_since(session, begun)


def test_a_new_world_only_says_that_it_begins(database: Database) -> None:
    for replace in (False, True):
        (change,) = load(database, healthy(), replace)
        assert change.rows is None


def test_rows_are_remembered_before_and_after(database: Database) -> None:
    load(database, healthy())
    incident = {"id": "i", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"}
    (change,) = load(database, {"users": [{"id": "u", "baitiao": {"overdue": 120}}], "incidents": [incident]})
    assert change.rows is not None
    user, added = change.rows
    assert (user.section, user.key) == ("users", "u") and user.before is not None
    assert (user.before["baitiao"]["overdue"], user.after["baitiao"]["overdue"]) == ("0.00", "120.00")
    assert (added.section, added.key, added.before) == ("incidents", "i", None) and added.after["severity"] == "outage"


def test_the_clock_is_remembered(database: Database) -> None:
    load(database, healthy())
    (change,) = load(database, {"now": "2026-11-22T12:00:00+08:00"})
    assert change.rows == ()
    assert change.clock == ("2026-11-22T10:00:00+08:00", "2026-11-22T12:00:00+08:00")


def test_what_changes_nothing_leaves_nothing(database: Database) -> None:
    load(database, healthy())
    assert load(database, {"users": [{"id": "u"}]}) == ()
