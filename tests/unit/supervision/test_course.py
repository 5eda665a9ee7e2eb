"""What follows from how a supervised process fares."""

from __future__ import annotations

import pytest

from bot.supervision.course import Course, Waits
from bot.supervision.roster import Roster, Service

WAITS = Waits(start=100, silence=30, healthy=60, useful=2, longest_wait=30, longest_wait_of_useful=5, attempts=3)


def worked(at: float = 0.0) -> Course:
    course = Course(WAITS)
    course.started(at)
    course.heard(at + 1)
    return course


def test_the_first_death_is_mended_at_once_and_each_further_one_more_patiently() -> None:
    course, waited = worked(), []
    for moment in range(2, 11):
        waited.append(course.ended(moment))
        course.started(moment)
        course.heard(moment)
    assert waited == [0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_what_is_ended_again_and_again_while_it_works_is_not_kept_waiting() -> None:
    course, waited = worked(), []
    for moment in range(10, 100, 10):
        waited.append(course.ended(moment))
        course.started(moment)
        course.heard(moment + 10 - WAITS.useful)
    assert waited == [0, 1, 2, 4, 5, 5, 5, 5, 5]


def test_after_a_minute_of_work_earlier_deaths_are_forgotten() -> None:
    course = worked()
    course.ended(2)
    course.started(3)
    course.heard(4)
    assert course.ended(4 + WAITS.healthy) == 0


def test_time_before_the_first_sign_of_life_is_no_work() -> None:
    course = worked()
    course.ended(2)
    course.started(3)
    assert course.ended(500) == 1


@pytest.mark.parametrize(("code", "deaths"), [(1, 1), (2, 1), (-9, 3), (0, 3), (70, 3)])
def test_what_never_worked_is_given_up_at_its_own_word_or_after_three_deaths(code: int, deaths: int) -> None:
    course = Course(WAITS)
    for number in range(1, deaths + 1):
        course.started(number)
        course.ended(number)
        assert course.is_hopeless(code) == (number == deaths)


def test_what_has_worked_is_never_given_up() -> None:
    course = worked()
    for moment in range(50):
        course.ended(moment)
        course.started(moment)
        assert not course.is_hopeless(1) and not course.is_hopeless(-9)


@pytest.mark.parametrize(
    ("signs", "at", "expected"),
    [
        ([], 99, None),
        ([], 101, "was not ready after 101 s"),
        ([10], 40, None),
        ([10], 41, "gave no sign of life for 31 s"),
        ([10, 200], 229, None),
        ([10, 200], 231, "gave no sign of life for 31 s"),
    ],
)
def test_it_must_become_ready_and_go_on_living(signs: list[float], at: float, expected: str | None) -> None:
    course = Course(WAITS)
    course.started(0)
    for moment in signs:
        course.heard(moment)
    assert course.trouble(at) == expected


def test_a_roster_survives_being_written_as_text() -> None:
    services = (Service("action server", ("-m", "x"), "var/x.log", 1), Service("web server 1", ("-m", "y")))
    roster = Roster(services, "127.0.0.1", 5005, ("ready: 分期",), "var/metrics/5005", Waits(silence=3))
    assert Roster.from_json(roster.to_json()) == roster
