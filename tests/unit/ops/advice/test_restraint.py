"""What speaks against telling something, on which day it is told, and who is never told anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.core.moments import SHANGHAI
from actions.knowledge.advice_rules import AdviceRules, QuietHours
from ops.advice.restraint import Standing, against, due_day, is_held_out, is_quiet

RULES = AdviceRules.parse_obj({})
DAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("stands", "reason"),
    [
        ({}, None),
        ({"told_lately": 1}, None),
        ({"told_lately": 2}, "month"),
        ({"told_lately": 2, "asked": True}, None),
        ({"knows": True}, "told_already"),
        ({"knows": True, "asked": True}, None),
        ({"incident": True}, "incident"),
        ({"with_person": True}, "person"),
        ({"in_trouble": True, "with_person": True}, "trouble"),
        ({"stopped": True}, "stopped"),
        ({"consents": False, "stopped": True}, "withdrawn"),
    ],
)
def test_what_speaks_against_it(stands: dict[str, Any], reason: str | None) -> None:
    assert against(replace(Standing(), **stands), RULES) == reason


@pytest.mark.parametrize(
    ("days", "begins_in", "lead", "told_in"),
    [
        ((7, 1), 10, None, 3),
        ((7, 1), 7, None, 0),
        ((7, 1), 3, None, 2),
        ((7, 1), 1, None, 0),
        ((7, 3), 2, None, None),
        ((7, 1), 10, 3, 9),
        ((7, 3), 10, 1, 7),
        ((30, 7, 1), 20, 7, 13),
    ],
)
def test_it_is_told_on_the_first_day_that_lies_ahead(days: tuple[int, ...], begins_in: int, lead: int | None, told_in: int | None) -> None:
    due = due_day(days, DAY + timedelta(days=begins_in), DAY, lead)
    assert due == (None if told_in is None else DAY + timedelta(days=told_in))


@pytest.mark.parametrize(("hour", "quiet"), [(8, True), (9, False), (20, False), (21, True), (0, True)])
def test_nobody_is_written_to_at_night(hour: int, quiet: bool) -> None:
    assert is_quiet(datetime(2026, 12, 10, hour, 59, tzinfo=SHANGHAI), RULES) is quiet


def test_quiet_hours_of_one_day() -> None:
    hours = QuietHours.parse_obj({"begin": 12, "end": 14})
    assert [hour for hour in range(24) if hours.contain(hour)] == [12, 13]


def test_a_tenth_is_never_told_and_always_the_same() -> None:
    users = [f"u-{number}" for number in range(20_000)]
    held = [user for user in users if is_held_out(user, 0.1)]
    assert 0.094 < len(held) / len(users) < 0.106
    assert held == [user for user in users if is_held_out(user, 0.1)]


@given(st.text(min_size=1, max_size=20))
def test_whoever_is_held_out_of_few_is_held_out_of_more(user: str) -> None:
    assert not is_held_out(user, 0.05) or is_held_out(user, 0.1)
