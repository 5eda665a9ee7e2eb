"""Weeks of many customers go by: no cap is ever broken, and what was told and ignored is there on the day said."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from actions.core.moments import local
from actions.state.database import Database
from tests.unit.ops.advice.broken_caps import broken_caps
from tests.unit.ops.advice.time_machine import TimeMachine, customers

SEED = 17
COUNT, DAYS = 40, 50


def walked(database: Database, count: int = COUNT, days: int = DAYS, seed: int = SEED) -> TimeMachine:
    machine = TimeMachine.of(database, customers(count, seed, days))
    machine.agree([f"u-{number}" for number in range(count)])
    for moment in machine.days(days):
        if moment.hour == 10 and moment.day % 7 == 0:
            machine.withdraw(f"u-{moment.toordinal() % count}", moment - timedelta(hours=1))
    return machine


def test_weeks_go_by_and_no_cap_is_broken(database: Database) -> None:
    machine = walked(database)
    rows = machine.advice()
    assert broken_caps(rows, machine.here.knowledge.current, machine.withdrawn) == []
    statuses = Counter(row.status for row in rows)
    assert statuses["sent"] > 20 and statuses["held_out"] > 0, statuses
    assert {"month", "withdrawn"} <= {row.reason for row in rows}


def test_what_was_ignored_comes_on_the_day_said(database: Database) -> None:
    rows = [row for row in walked(database).advice() if row.result is not None]
    assert len(rows) > 20 and {row.result for row in rows} == {"blocked"}


def test_nothing_is_written_at_night(database: Database) -> None:
    machine = walked(database, count=20, days=20)
    hours = {local_hour(row.sent_at) for row in machine.advice() if row.sent_at is not None}
    assert hours and hours <= {10, 20}


def local_hour(millis: int) -> int:
    from datetime import datetime, timezone

    return local(datetime.fromtimestamp(millis / 1000, timezone.utc)).hour
