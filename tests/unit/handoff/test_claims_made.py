"""Whoever takes a case reads first what the customer says against the record, what was done since, and is offered no sentence that says it once more."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from actions.core.case import Case
from actions.core.diagnosis import diagnose
from actions.handoff import ownership
from actions.handoff.claims_made import is_contradicted
from actions.handoff.payload import Payload, read_payload
from actions.handoff.standing import as_it_stands, headlines_of
from actions.handoff.suggestion import suggested
from actions.state.columns import real_now
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from conversations.application import project_knowledge
from tests.unit.handoff.conftest import House
from tests.unit.handoff.test_forgetting import say

pytestmark = pytest.mark.broad

USER, ORDER = "u-1013", "o-1013"
OPENED, CLAIMED, SINCE = "白条分期怎么没有了", "我上个月就还清了", "绑好了"


def complained(house: House) -> Case:
    return house.turn(USER, "installment_missing", OPENED, order=ORDER).case


def disputed(house: House, **heard: object) -> Payload:
    """A customer who says that they have paid, does a step, and calls a person."""
    case = house.turn(USER, "about_case", CLAIMED, complained(house), ORDER, confidence=0.9, **heard).case
    case = house.turn(USER, "step_done", SINCE, case, ORDER, confidence=0.9).case
    house.turn(USER, "request_human", "转人工", case, ORDER)
    return read_payload(house.open().payload)


def standing(house: House) -> Payload:
    row = house.open()
    with house.database.session() as session:
        return as_it_stands(session, row, read_payload(row.payload), house.application.knowledge.current)


@pytest.mark.parametrize(("heard", "title"), [({"claims": ("paid_off",)}, "已经还清"), ({"aspects": ("page_says_done",)}, "自己已经办好")])
def test_the_claim_leads_and_not_the_last_request(house: House, heard: dict[str, tuple[str, ...]], title: str) -> None:
    case = disputed(house, **heard)
    (claim,) = case.claims
    assert (claim.title, claim.words, claim.record) == (title, CLAIMED, "contradicted")
    assert case.transcript[claim.number - 1].text == CLAIMED
    assert case.summary.headline.endswith(f"有逾期待还，客户说{title}")
    assert case.summary.asked_for[1:4] == [
        f"和记录不一致：客户说{title}，原话（第 {claim.number} 条）：“{CLAIMED}”",
        f"说了以后：客户又说“{SINCE}”、“有逾期待还”第 1 步已做完",
        f"客户一开始说：“{OPENED}”",
    ]
    assert case.recommended.action.startswith(f"客户说{title}，记录相反。先核对：")
    assert case.reason.words == "转人工", "what the contract calls the words of the message that led here"


def test_what_the_record_agrees_with_is_no_dispute(house: House) -> None:
    case = disputed(house, claims=("enough_limit",))
    assert case.claims == [] and "客户说" not in case.summary.headline and case.summary.asked_for[1] == f"客户一开始说：“{OPENED}”"


def test_without_a_complaint_what_was_said_before_is_read(house: House) -> None:
    case = house.turn(USER, "faq_repayment", "逾期了会怎么样", confidence=0.9).case
    house.turn(USER, "request_human", "转人工", case, ORDER)
    assert "客户在这之前说：“逾期了会怎么样”" in read_payload(house.open().payload).summary.asked_for


def test_what_is_said_while_waiting_is_read_too(house: House) -> None:
    case = complained(house)
    case = house.turn(USER, "request_human", "转人工", case, ORDER).case
    stored = house.open().payload
    house.turn(USER, "about_case", CLAIMED, case, ORDER, claims=("paid_off",))
    now, row = standing(house), house.open()
    assert row.payload == stored and now.summary.headline.endswith("客户说已经还清") and CLAIMED in now.summary.asked_for[1]
    with house.database.session() as session:
        names = headlines_of(session, [row.id], house.application.knowledge.current)
    assert names == {row.id: now.summary.headline}


def test_what_is_typed_while_waiting_is_read_until_a_person_has_come(house: House) -> None:
    case = house.turn(USER, "request_human", "转人工", order=ORDER).case
    for text, confidence in (("额度够的啊", 0.9), ("再查一次", 1.0), ("能快点吗", 0.8)):
        case = house.turn(USER, "about_case", text, case, ORDER, confidence=confidence).case
    assert [line.partition("：")[2] for line in standing(house).summary.asked_for[1:3]] == ["“额度够的啊”", "“能快点吗”"]
    with house.database.session() as session:
        ownership.take(session, project_knowledge(), house.open().id, "agent-1")
    house.turn(USER, "about_case", "在吗", case, ORDER, confidence=0.9)
    assert "“在吗”" not in "".join(standing(house).summary.asked_for), "from here on the talk itself is read"


def test_a_raised_case_keeps_the_claim(house: House) -> None:
    disputed(house, claims=("paid_off",))
    house.turn(USER, "nlu_fallback", "我要投诉", Case(phase="handed_over"), ORDER, entities={"cue_regulator": ("x",)})
    case = standing(house)
    assert case.summary.headline.startswith("投诉：") and case.summary.headline.endswith("客户说已经还清")


def test_the_suggested_reply_follows_the_claim_as_long_as_the_record_contradicts_it(house: House) -> None:
    case, row, knowledge = disputed(house, claims=("paid_off",)), house.open(), project_knowledge()

    def said() -> tuple[str, bool]:
        with house.database.session() as session:
            diagnosis = diagnose(SqlFacts(session).snapshot(USER, row.subject), knowledge.causes.values())
            found = suggested(house.application.assistant_on(session), row, case, diagnosis, knowledge)
            assert found is not None
            return found.text, is_contradicted(case.claims[0], diagnosis, knowledge)

    text, held = said()
    assert held and "326.80" in text and knowledge.replies["checking"].text in text
    assert "在同一页把逾期的部分还清" not in text and "转人工" not in text
    load_world_data(house.database, {"users": [{"id": USER, "baitiao": {"overdue": 0}}]})
    text, held = said()
    assert not held and knowledge.replies["checking"].text not in text


def test_a_part_of_a_number_leaves_the_quoted_claim(house: House) -> None:
    case = house.turn(USER, "about_case", "早就还清了，手机号13977", complained(house), ORDER, claims=("paid_off",), confidence=0.9).case
    # The part may stand only four messages back.
    house.turn(USER, "request_human", "转人工", case, ORDER)
    say(house, "后面是461608", "m-1")
    mended = json.dumps(house.open().payload, ensure_ascii=False)
    assert "13977" not in mended and mended.count("早就还清了，手机号*****") == 3


def test_what_was_tried_has_the_time_of_the_conversation(house: House) -> None:
    at = real_now() - timedelta(minutes=3)
    case = house.turn(USER, "step_done", "弄好了", complained(house), ORDER, at=at).case
    house.turn(USER, "request_human", "转人工", case, ORDER)
    (step,) = read_payload(house.open().payload).steps_tried
    assert step.at == at.isoformat(timespec="seconds")


def test_every_claim_has_words_for_agents() -> None:
    knowledge = project_knowledge()
    disputes = set(knowledge.briefing.disputes)
    assert disputes <= {*knowledge.claims, *knowledge.aspects}
    # It is true whatever the record says, so that nothing contradicts it.
    assert set(knowledge.claims) - disputes <= {"refunded"}
