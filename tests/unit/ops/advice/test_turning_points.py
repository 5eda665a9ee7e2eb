"""Days on which nothing can turn are not looked at, and nothing is missed by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.core.ahead import MOST_DAYS_AHEAD
from actions.core.causes import Cause
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.fixers import must_wait
from actions.core.moments import SHANGHAI, end_of, has_begun, is_over, local, start_of, today
from actions.core.subject import ACCOUNT, Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from conversations.application import project_knowledge
from ops.advice.foresight import beginnings, first_day_from, subjects_of
from ops.advice.turning_points import WatchedInstant
from tests.unit.ops.advice.time_machine import FIRST, customers

NOON = datetime(2026, 12, 10, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asks", "turns"),
    [
        (lambda now: NOON + timedelta(hours=1) <= now, NOON + timedelta(hours=1)),
        (lambda now: now < NOON + timedelta(hours=2), NOON + timedelta(hours=2)),
        (lambda now: NOON - timedelta(hours=1) <= now, None),
        (lambda now: now == NOON, NOON + timedelta(microseconds=1)),
        (lambda now: is_over(date(2026, 12, 12), now), start_of(date(2026, 12, 13))),
        (lambda now: has_begun(date(2026, 12, 12), now), start_of(date(2026, 12, 12))),
        (lambda now: has_begun(date(2026, 12, 2), now), None),
        (lambda now: (is_over(date(2026, 12, 20), now), is_over(date(2026, 12, 14), now)), start_of(date(2026, 12, 15))),
        (today, start_of(date(2026, 12, 11))),
        (lambda now: now - NOON, start_of(date(2026, 12, 11))),
        (lambda now: now + timedelta(days=1), start_of(date(2026, 12, 11))),
        (lambda now: now.timestamp(), start_of(date(2026, 12, 11))),
    ],
)
def test_an_instant_knows_until_when_what_it_was_asked_stays(asks: Callable[[datetime], Any], turns: datetime | None) -> None:
    watched = WatchedInstant.at(NOON)
    assert asks(watched) == asks(NOON)
    assert watched.turns_at == turns


@given(st.datetimes(datetime(2026, 12, 1), datetime(2026, 12, 31)), st.datetimes(datetime(2026, 12, 1), datetime(2026, 12, 31)))
def test_nothing_comes_out_otherwise_before_it_turns(now: datetime, moment: datetime) -> None:
    at, other = now.replace(tzinfo=SHANGHAI), moment.replace(tzinfo=SHANGHAI)
    watched = WatchedInstant.at(at)
    answers = (is_over(other, watched), has_begun(other, watched), watched > other)
    until = watched.turns_at or at + timedelta(days=99)
    between = until - timedelta(microseconds=1)
    assert answers == (is_over(other, between), has_begun(other, between), between > other)


@pytest.mark.parametrize(
    ("moment", "day"), [(start_of(FIRST), FIRST), (end_of(FIRST), FIRST + timedelta(days=1)), (NOON, date(2026, 12, 11))]
)
def test_the_first_day_from_a_moment(moment: datetime, day: date) -> None:
    assert first_day_from(moment) == day


def _there(facts: Facts, causes: list[Cause]) -> set[str]:
    """What holds; of what is told before it ends, what is to be waited for still."""
    found = diagnose(facts, causes).found
    return {
        each.cause.id for each in found if not (each.cause.ends and each.cause.wait and each.cause.wait.until) or must_wait(each, facts)
    }


def day_by_day(account: Facts, day: date) -> dict[tuple[str, Subject], date]:
    """What comes, with every day looked at."""
    knowledge = project_knowledge()
    causes = [cause for cause in knowledge.causes.values() if cause.told_before is not None]
    found: dict[tuple[str, Subject], date] = {}
    for subject in subjects_of(account):
        facts = account.about(subject)
        before = _there(replace(facts, now=start_of(day)), causes)
        for days in range(1, MOST_DAYS_AHEAD + 1):
            on = day + timedelta(days=days)
            then = _there(replace(facts, now=start_of(on)), causes)
            for cause in {cause for cause in before ^ then if (cause in before) == (knowledge.causes[cause].ends is not None)}:
                if (cause, ACCOUNT) not in found or subject == ACCOUNT:
                    found.setdefault((cause, subject), on)
    return found


@pytest.mark.broad
@pytest.mark.parametrize("seed", [3, 4])
def test_what_begins_is_what_looking_at_every_day_finds(database: Database, seed: int) -> None:
    load_world_data(database, customers(30, seed, 30), replace=True)
    with database.session() as session:
        states = SqlFacts(session).snapshots([(f"u-{number}", ACCOUNT) for number in range(30)])
    found = 0
    for facts in states.values():
        day = local(facts.now).date()
        expected = day_by_day(facts, day)
        assert {(each.cause.id, each.facts.subject): each.on for each in beginnings(facts, project_knowledge(), day)} == expected
        found += len(expected)
    assert found > 30
