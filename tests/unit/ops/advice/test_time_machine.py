"""Weeks of many customers go by: no cap is ever broken, and what was told and ignored is there on the day said.

``python -m tests.load.advice --walk 120 --customers 500`` walks longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from actions.core.moments import local
from actions.core.observations import milliseconds
from actions.state.database import Database
from tests.unit.ops.advice.broken_caps import broken_caps
from tests.unit.ops.advice.time_machine import TimeMachine
from tests.unit.ops.advice.walking import not_as_said, not_noted, walked

pytestmark = pytest.mark.slow

SEED = 17
COUNT, DAYS = 36, 42


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeMachine]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('weeks')}/weeks.db")
    database.migrate()
    yield walked(database, COUNT, DAYS, SEED)
    database.close()


def test_weeks_go_by_and_no_cap_is_broken(machine: TimeMachine) -> None:
    rows = machine.advice()
    assert broken_caps(rows, machine.here.knowledge.current, machine.withdrawn, machine.left_alone) == []
    statuses = Counter(row.status for row in rows)
    assert statuses["sent"] > 20 and statuses["held_out"] > 0, statuses
    assert statuses["not_coming"] == 0, "the world has not changed, so all that was foreseen comes"
    assert {"month", "withdrawn", "trouble", "person", "incident"} <= {row.reason for row in rows}


def test_what_was_ignored_comes_on_the_day_said_and_not_before(machine: TimeMachine) -> None:
    assert len([row for row in machine.advice() if row.result is not None]) > 20
    assert not_as_said(machine, DAYS) == []


def test_nothing_comes_of_which_nothing_was_noted(machine: TimeMachine) -> None:
    assert not_noted(machine, [user for user in map("u-{}".format, range(6)) if user not in machine.withdrawn], DAYS) == []


def test_every_break_is_seen(machine: TimeMachine) -> None:
    """The reading of the caps is no rubber stamp: each of them, broken by hand, is named."""
    knowledge, rows = machine.here.knowledge.current, machine.advice()
    (told, *_) = [row for row in rows if row.status == "sent" and not row.again]
    night = milliseconds(datetime.fromtimestamp((told.sent_at or 0) / 1000, timezone.utc)) + 13 * 3_600_000
    for changed, words in (
        ([told, replace(told, id=0)], "told twice of one event"),
        ([replace(told, id=number, event_on=f"2027-03-0{number}") for number in (1, 2, 3)], "more than 2 within a month"),
        ([replace(told, again=True)] * 9, "more often than it has days"),
        ([replace(told, sent_at=night)], "told at night"),
        ([replace(told, due_on=told.event_on)], "on a day that"),
        ([replace(told, event_on="2026-11-01", due_on="2026-10-31")], "told when it was there"),
    ):
        assert any(words in each for each in broken_caps(changed, knowledge, {})), words
    at_once = told.sent_at or 0
    assert any("withdrawal" in each for each in broken_caps([told], knowledge, {told.user: at_once - 1}))
    assert any("in spite of" in each for each in broken_caps([told], knowledge, {}, [(told.user, at_once, at_once + 1, "x")]))


def test_nothing_is_written_at_night(machine: TimeMachine) -> None:
    hours = {local(datetime.fromtimestamp(row.sent_at / 1000, timezone.utc)).hour for row in machine.advice() if row.sent_at is not None}
    assert hours and hours <= {10, 20}
