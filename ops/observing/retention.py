"""Forgets what is older than it may become: the tables that the list of retention leaves to the worker."""

from __future__ import annotations

from actions.state.database import Database
from actions.state.retention import Retention, delete_old, retentions
from ops.worker import Surroundings

_AT_ONCE = 500
"""Rows that one transaction deletes: turns wait no longer than for a turn."""


def forget_old(here: Surroundings) -> int:
    """Deletes what is too old; returns how many rows went."""
    ours = [kept for kept in retentions().values() if kept.by == "worker"]
    return sum(_forget(here.database, kept, kept.days_under(here.settings) or 0) for kept in ours)


def _forget(database: Database, kept: Retention, days: int) -> int:
    gone, more = 0, True
    while more:
        with database.session() as session:
            some, more = delete_old(session, kept, days, _AT_ONCE)
        gone += some
    return gone
