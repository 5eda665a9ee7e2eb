"""Complaints and requests to explain a decision have a clock: it starts by itself, is told of before it ends, and is moved with a reason only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import audit, handoffs
from actions.state.answer_clocks import ClockRow, clocks_between, clocks_of, get_clock
from actions.state.database import Database
from actions.state.erasure import erase
from ops.compliance import clocks
from ops.compliance.clocks import DUE, MISSED, ClockView
from ops.compliance.refusals import ComplianceRefused
from ops.outgoing.compliance_news import news_of_compliance
from tests.unit.ops.compliance.cases import BEGIN, DAY, closed, every_delivery, handed_over

WHY = "要等合作方回复流水"


def started(database: Database, knowledge: Knowledge) -> int:
    with database.session() as session:
        return clocks.start_clocks(session, knowledge)


def told(database: Database, at: datetime) -> list[str]:
    """What operators are told at an instant that they had not been told before."""
    with database.session() as session:
        before = {each.key for each in every_delivery(session)}
        clocks.tell_of_clocks(session, milliseconds(at))
        return [each.event for each in every_delivery(session) if each.key not in before]


def clock_of(database: Database, case: str) -> ClockRow:
    with database.session() as session:
        return clocks_of(session, case)[0]


def extended(database: Database, knowledge: Knowledge, number: int, at: datetime, why: object = WHY) -> ClockView:
    with time_machine.travel(at, tick=False), database.session() as session:
        return clocks.extend(session, knowledge, number, why, "op-1")


def test_each_reason_that_needs_an_answer_starts_its_clock_when_it_was_given(database: Database, knowledge: Knowledge) -> None:
    complaint, objection = handed_over(database, 1), handed_over(database, 2, "objection", BEGIN + DAY)
    handed_over(database, 3, "requested")
    assert started(database, knowledge) == 2 and started(database, knowledge) == 0
    for case, begun in ((complaint, BEGIN), (objection, BEGIN + DAY)):
        clock = clock_of(database, case).clock
        assert (clock.begun_at, clock.answer_by) == (milliseconds(begun), milliseconds(begun + 15 * DAY))


def test_a_complaint_that_comes_while_the_case_is_open_starts_one_too(database: Database, knowledge: Knowledge) -> None:
    case = handed_over(database, 1, "requested")
    with database.session() as session:
        handoffs.append(session, case, "raise", "assistant", {"reason": "complaint"})
    assert started(database, knowledge) == 1 and clock_of(database, case).clock.kind == "complaint"


def test_what_ends_within_three_days_is_told_once_and_what_is_over_once(database: Database, knowledge: Knowledge) -> None:
    handed_over(database, 1)
    answered = handed_over(database, 2)
    started(database, knowledge)
    closed(database, answered, BEGIN + 2 * DAY)
    end = BEGIN + 15 * DAY
    steps = [(end - 4 * DAY, []), (end - 3 * DAY, [DUE]), (end - DAY, []), (end, []), (end + DAY, [MISSED]), (end + 9 * DAY, [])]
    assert [told(database, at) for at, _ in steps] == [events for _, events in steps]


def test_what_is_told_names_the_case_and_the_end_and_nothing_once_it_is_answered(database: Database, knowledge: Knowledge) -> None:
    case = handed_over(database, 1)
    started(database, knowledge)
    told(database, BEGIN + 13 * DAY)
    detail = {"clock": clock_of(database, case).clock.id}
    with database.session() as session:
        news = news_of_compliance(session, knowledge, DUE, detail, "https://help.example")
    assert case in news.title and "2026-11-17" in news.lines[0] and news.lines[1] == "https://help.example/console/compliance"
    closed(database, case, BEGIN + 14 * DAY)
    with database.session() as session, pytest.raises(LookupError):
        news_of_compliance(session, knowledge, DUE, detail, None)


def test_the_end_is_moved_step_by_step_with_a_reason_and_no_further(database: Database, knowledge: Knowledge) -> None:
    case = handed_over(database, 1)
    started(database, knowledge)
    number = clock_of(database, case).clock.id
    told(database, BEGIN + 13 * DAY)
    for step, (at, days) in enumerate(((14 * DAY, 30), (29 * DAY, 60)), start=1):
        moved = extended(database, knowledge, number, BEGIN + at, f"{WHY}，电话 13800138000")
        assert (moved.row.clock.answer_by, moved.row.clock.moves) == (milliseconds(BEGIN + days * DAY), step)
        assert "13800138000" not in (moved.row.clock.why or "")
    assert told(database, BEGIN + 58 * DAY) == [DUE], "what was moved is told of again before its new end"
    with pytest.raises(ComplianceRefused) as refused:
        extended(database, knowledge, number, BEGIN + 59 * DAY)
    assert refused.value.code == "clock_longest"
    with database.session() as session:
        said = [entry.detail for entry in audit.entries(session, case) if entry.action == "compliance.extend"]
    assert [each["days"] for each in said] == [30, 60] and all(each["words"].startswith(WHY) for each in said)


@pytest.mark.parametrize(
    ("at", "why", "code"),
    [
        (16 * DAY, WHY, "clock_over"),
        (14 * DAY, "忙", "note_missing"),
        (14 * DAY, None, "note_missing"),
        (14 * DAY, "字" * 501, "note_missing"),
    ],
)
def test_what_is_over_or_has_no_reason_is_not_moved(
    database: Database, knowledge: Knowledge, at: timedelta, why: object, code: str
) -> None:
    case = handed_over(database, 1)
    started(database, knowledge)
    before = clock_of(database, case)
    with pytest.raises(ComplianceRefused) as refused:
        extended(database, knowledge, before.clock.id, BEGIN + at, why)
    assert refused.value.code == code and clock_of(database, case) == before


def test_a_clock_that_there_is_not_or_that_is_answered_is_not_moved(database: Database, knowledge: Knowledge) -> None:
    case = handed_over(database, 1)
    started(database, knowledge)
    closed(database, case, BEGIN + DAY)
    for number, code in ((99, "not_found"), (clock_of(database, case).clock.id, "clock_over")):
        with pytest.raises(ComplianceRefused) as refused:
            extended(database, knowledge, number, BEGIN + 2 * DAY)
        assert refused.value.code == code


def test_kept_missed_withdrawn_and_running_are_told_apart(database: Database, knowledge: Knowledge) -> None:
    ends = {1: (3, "closed"), 2: (15, "returned"), 3: (16, "closed"), 4: (5, "withdrawn"), 5: (None, "")}
    for number, (days, ending) in ends.items():
        case = handed_over(database, number)
        if days is not None:
            closed(database, case, BEGIN + days * DAY, ending)
    started(database, knowledge)
    with database.session() as session:
        rows = clocks_between(session, milliseconds(BEGIN), milliseconds(BEGIN) + 1)
    early, late = (clocks.tallied(rows, milliseconds(BEGIN + days * DAY))["complaint"] for days in (10, 20))
    assert (early["received"], early["kept"], early["missed"], early["withdrawn"], early["running"]) == (5, 2, 1, 1, 1)
    assert (late["missed"], late["running"]) == (2, 0)


def test_whoever_is_erased_has_no_clock_any_more_and_what_was_noted_leads_nowhere(database: Database, knowledge: Knowledge) -> None:
    case = handed_over(database, 1)
    started(database, knowledge)
    told(database, BEGIN + 13 * DAY)
    number = clock_of(database, case).clock.id
    with database.session() as session:
        erase(session, "u-1", "operator")
        assert get_clock(session, number) is None
        assert case not in str(every_delivery(session))
