"""Forgets observations, their counts and rehearsals of policies once they are older than they may become."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Table, delete, select

from actions.core.observations import milliseconds
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from actions.state.policy_trials import forget_trials
from actions.state.tallies import TALLIES
from ops.worker import Surroundings

_AT_ONCE = 500
"""Rows that one transaction deletes: turns wait no longer than for a turn."""


def forget_old(here: Surroundings) -> int:
    """Deletes what is too old; returns how many rows went."""
    settings = here.settings
    with here.database.session() as session:
        trials = forget_trials(session, milliseconds(real_now() - timedelta(days=settings.trial_days)))
    return (
        trials
        + _forget(here.database, OBSERVATIONS, OBSERVATIONS.c.at, OBSERVATIONS.c.id, settings.observation_days)
        + _forget(here.database, TALLIES, TALLIES.c.bucket, TALLIES.c.bucket, settings.tally_days)
    )


def _forget(database: Database, table: Table, time: Any, key: Any, days: int) -> int:
    """Deletes the oldest rows of a table, some at a time.

    Args:
        time: when a row is from, in milliseconds of the epoch.
        key: what rows are deleted by.
    """
    before = milliseconds(real_now() - timedelta(days=days))
    gone = 0
    while True:
        with database.session() as session:
            old = session.execute(select(key).where(time < before).order_by(time).limit(_AT_ONCE)).scalars().all()
            gone += int(session.execute(delete(table).where(key.in_(set(old)))).rowcount)
        if len(old) < _AT_ONCE:
            return gone
