"""Who waits for an incident hears what is true of them when it is over, and before that only what they can use."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from actions.bootstrap import Application
from actions.core.subject import Subject
from actions.recovery.incident_ends import NOTICE, UPDATE
from actions.recovery.incident_notices import NoticePace
from actions.state.columns import real_now
from actions.state.conversations import MessageDraft, append
from actions.state.observations import OBSERVATIONS
from actions.state.subscriptions import SUBSCRIPTIONS, open_subscriptions
from actions.state.world.loading import load_world_data
from conversations.application import composed
from ops.incidents.told import note_those_told
from tests.unit.ops.incidents.desk import ORDER, Duty

pytestmark = pytest.mark.broad

HOUR_AGO = 3_600_000


def patch(here: Application, **sections: Any) -> None:
    load_world_data(here.database, sections)


def test_three_texts_for_three_states(here: Application, duty: Duty) -> None:
    patch(
        here,
        users=[{"id": "u2", "baitiao": {"overdue": "88.80"}}, {"id": "u3", "baitiao": {"overdue": "88.80"}}],
        orders=[
            {"id": "o2", "user": "u2", "lines": [{"sku": "1"}]},
            {"id": "o3", "user": "u3", "lines": [{"sku": "1"}], "pay_before": "2026-11-22T11:00:00+08:00"},
        ],
    )
    incident = duty.declare()
    with here.database.session() as session:
        append(session, "u2", [MessageDraft("user", "没有分期")])
    for user, order in (("u", "o"), ("u2", "o2"), ("u3", "o3")):
        duty.wait(user, Subject.of(order))
    load_world_data(here.database, {"now": "2026-11-22T12:00:00+08:00"})
    assert duty.watcher.look() == 0, "it goes on"
    duty.update(incident, stage="resolved")
    assert [duty.watcher.look(), duty.watcher.look()] == [3, 0]
    (clear,), (_, other), (late,) = duty.told(), duty.told("u2"), duty.told("u3")
    assert "没有查到挡着分期的原因" in clear.text and clear.buttons[0] == {"title": "继续", "payload": '/installment_missing{"order": "o"}'}
    assert "还有挡着的：有逾期待还" in other.text and other.buttons[0] == {"title": "开始处理", "payload": "/step_done"}
    assert "付款时间到 11月22日 11:00 为止" in late.text and "/step_done" not in str(late.buttons)
    for said, blocked in ((clear, False), (other, True), (late, True)):
        assert said.data == {"type": "check", "cause": "incident_outage", "passed": True, "blocked": blocked} and said.action == NOTICE
    with here.database.session() as session:
        noted = session.execute(select(OBSERVATIONS.c.value).where(OBSERVATIONS.c.kind == "told")).scalars().all()
    assert noted == [incident] * 3


def test_the_soonest_to_expire_is_told_first_and_no_more_than_the_rate_allows(here: Application) -> None:
    slow = Duty(composed(here.database, notice_rate=0.4))
    hours = {"a": 18, "b": 13, "c": 15, "d": None}
    patch(
        here,
        users=[{"id": user} for user in hours],
        orders=[
            {"id": f"o-{user}", "user": user, "lines": [{"sku": "1"}]} | ({"pay_before": f"2026-11-22T{hour}:00:00+08:00"} if hour else {})
            for user, hour in hours.items()
        ],
    )
    incident = slow.declare()
    for user in hours:
        slow.wait(user, Subject.of(f"o-{user}"))
    slow.update(incident, stage="resolved")
    slow.watcher = slow.here.recovery_watcher()
    assert slow.watcher.look() == 2
    assert [user for user in hours if slow.told(user)] == ["b", "c"]


def test_the_pace_makes_up_for_time_that_has_passed_and_not_for_all_of_it() -> None:
    clock = [0.0]
    pace = NoticePace(20, lambda: clock[0])
    assert pace.allowed() == 100
    pace.used(100)
    assert pace.allowed() == 0
    clock[0] = 5.0
    assert pace.allowed() == 100
    clock[0] = 10_000.0
    assert pace.allowed() == 1200


def test_who_waits_in_the_chat_waits_for_the_incident(here: Application, duty: Duty) -> None:
    incident = duty.declare(eta="2026-11-22T12:00:00+08:00")
    duty.wait()
    with here.database.session() as session:
        (wait,) = open_subscriptions(session)
    assert wait.incident == incident and wait.told_eta is not None
    duty.wait(incident=incident)
    with here.database.session() as session:
        assert len(open_subscriptions(session)) == 1, "the banner's wish and the chat's are one"


@pytest.mark.parametrize(("minutes", "told"), [(29, 0), (30, 1), (-30, 1)])
def test_an_expected_end_is_told_when_it_moves_by_half_an_hour(here: Application, duty: Duty, minutes: int, told: int) -> None:
    incident = duty.declare(eta="2026-11-22T12:00:00+08:00")
    duty.wait()
    minute = 12 * 60 + minutes
    duty.update(incident, eta=f"2026-11-22T{minute // 60}:{minute % 60:02}:00+08:00")
    assert [duty.watcher.look(), duty.watcher.look()] == [told, 0]
    assert [message.action for message in duty.told()] == [UPDATE] * told


def test_nobody_is_told_of_news_twice_in_half_an_hour_and_the_latest_is_told_then(here: Application, duty: Duty) -> None:
    incident = duty.declare(eta="2026-11-22T12:00:00+08:00")
    duty.wait()
    duty.update(incident, eta="2026-11-22T13:00:00+08:00")
    assert duty.watcher.look() == 1
    duty.update(incident, eta="2026-11-22T14:00:00+08:00")
    duty.update(incident, eta="2026-11-22T15:00:00+08:00")
    assert duty.watcher.look() == 0
    with here.database.session() as session:
        session.execute(update(SUBSCRIPTIONS).values(told_at=SUBSCRIPTIONS.c.told_at - HOUR_AGO))
    assert duty.watcher.look() == 1
    assert "15:00" in duty.told()[-1].text and "不保证准时" in duty.told()[-1].text


def test_whom_a_narrower_scope_leaves_out_hears_that_it_is_over_and_hears_when_it_grows_back(here: Application, duty: Duty) -> None:
    patch(here, merchants=[{"id": "m2"}])
    incident = duty.declare()
    duty.wait()
    duty.update(incident, affects={"merchants": ["m2"]})
    assert [duty.watcher.look(), duty.watcher.look()] == [1, 0]
    assert duty.told()[-1].action == NOTICE
    duty.update(incident, affects={"merchants": ["m2", "m"]})
    assert [duty.watcher.look(), duty.watcher.look()] == [1, 0]
    assert duty.told()[-1].action == UPDATE and "又影响到" in duty.told()[-1].text
    duty.update(incident, stage="resolved")
    assert duty.watcher.look() == 1 and duty.told()[-1].action == NOTICE


@pytest.mark.slow
def test_what_is_opened_again_is_told_to_those_who_heard_of_its_end(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.wait()
    duty.update(incident, stage="resolved")
    duty.watcher.look()
    duty.update(incident, stage="investigating")
    assert [duty.watcher.look(), duty.watcher.look()] == [1, 0]
    assert [message.action for message in duty.told()] == [NOTICE, UPDATE]


def test_an_end_taken_back_before_it_was_told_is_not_told(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.wait()
    with here.database.session() as session:
        session.execute(update(SUBSCRIPTIONS).values(due_at=1))
    assert duty.watcher.look() == 0 and duty.told() == []
    duty.update(incident, stage="resolved")
    assert duty.watcher.look() == 1


def test_a_slower_system_is_not_the_end_of_an_outage(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.wait()
    duty.update(incident, severity="degraded")
    assert duty.watcher.look() == 0 and duty.told() == []


def test_who_was_told_of_what_was_not_so_is_told_that(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    evidence = [{"fact": f"incidents[{incident}].severity", "value": "outage", "source": "incident", "read_at": "x"}]
    told = {"type": "diagnosis", "order": "o", "bill": None, "causes": [{"id": "incident_outage", "kind": "block", "evidence": evidence}]}
    with here.database.session() as session:
        append(session, "u", [MessageDraft("bot", "x", data=told)])
        assert note_those_told(session, "i-another") == 0
    duty.update(incident, stage="withdrawn")
    assert [duty.watcher.look(), duty.watcher.look()] == [1, 0]
    assert duty.told()[-1].text.startswith("更正一下") and "没有查到挡着分期的原因" in duty.told()[-1].text


def test_ten_thousand_that_wait_cost_a_look_a_few_statements(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.wait()
    with here.database.session() as session:
        (wait,) = open_subscriptions(session)
        row = {**vars(wait), "created_at": real_now()}
        others = [{**row, "id": 100 + number, "conversation_id": f"x-{number}", "user": f"x-{number}"} for number in range(10_000)]
        session.execute(insert(SUBSCRIPTIONS), others)
    asked: list[str] = []
    event.listen(here.database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    assert duty.watcher.look() == 0
    assert 0 < len(asked) < 20 and not [each for each in asked if "FROM orders" in each or "FROM users" in each]
    assert duty.view(incident).is_open


def test_a_customer_whom_the_world_does_not_know_keeps_nobody_waiting(here: Application, duty: Duty) -> None:
    incident = duty.declare()
    duty.wait("nobody", Subject.of("o-nobody"))
    duty.wait()
    duty.update(incident, stage="resolved")
    assert duty.watcher.look() == 1
    patch(here, users=[{"id": "nobody"}], orders=[{"id": "o-nobody", "user": "nobody", "lines": [{"sku": "1"}]}])
    assert duty.watcher.look() == 1 and duty.told("nobody")


def test_who_waits_for_two_orders_is_told_each_truth_once(here: Application, duty: Duty) -> None:
    patch(here, orders=[{"id": "o2", "user": "u", "lines": [{"sku": "1"}], "status": "paid"}])
    incident = duty.declare()
    duty.wait(subject=ORDER)
    duty.wait(subject=Subject.of("o2"))
    duty.update(incident, stage="resolved")
    assert duty.watcher.look() == 1
    assert len({message.text for message in duty.told()}) == len(duty.told()) == 2


def test_two_servers_keep_the_rate_together(here: Application) -> None:
    duties = [Duty(composed(here.database, notice_rate=0.8)) for _ in range(2)]
    users = [f"w-{number}" for number in range(9)]
    patch(
        here,
        users=[{"id": user} for user in users],
        orders=[{"id": f"o-{user}", "user": user, "lines": [{"sku": "1"}]} for user in users],
    )
    incident = duties[0].declare()
    for user in users:
        duties[0].wait(user, Subject.of(f"o-{user}"))
    duties[0].update(incident, stage="resolved")
    watchers = [duty.here.recovery_watcher() for duty in duties]
    assert [watcher.look() for watcher in watchers] == [4, 0], "what the first has told is told for the second, too"
