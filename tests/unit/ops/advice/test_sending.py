"""Advice is told once, when it still comes, to who wants it; what kept it back stands beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from actions.core.effects import AdviceAnswered, ConsentWithdrawn
from actions.core.subject import ACCOUNT
from actions.handoff.effects import carry_out
from actions.state import advice, conversations, handoffs
from actions.state.database import Database
from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS
from actions.state.outbox import OUTBOX, claim_due
from actions.state.world.loading import load_world_data
from ops.advice import planning
from ops.advice.restraint import is_held_out
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at

pytestmark = pytest.mark.broad

USER = next(f"u-{number}" for number in range(99) if not is_held_out(f"u-{number}", 0.1))
HELD_OUT = next(f"u-{number}" for number in range(999) if is_held_out(f"u-{number}", 0.1))


def day(after: int) -> date:
    return FIRST + timedelta(days=after)


@pytest.fixture
def machine(database: Database) -> TimeMachine:
    papers = {"expires_on": day(8).isoformat()}
    made = TimeMachine.of(
        database,
        {
            "users": [{"id": USER, "id_document": papers}, {"id": HELD_OUT, "id_document": papers}],
            "bills": [{"id": "b", "user": USER, "month": "2026-11", "amount": "1200.00", "status": "issued", "due_on": day(8).isoformat()}],
            "merchants": [{"id": "m"}],
            "categories": [{"id": "c"}],
            "items": [{"sku": "1", "category": "c", "merchant": "m", "price": "5299.00"}],
            "plans": [{"tenor": 3}],
        },
    )
    made.agree([USER, HELD_OUT])
    return made


def said(machine: TimeMachine, user: str = USER) -> list[conversations.Message]:
    with machine.database.session() as session:
        return list(conversations.history(session, user))


def of(machine: TimeMachine, cause: str, user: str = USER) -> advice.Advice:
    return [row for row in machine.advice() if (row.cause, row.user) == (cause, user)][-1]


def handed_over(machine: TimeMachine, reason: str, moment: datetime, close: bool = True) -> None:
    with machine.database.session() as session:
        row = handoffs.create(session, USER, USER, reason, "general", {"summary": {"headline": "x"}}, ACCOUNT)
        handoffs.append(session, row.id, "hand_over", "assistant", {"reason": reason})
        session.execute(update(HANDOFFS).where(HANDOFFS.c.id == row.id).values(created_at=moment))
        session.execute(update(HANDOFF_EVENTS).where(HANDOFF_EVENTS.c.handoff_id == row.id).values(at=moment))
        if close:
            handoffs.close(session, row.id, "closed")


def test_it_is_told_on_its_day_with_what_to_do_and_three_answers(machine: TimeMachine) -> None:
    machine.goes_to(at(day(1), 10))
    assert said(machine) == []
    assert machine.goes_to(at(day(2), 10)) == 2 and machine.goes_to(at(day(2), 11)) == 0
    (papers,) = [message for message in said(machine) if (message.data or {})["cause"] == "id_document_expired"]
    assert "11月30日" in papers.text and "更新证件" in papers.text and "位置：" in papers.text and "证件、协议要更新" in papers.text
    assert [button["title"] for button in papers.buttons] == ["这次不用", "换个时间", "不再提醒", "转人工"]
    assert papers.data == {
        "type": "advice", "cause": "id_document_expired", "order": None, "bill": None, "on": day(9).isoformat(), "topic": "papers",
    }  # fmt: skip


def test_the_push_says_no_more_than_that_there_is_something(machine: TimeMachine) -> None:
    machine.goes_to(at(day(2), 10))
    with machine.database.session() as session:
        session.execute(update(OUTBOX).values(due=at(FIRST, 0)))
        (push,) = claim_due(session, 60, 10, "shop")
    assert (push.event, push.detail) == ("advice.due", {"kind": "advice", "seq": 1})


def test_who_is_held_out_reads_nothing_and_counts_alike(machine: TimeMachine) -> None:
    machine.goes_to(at(day(2), 10))
    assert said(machine, HELD_OUT) == []
    row = of(machine, "id_document_expired", HELD_OUT)
    assert row.status == "held_out" and row.sent_at is not None


def test_what_no_longer_comes_is_not_told(machine: TimeMachine) -> None:
    machine.goes_to(at(day(1), 10))
    load_world_data(
        machine.database,
        {"users": [{"id": USER, "id_document": {"expires_on": "2036-01-01"}}], "bills": [{"id": "b", "status": "settled"}]},
    )
    machine.goes_to(at(day(2), 10))
    assert said(machine) == [] and {row.status for row in machine.advice() if row.user == USER} == {"not_coming"}


@pytest.mark.parametrize("reason", ["hardship", "complaint", "fraud", "minor"])
def test_whoever_was_in_trouble_is_left_alone_for_a_month(machine: TimeMachine, reason: str) -> None:
    handed_over(machine, reason, at(day(-10), 10))
    machine.goes_to(at(day(2), 10))
    assert said(machine) == [] and of(machine, "bill_past_due").reason == "trouble"


def test_while_a_person_is_at_it_it_waits(machine: TimeMachine) -> None:
    handed_over(machine, "requested", at(day(1), 10), close=False)
    machine.goes_to(at(day(2), 10))
    assert of(machine, "bill_past_due").reason == "person" and said(machine) == []
    with machine.database.session() as session:
        case = handoffs.open_handoff(session, USER)
        assert case is not None
        handoffs.close(session, case.id, "closed")
    machine.goes_to(at(day(2), 10) + timedelta(minutes=30))
    assert said(machine) == []
    machine.goes_to(at(day(2), 12))
    assert len(said(machine)) == 2


def test_while_an_incident_holds_it_waits_and_what_begins_meanwhile_is_not_told(machine: TimeMachine) -> None:
    incident = {"id": "i", "component": "installment", "severity": "outage", "started_at": at(day(1), 8).isoformat()}
    load_world_data(machine.database, {"incidents": [incident]})
    machine.goes_to(at(day(2), 10))
    assert of(machine, "bill_past_due").reason == "incident" and said(machine) == []
    machine.goes_to(at(day(9), 10))
    row = of(machine, "bill_past_due")
    assert (row.status, row.reason) == ("withheld", "incident") and said(machine) == []


def test_all_can_be_stopped_at_once_and_let_go_on(machine: TimeMachine) -> None:
    with machine.database.session() as session:
        advice.switch(session, "*", True, 0, "ops", "x")
    machine.goes_to(at(day(2), 10))
    assert said(machine) == []
    with machine.database.session() as session:
        advice.switch(session, "*", False, 1, "ops", "y")
        advice.switch(session, "papers", True, 1, "ops", "z")
    machine.goes_to(at(day(2), 11))
    assert [message.data["cause"] for message in said(machine) if message.data] == ["bill_past_due"]
    assert of(machine, "id_document_expired").reason == "stopped"


def test_not_this_time_and_never_more(machine: TimeMachine) -> None:
    machine.goes_to(at(day(2), 10))
    with machine.database.session() as session:
        carry_out(session, USER, [AdviceAnswered("bill_past_due", "skip"), ConsentWithdrawn("papers")])
    assert of(machine, "bill_past_due").answer == "skip" and of(machine, "id_document_expired").answer == "off"
    machine.goes_to(at(day(8), 10))
    assert len(said(machine)) == 2


def test_at_another_time_it_is_told_once_more_if_it_still_comes(machine: TimeMachine) -> None:
    machine.goes_to(at(day(2), 10))
    with machine.database.session() as session:
        carry_out(session, USER, [AdviceAnswered("bill_past_due", "moved", 1)])
    machine.goes_to(at(day(7), 10))
    assert len(said(machine)) == 2
    machine.goes_to(at(day(8), 10))
    assert [message.data["cause"] for message in said(machine) if message.data][2:] == ["bill_past_due"]
    machine.goes_to(at(day(8), 15))
    assert len(said(machine)) == 3


def paused(machine: TimeMachine, until: date) -> None:
    load_world_data(
        machine.database,
        {
            "merchants": [{"id": "m", "installment": "paused", "paused_until": until.isoformat()}],
            "orders": [{"id": "o", "user": USER, "lines": [{"sku": "1"}]}],
        },
    )


def test_what_ends_is_told_before_as_it_is_and_looked_at_then(machine: TimeMachine) -> None:
    paused(machine, day(4))
    machine.goes_to(at(day(1), 10))
    assert [message for message in said(machine) if (message.data or {})["cause"] == "merchant_paused"] == []
    machine.goes_to(at(day(3), 10))
    (told,) = [message for message in said(machine) if (message.data or {})["cause"] == "merchant_paused"]
    assert "11月26日" in told.text and "什么都不用回" in told.text and "等的日子快到了" in told.text
    assert told.data is not None and (told.data["order"], told.data["on"]) == ("o", day(5).isoformat())
    machine.goes_to(at(day(5), 10))
    assert of(machine, "merchant_paused").result == "avoided"


def test_what_ends_in_the_middle_of_a_day_is_told_before_that_day(machine: TimeMachine) -> None:
    """Told the day before the first day without it, it would be over already when people are awake."""
    load_world_data(
        machine.database,
        {
            "users": [{"id": USER, "baitiao": {"status": "suspended", "overdue_cleared_at": at(day(0), 9).isoformat()}}],
            "policies": [{"id": "p", "kind": "restoration_wait", "hours": 24 * 10, "effective_from": "2026-01-01"}],
        },
    )
    machine.goes_to(at(day(1), 10))
    machine.goes_to(at(day(9), 10))
    (told,) = [message for message in said(machine) if (message.data or {})["cause"] == "restoration_pending"]
    assert "12月2日" in told.text
    machine.goes_to(at(day(11), 10))
    assert of(machine, "restoration_pending").result == "avoided"


def test_what_was_kept_back_until_it_was_over_keeps_its_reason(machine: TimeMachine) -> None:
    load_world_data(
        machine.database,
        {
            "users": [{"id": USER, "baitiao": {"status": "suspended", "overdue_cleared_at": at(day(0), 9).isoformat()}}],
            "policies": [{"id": "p", "kind": "restoration_wait", "hours": 24 * 5, "effective_from": "2026-01-01"}],
        },
    )
    handed_over(machine, "requested", at(day(1), 10), close=False)
    machine.goes_to(at(day(1), 10))
    machine.goes_to(at(day(4), 10))
    machine.goes_to(at(day(5), 10))
    row = of(machine, "restoration_pending")
    assert (row.status, row.reason) == ("withheld", "person")


def test_what_is_put_off_is_not_said_to_end(machine: TimeMachine) -> None:
    paused(machine, day(4))
    machine.goes_to(at(day(1), 10))
    paused(machine, day(20))
    machine.goes_to(at(day(3), 10))
    assert [row.status for row in machine.advice() if row.cause == "merchant_paused"] == ["not_coming", "planned"]
    assert [message for message in said(machine) if (message.data or {})["cause"] == "merchant_paused"] == []


def test_looking_up_can_end_at_any_moment_and_goes_on(machine: TimeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 1)
    assert planning.plan_ahead(machine.here, seconds=0.0, now=at(day(1), 3)) == 0
    looked: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        real = planning.states_of

        def dies(here: object, session: object, users: list[str]) -> object:
            looked.extend(users)
            if len(looked) > 1:
                raise KeyboardInterrupt
            return real(machine.here, session, users)

        monkeypatch.setattr(planning, "states_of", dies)
        planning.plan_ahead(machine.here, now=at(day(1), 3))
    monkeypatch.setattr(planning, "states_of", real)
    assert planning.plan_ahead(machine.here, now=at(day(1), 3)) == 1
    assert planning.plan_ahead(machine.here, now=at(day(1), 4)) == 0
    assert {row.user for row in machine.advice()} == {USER, HELD_OUT}
