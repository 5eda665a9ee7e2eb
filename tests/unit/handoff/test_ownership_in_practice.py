"""Waiting for a person, choosing what to do meanwhile, and getting back to the assistant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.core.case import Case
from actions.core.handoff import NotPossible
from actions.core.messages import StepData
from actions.core.subject import Subject
from actions.handoff import ownership
from actions.handoff.delivery import LatenessWatcher
from actions.handoff.ownership import Outcome
from actions.state import handoffs
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.slow

USER = "u-1013"
OUTCOME = Outcome("person", "overdue", "已核对，电话 13800138000")
AT_STEP_TWO = Case(phase="handed_over", subject=Subject("order", "o-1013"), cause="overdue", step=1, intent="installment_missing")


def look(house: House, patience: float) -> int:
    return LatenessWatcher(house.database, house.application.knowledge, patience).look()


def late(house: House) -> handoffs.Handoff:
    row = house.handed_over()
    assert look(house, 3600) == 0
    assert look(house, 0.0) == 1
    return row


def press(house: House, title: str, case: Case = AT_STEP_TWO) -> Any:
    """Presses the button of that title in the latest message."""
    payload = next(each["payload"] for each in house.history()[-1].buttons if each["title"] == title)
    entities: dict[str, str] = json.loads(payload[payload.index("{") :]) if "{" in payload else {}
    intent = payload[1:].partition("{")[0]
    given = {name: (value,) for name, value in entities.items()}
    return house.turn(USER, intent, title, case, "o-1013", entities=given)


def kinds(house: House, handoff_id: str) -> list[str]:
    with house.database.session() as session:
        return [event.kind for event in handoffs.of(session, handoff_id)]


def test_who_waits_too_long_is_told_once_and_may_choose(house: House) -> None:
    row = late(house)
    assert look(house, 0.0) == 0
    message = house.history()[-1]
    assert row.id in message.text and [each["title"] for each in message.buttons] == ["继续等", "留言", "先让助手继续", "转人工"]
    assert house.open().stage == "offered" and kinds(house, row.id) == ["hand_over", "late"]


def test_nobody_is_told_who_is_already_served(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        ownership.take(session, house.application.knowledge.current, row.id, "agent-1")
    assert look(house, 0.0) == 0


def test_waiting_on_keeps_the_place(house: House) -> None:
    row = late(house)
    response = press(house, "继续等")
    assert "位置" in response.replies[0].text
    assert house.open().stage == "waiting" and kinds(house, row.id)[-1] == "wait"
    assert not any(reply.data for reply in house.turn(USER, "thanks", "谢谢", response.case).replies)


@pytest.mark.parametrize("intent, stage", [("affirm", "waiting"), ("deny", "bot")])
def test_the_choice_may_be_typed(house: House, intent: str, stage: str) -> None:
    row = late(house)
    house.turn(USER, intent, "好" if intent == "affirm" else "不等了", AT_STEP_TWO, "o-1013")
    with house.database.session() as session:
        found = handoffs.get_handoff(session, row.id)
    assert found is not None and found.stage == stage


def test_a_message_is_left_and_acknowledged_until_the_customer_goes_on(house: House) -> None:
    late(house)
    case = press(house, "留言").case
    assert case.leaving_message
    for words in ("我每天下午三点以后才方便接电话", "还有怎么不能分期了"):
        response = house.turn(USER, "installment_missing", words, case, "o-1013")
        assert "记下" in response.replies[0].text and len(response.replies) == 1
        case = response.case
    response = press(house, "先让助手继续", case)
    assert not response.case.leaving_message and response.case.phase == "doing" and response.case.step == 1


def test_alarms_and_the_wish_for_a_person_are_heard_while_a_message_is_left(house: House) -> None:
    row = late(house)
    case = press(house, "留言").case
    replies = house.turn(USER, "request_human", "转人工", case).replies
    assert [reply.data.handoff_id for reply in replies if reply.data] == [row.id]
    house.turn(USER, "fraud_suspected", "有人让我转账", case)
    assert house.open().priority == "urgent"


def test_going_on_withdraws_and_resumes_at_the_step(house: House) -> None:
    row = late(house)
    response = press(house, "先让助手继续")
    shown = response.replies[-1].data
    assert isinstance(shown, StepData) and (shown.cause, shown.step, shown.steps) == ("overdue", 2, 2)
    with house.database.session() as session:
        found = handoffs.get_handoff(session, row.id)
        assert handoffs.open_handoff(session, USER) is None
    assert found is not None and (found.status, found.ending) == ("closed", "withdrawn")


def test_a_choice_that_comes_too_late_is_answered_by_the_state(house: House) -> None:
    row = late(house)
    with house.database.session() as session:
        handoffs.close(session, row.id)
    response = press(house, "先让助手继续")
    assert "变了" in response.replies[0].text and response.case.phase == "doing"


def test_given_back_the_assistant_re_reads_the_state_and_resumes_at_the_step(house: House) -> None:
    row = house.handed_over()
    knowledge = house.application.knowledge.current
    with house.database.session() as session:
        ownership.take(session, knowledge, row.id, "agent-1")
        ownership.give_back(session, knowledge, SqlFacts(session), row.id, "agent-1", OUTCOME)
    assert "“有逾期待还”还在" in house.history()[-1].text
    response = press(house, "继续")
    assert response.replies[-1].data.step == 2 and response.case.phase == "doing"
    assert kinds(house, row.id) == ["hand_over", "take", "give_back"]


def test_given_back_after_the_cause_is_gone_the_case_is_resolved(house: House) -> None:
    row = house.handed_over()
    knowledge = house.application.knowledge.current
    load_world_data(house.database, {"users": [{"id": USER, "baitiao": {"overdue": "0.00"}}]})
    with house.database.session() as session:
        ownership.take(session, knowledge, row.id, "agent-1")
        ownership.give_back(session, knowledge, SqlFacts(session), row.id, "agent-1", OUTCOME)
    assert "没有查到还挡着的" in house.history()[-1].text
    assert "resolved" in [reply.data.type for reply in press(house, "继续").replies if reply.data]


def test_the_outcome_is_a_label_with_its_note_masked(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        ownership.take(session, house.application.knowledge.current, row.id, "agent-1")
        ownership.close(session, house.application.knowledge.current, row.id, "agent-1", OUTCOME)
        found = handoffs.get_handoff(session, row.id)
    assert found is not None and found.stage == "closed"
    assert (found.resolved_by, found.root_cause, found.note) == ("person", "overdue", "已核对，电话 138****8000")
    assert found.payload == row.payload


def test_only_the_one_who_took_it_may_end_it(house: House) -> None:
    row = house.handed_over()
    with house.database.session() as session:
        with pytest.raises(NotPossible):
            ownership.close(session, house.application.knowledge.current, row.id, "agent-1", OUTCOME)
        ownership.take(session, house.application.knowledge.current, row.id, "agent-1")
        for step in (lambda: ownership.reply(session, row.id, "agent-2", "您好"), lambda: ownership.find(session, "h-none")):
            with pytest.raises((NotPossible, LookupError)):
                step()
    with pytest.raises(NotPossible), house.database.session() as session:
        ownership.take(session, house.application.knowledge.current, row.id, "agent-2")


# --- taken back, or solved, before anybody came ------------------------------------------------------------------------------------------


CANCEL = {"topic": ("cancel_person",)}
STAGES = ("queued", "offered", "waiting")


def at_stage(house: House, stage: str) -> handoffs.Handoff:
    row = house.handed_over()
    if stage != "queued":
        look(house, 0.0)
    if stage == "waiting":
        press(house, "继续等")
    assert house.open().stage == stage
    return row


def ended(house: House, row: handoffs.Handoff) -> handoffs.Handoff:
    with house.database.session() as session:
        found = handoffs.get_handoff(session, row.id)
    assert found is not None and found.closed_at is not None
    return found


def repaid(house: House) -> None:
    load_world_data(house.database, {"users": [{"id": USER, "baitiao": {"overdue": "0.00"}}]})


@pytest.mark.parametrize("stage", STAGES)
def test_the_request_for_a_person_can_be_taken_back_as_long_as_nobody_has_come(house: House, stage: str) -> None:
    row = at_stage(house, stage)
    response = house.turn(USER, "about_case", "不用人工了", AT_STEP_TWO, "o-1013", entities=CANCEL)
    variants = house.application.knowledge.current.phrases.variants["desk.gone_on"]
    assert response.replies[0].text in variants and response.case.phase == "doing"
    assert isinstance(response.replies[-1].data, StepData) and response.replies[-1].data.step == 2
    found = ended(house, row)
    assert (found.ending, found.stage, found.resolved_by) == ("withdrawn", "bot", None) and kinds(house, row.id)[-1] == "go_on"


def test_a_cause_that_calls_a_person_by_itself_does_not_call_one_again_when_the_customer_declines(house: House) -> None:
    load_world_data(house.database, {"users": [{"id": USER, "security_alert": True, "baitiao": {"overdue": "0.00"}}]})
    case = house.turn(USER, "installment_missing", "怎么不能分期了", order="o-1013").case
    row = house.open()
    assert row.reason == "cause" and case.phase == "handed_over"
    response = house.turn(USER, "about_case", "不用人工了", case, "o-1013", entities=CANCEL)
    assert ended(house, row).ending == "withdrawn" and response.case.phase == "explained"
    assert [button.title for button in response.replies[-1].buttons][-1] == "转人工"
    with house.database.session() as session:
        assert handoffs.open_handoff(session, USER) is None


@pytest.mark.parametrize("stage", STAGES)
def test_a_case_that_solves_itself_while_queued_is_closed_and_both_sides_are_told(house: House, stage: str) -> None:
    row = at_stage(house, stage)
    repaid(house)
    response = house.turn(USER, "step_done", "再查一次", AT_STEP_TWO, "o-1013")
    said = [reply.data.type if reply.data else reply.text for reply in response.replies]
    assert said[0] == "check" and said[2] == "resolved" and "撤了" in said[1] and "转人工" in said[1]
    found = ended(house, row)
    assert (found.ending, found.stage, found.resolved_by, found.root_cause) == ("solved", "bot", "solved_meanwhile", "overdue")
    with house.database.session() as session:
        event = handoffs.of(session, row.id)[-1]
    assert (event.kind, event.actor, event.detail["resolved_by"]) == ("solve", "assistant", "solved_meanwhile")


def test_a_case_that_still_holds_stays_queued(house: House) -> None:
    row = house.handed_over()
    house.turn(USER, "step_done", "再查一次", AT_STEP_TWO, "o-1013")
    assert house.open().id == row.id


@pytest.mark.parametrize("intent, entities", [("fraud_suspected", {}), ("request_human", {"cue_regulator": ("x",)})])
def test_an_alarm_is_never_closed_because_the_option_is_there_again(house: House, intent: str, entities: dict[str, Any]) -> None:
    house.turn(USER, intent, "有人盗刷", AT_STEP_TWO, "o-1013", entities=entities)
    repaid(house)
    house.turn(USER, "step_done", "再查一次", AT_STEP_TWO, "o-1013")
    assert house.open().stage == "queued"


@pytest.mark.parametrize("cue", ["cue_money_taken", "cue_regulator", "cue_hardship"])
def test_an_alarm_on_a_handoff_that_is_open_keeps_it_open(house: House, cue: str) -> None:
    row = house.handed_over()
    house.turn(USER, "request_human", "还有一件急事", AT_STEP_TWO, "o-1013", entities={cue: ("x",)})
    repaid(house)
    house.turn(USER, "step_done", "再查一次", AT_STEP_TWO, "o-1013")
    assert house.open().id == row.id


def test_a_reason_no_more_urgent_than_the_first_is_remembered(house: House) -> None:
    row = house.handed_over()
    knowledge = house.application.knowledge.current
    load_world_data(house.database, {"users": [{"id": USER, "baitiao": {"risk_block": "risk"}}]})
    case = Case(phase="explained", subject=Subject("order", "o-1013"), cause="overdue", causes=("risk_blocked",))
    house.turn(USER, "request_human", "我要申诉", case, "o-1013", entities={"topic": ("appeal",)})
    with house.database.session() as session:
        reasons = ownership.reasons_of(session, house.open())
        assert reasons == {"requested", "objection"}
        assert not ownership.can_be_solved(knowledge, house.open(), Subject("order", "o-1013"), reasons)
        assert handoffs.open_handoff(session, USER).id == row.id  # type: ignore[union-attr]


def test_what_is_solved_of_another_order_leaves_the_handoff_alone(house: House) -> None:
    row = house.handed_over()
    knowledge = house.application.knowledge.current
    assert ownership.can_be_solved(knowledge, row, row.subject, {"requested"})
    assert not ownership.can_be_solved(knowledge, row, Subject("order", "o-other"), {"requested"})


def test_what_a_person_has_taken_is_not_closed_behind_their_back(house: House) -> None:
    row = house.handed_over()
    knowledge = house.application.knowledge.current
    with house.database.session() as session:
        ownership.take(session, knowledge, row.id, "agent-1")
        taken = ownership.find(session, row.id)
        assert not ownership.can_be_solved(knowledge, taken, row.subject, {"requested"})
        assert not ownership.end_solved(session, taken, "overdue")
