"""A case that was raised after it was handed over reads as what it was raised to, for everybody who reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.core.case import Case
from actions.handoff.delivery import Dispatcher, Target
from actions.handoff.payload import Payload, read_payload
from actions.handoff.standing import as_it_stands, headlines_of
from actions.knowledge.handoffs import strongest
from actions.state import handoffs, outbox
from bot.commands.handoffs import show
from conversations.application import project_knowledge
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.broad

USER = "u-1013"
REASONS = project_knowledge().handoffs
ALARMS = {"fraud": "cue_fraud", "minor": "cue_minor", "hardship": "cue_hardship", "complaint": "cue_regulator", "distress": "cue_distress"}
WORDS = "我被骗了！！！快，手机号１３８００１３８０００"
MASKED = "我被骗了！！！快，手机号138****8000"


def standing(house: House) -> Payload:
    row = house.open()
    with house.database.session() as session:
        return as_it_stands(session, row, read_payload(row.payload), house.application.knowledge.current)


def alarmed(house: House, reason: str, text: str = WORDS) -> None:
    house.turn(USER, "nlu_fallback", text, Case(phase="handed_over"), "o-1013", entities={ALARMS[reason]: ("x",)})


@pytest.mark.parametrize("reason", ALARMS)
def test_a_raised_case_reads_as_what_it_was_raised_to(house: House, reason: str) -> None:
    row = house.handed_over()
    stored = read_payload(row.payload)
    alarmed(house, reason)
    now, agents, case = house.open(), REASONS[reason].agents, standing(house)
    assert (now.priority, now.queue) == (REASONS[reason].priority, REASONS[reason].queue)
    assert (case.priority.level, case.routing.queue) == (now.priority, now.queue)
    assert case.routing.title == house.application.knowledge.current.briefing.queues[now.queue].title
    assert case.summary.headline == stored.summary.headline.replace("客户要求人工", agents.title)
    assert case.summary.asked_for[:2] == [f"客户{agents.asked_for}。", f"客户原话：“{MASKED}”"]
    assert case.reason.words == MASKED and case.recommended.action == agents.action
    assert case.do_not == list(agents.do_not) and case.do_not
    assert case.summary.open_questions[: len(agents.questions)] == list(agents.questions)
    assert agents.title in case.priority.why


def test_how_it_read_before_is_kept_as_history(house: House) -> None:
    row = house.handed_over()
    stored = read_payload(row.payload)
    alarmed(house, "fraud")
    case = standing(house)
    assert case.before is not None
    assert (case.before.headline, case.before.action) == (stored.summary.headline, stored.recommended.action)
    assert [(each.code, each.title, each.words) for each in case.raised] == [("fraud", "疑似诈骗或盗刷", MASKED)]
    assert "此前：客户想直接和人工说。" in case.summary.asked_for and "此前：客户原话：“转人工”" in case.summary.asked_for
    assert house.open().payload == row.payload, "what was handed over never changes"


def test_what_is_not_stronger_is_history_only(house: House) -> None:
    house.handed_over()
    alarmed(house, "fraud")
    before = standing(house)
    alarmed(house, "complaint", "我要投诉")
    case = standing(house)
    assert case.summary == before.summary and house.open().queue == "risk"
    assert [each.title for each in case.raised] == ["疑似诈骗或盗刷", "投诉"]


def test_a_case_of_one_reason_reads_as_it_was_handed_over(house: House) -> None:
    stored = read_payload(house.handed_over().payload)
    assert standing(house) == stored


def test_of_equally_urgent_reasons_the_stronger_one_leads_and_moves_the_case(house: House) -> None:
    house.handed_over()
    alarmed(house, "complaint", "我要投诉")
    alarmed(house, "minor", "我没满十八岁")
    assert house.open().queue == "risk" and standing(house).summary.headline.startswith("可能是未成年人")


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        (["requested", "fraud", "complaint"], "fraud"),
        (["cause", "complaint"], "complaint"),
        (["requested", "objection"], "objection"),
        (["requested", "cannot_do"], "requested"),
        (["gone"], None),
    ],
)
def test_which_reason_is_the_strongest(given: list[str], leads: str | None) -> None:
    assert strongest(REASONS, given) == leads


def test_the_queue_names_cases_as_they_stand(house: House) -> None:
    row = house.handed_over()
    other = house.handed_over("u-1001", "o-1001")
    alarmed(house, "fraud")
    with house.database.session() as session:
        rows = handoffs.open_handoffs(session)
        names = headlines_of(session, (each.id for each in rows), house.application.knowledge.current)
    assert names[row.id].startswith("疑似诈骗或盗刷：订单 o-1013") and other.id not in names


@pytest.mark.parametrize("shape", ["md", "html"])
def test_exports_for_people_read_as_it_stands(house: House, shape: str) -> None:
    row = house.handed_over()
    alarmed(house, "fraud")
    text = show(house.application, row.id, shape)
    head = text.partition("摘要")[0] if shape == "html" else text.splitlines()[0]
    assert "疑似诈骗或盗刷" in head and "马上止付" in text and "交接时" in text and "请客户再付一笔" in text
    assert "客户要求人工" in text.partition("交接时")[2]


def bodies(house: House, shape: Any) -> list[dict[str, Any]]:
    with house.database.session() as session:
        sent = outbox.claim_due(session, 60, 10)
    dispatcher = Dispatcher(house.database, house.application.knowledge, Target("http://127.0.0.1:9/", b"a secret of the tests", shape))
    return [json.loads(dispatcher.body_of(each)) for each in sent]


def test_the_ticket_of_a_raise_reads_as_raised_and_the_first_one_as_it_was(house: House) -> None:
    house.handed_over()
    alarmed(house, "hardship", "我失业了")
    alarmed(house, "fraud")
    first, hardship, fraud = bodies(house, "zendesk")
    subjects = [each["ticket"]["subject"].partition("：")[0] for each in (first, hardship, fraud)]
    assert subjects == ["客户要求人工", "还款困难", "疑似诈骗或盗刷"], "each says the same whenever it is tried again"


def test_machines_get_what_was_handed_over(house: House) -> None:
    row = house.handed_over()
    alarmed(house, "fraud")
    assert [each["handoff"] for each in bodies(house, "handoff")] == [row.payload] * 2
