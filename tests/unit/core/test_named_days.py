"""Days that customers name: which of the calendar each is, which of several is meant, and how it lies to the day on which a bill is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.core.facts import Facts
from actions.core.named_days import day_meant, days_on_record, what_of_day
from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401

WORDS = project_knowledge().locale.days


def facts_of(diagnosed: Diagnose, **world: Any) -> Facts:  # noqa: F811
    """The healthy world: it is Sunday, 22 November 2026, and a bill is due on the 29th."""
    return diagnosed(world).facts


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("明天能好吗", "2026-11-23"),
        ("大后天行不行", "2026-11-25"),
        ("昨晚就还了", "2026-11-21"),
        ("周三能分不", "2026-11-25"),
        ("下周三能分不", "2026-11-25"),
        ("下个星期天呢", "2026-11-29"),
        ("上周五还的", "2026-11-13"),
        ("12月3号之前", "2026-12-03"),
        ("十二月十五日", "2026-12-15"),
        ("1月5号呢", "2027-01-05"),
        ("下个月5号才发工资", "2026-12-05"),
        ("上个月二十八号还的", "2026-10-28"),
        ("25号能分了吗", "2026-11-25"),
        ("15号才发钱", "2026-12-15"),
        ("15号已经还了", "2026-11-15"),
        ("29号还", "2026-11-29"),
        ("月底能行不", "2026-11-30"),
        ("下月底呢", "2026-12-31"),
        ("双十二能用上吗", "2026-12-12"),
        ("三十号还算晚吗", "2026-11-30"),
        ("15号发工资,账单29号还", "2026-12-15"),
        ("10号还是20号啊", None),
        ("31号呢", "2026-12-31"),
        ("2月30号", None),
        ("1号店的东西", None),
        ("号码12号码", None),
        ("12306打不通", None),
        ("什么时候能好", None),
    ],
)
def test_a_day_that_is_named_is_one_of_the_calendar(diagnosed: Diagnose, text: str, meant: str | None) -> None:  # noqa: F811
    found = day_meant(WORDS.named_in(text), facts_of(diagnosed), WORDS.tells_past(text))
    assert found == (date.fromisoformat(meant) if meant else None)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-11-20", {"said.day_in_time": date(2026, 11, 20), "said.number_not_due": 20}),
        ("2026-11-29", {"said.day_is_due": date(2026, 11, 29)}),
        ("2026-12-05", {"said.day_late": date(2026, 12, 5), "said.late_by": 6, "said.number_not_due": 5}),
        ("2027-01-10", {}),
    ],
)
def test_a_day_is_held_against_the_due_date_unless_it_is_far_off(diagnosed: Diagnose, day: str, told: dict[str, Any]) -> None:  # noqa: F811
    said = what_of_day(facts_of(diagnosed), date.fromisoformat(day))
    assert {name: value for name, value in said.items() if value is not None} == {"said.day": date.fromisoformat(day), **told}


@pytest.mark.parametrize(("day", "late"), [("2026-11-24", False), ("2026-11-16", True)], ids=["to come", "gone by"])
def test_what_is_late_already_is_not_made_so_by_a_day_to_come(diagnosed: Diagnose, day: str, late: bool) -> None:  # noqa: F811
    overdue = {"bills": [{"id": "b", "user": "u", "month": "2026-10", "amount": 1200, "status": "issued", "due_on": "2026-11-12"}]}
    assert (what_of_day(facts_of(diagnosed, **overdue), date.fromisoformat(day)).get("said.day_late") is not None) == late


def test_without_a_bill_to_pay_there_is_no_due_date(diagnosed: Diagnose) -> None:  # noqa: F811
    settled = {"bills": [{"id": "b", "user": "u", "month": "2026-11", "amount": 1200, "status": "settled"}]}
    assert what_of_day(facts_of(diagnosed, **settled), date(2026, 12, 5)) == {"said.day": date(2026, 12, 5)}
    assert what_of_day(facts_of(diagnosed, **settled), None) == {}


def test_what_is_waited_for_stands_on_record(diagnosed: Diagnose) -> None:  # noqa: F811
    facts = facts_of(diagnosed, users=[{"id": "u", "baitiao": {"status": "rejected", "retry_after": "2026-12-10"}}])
    assert date(2026, 12, 10) in days_on_record(facts)
