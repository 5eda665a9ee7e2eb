"""Weeks of many customers go by: no cap is ever broken, and what was told and ignored is there on the day said.

``python -m tests.load.advice --customers 500 --days 120`` walks longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from actions.core.moments import local
from actions.state.database import Database
from tests.unit.ops.advice.broken_caps import broken_caps
from tests.unit.ops.advice.time_machine import TimeMachine, customers

pytestmark = pytest.mark.slow

SEED = 17
COUNT, DAYS = 36, 42


def walked(database: Database, count: int, days: int, seed: int) -> TimeMachine:
    machine = TimeMachine.of(database, customers(count, seed, days))
    machine.agree([f"u-{number}" for number in range(count)])
    for moment in machine.days(days):
        if moment.hour == 10 and moment.day % 7 == 0:
            machine.withdraw(f"u-{moment.toordinal() % count}", moment - timedelta(hours=1))
    return machine


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeMachine]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('weeks')}/weeks.db")
    database.migrate()
    yield walked(database, COUNT, DAYS, SEED)
    database.close()


def test_weeks_go_by_and_no_cap_is_broken(machine: TimeMachine) -> None:
    rows = machine.advice()
    assert broken_caps(rows, machine.here.knowledge.current, machine.withdrawn) == []
    statuses = Counter(row.status for row in rows)
    assert statuses["sent"] > 20 and statuses["held_out"] > 0, statuses
    assert {"month", "withdrawn"} <= {row.reason for row in rows}


def test_what_was_ignored_comes_on_the_day_said(machine: TimeMachine) -> None:
    rows = [row for row in machine.advice() if row.result is not None]
    assert len(rows) > 20 and {row.result for row in rows} == {"blocked"}


def test_nothing_is_written_at_night(machine: TimeMachine) -> None:
    hours = {local(datetime.fromtimestamp(row.sent_at / 1000, timezone.utc)).hour for row in machine.advice() if row.sent_at is not None}
    assert hours and hours <= {10, 20}
