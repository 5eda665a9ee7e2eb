"""Remarks of who awaits a person or a notice."""

from __future__ import annotations

import pytest

from actions.knowledge import phrases
from actions.knowledge.aspects import NOTICED
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import CASE_TOPICS, KNOWLEDGE, PUT, Situated, follow
from tests.unit.dialogue.talking import Talk


def test_a_doubtful_emergency_in_a_case_calls_nobody_else_and_is_answered(situated: Situated) -> None:
    talk = situated("handed_over")
    (answered,) = talk.say("about_case", "钱会不会没了", topics=(("scammed", 0.29), ("case_how_long", 0.28)))
    assert len(talk.handoffs) == 1 and answered.text


@pytest.mark.parametrize("intent", ["greet", "complaint_angry", "request_human"])
def test_who_calls_into_the_queue_hears_of_the_queue_and_keeps_its_choices(situated: Situated, intent: str) -> None:
    talk = situated("handed_over")
    (answered,) = talk.say(intent, "text")
    assert talk.phase == "handed_over" and "/step_done" in [button.payload for button in answered.buttons]


def test_a_complaint_while_a_person_is_awaited_does_not_end_the_waiting(situated: Situated) -> None:
    talk = situated("handed_over")
    talk.say("installment_missing", "到底为啥分不了")
    assert talk.phase == "handed_over"


def test_who_was_told_no_cause_is_not_told_of_one_in_the_queue(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts, None: diagnosed(PUT["overdue"], order=None).facts})
    talk.say("request_human", "转人工")
    (reply,) = follow(talk, "are_you_sure")
    assert any(text in reply.text for text in KNOWLEDGE.aspects["sure"].answer("queued"))


@pytest.mark.parametrize(
    "aspect, topic, of_cause",
    [
        ("how_long", "case_how_long", True),
        ("hurry", "case_how_long", True),
        ("who", "who_can_fix", True),
        ("person_how", "case_how_long", False),
    ],
)
def test_who_was_handed_over_unasked_hears_of_the_cause_first(aspect: str, topic: str, of_cause: bool, diagnosed: Diagnose) -> None:
    cause = KNOWLEDGE.causes["merchant_integration_error"]
    talk = Talk({"o": diagnosed(injections()[cause.id]).facts})
    talk.say("installment_missing", "不能分期")
    assert talk.phase == "handed_over"
    (reply,) = talk.say("about_case", "什么时候修好", aspects=(aspect,), topics=((topic, 0.9),))
    assert any(reply.text.startswith(text) for text in cause.aspects.get(aspect, ())) == of_cause
    assert aspect != "how_long" or "编号" in reply.text.splitlines()[-1]


def test_who_only_asks_for_a_person_is_asked_what_for(diagnosed: Diagnose) -> None:
    (handed,) = Talk({"o": diagnosed().facts}).say("request_human", "转人工")
    assert any(text.splitlines()[1] in handed.text for text in KNOWLEDGE.phrases.texts(phrases.HANDOFF_UNASKED, number="{"))


def test_who_is_on_the_list_is_not_asked_to_put_themselves_there(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(injections()["incident_outage"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("affirm", topic="wait_for_notice")
    (reply,) = talk.say("about_case", "收得到通知吗", topics=(("notice_doubt", 0.9),))
    aspect = CASE_TOPICS["notice_doubt"].aspect
    assert aspect is not None and reply.text in KNOWLEDGE.aspects[aspect].answers[NOTICED]


def test_a_notice_that_is_not_wanted_any_more_is_taken_back_whatever_else_is_heard(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(injections()["incident_outage"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("affirm", topic="wait_for_notice")
    assert talk.wishes
    talk.say("about_case", "别提醒了 换了家店", topics=(("give_up", 0.4),), aspects=("other_shop",))
    assert not talk.wishes and talk.phase == "waiting"


BALANCE = {"items": [{"sku": "1", "presale_balance_from": "2026-12-05T20:00:00+08:00"}]}


@pytest.mark.parametrize("cause", ["risk_blocked", "overdue", "presale_deposit"])
def test_how_long_it_takes_is_answered_in_the_queue_with_what_is_known(diagnosed: Diagnose, cause: str) -> None:
    """The place, what to expect and how to leave; of the cause the day that is on record, and not that none is: that is said of the person already."""
    talk = Talk({"o": diagnosed(PUT[cause], *([BALANCE] if cause == "presale_deposit" else [])).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("request_human", "转人工")
    (reply,) = talk.say("about_case", "要等多久", topics=(("case_how_long", 0.95),))
    assert all(known in reply.text for known in ("第 3 位", "这个对话里回复您", "点“不用人工了”"))
    assert ("12月5日" in reply.text) == (cause == "presale_deposit") and "记录" not in reply.text
    assert '/about_case{"topic": "cancel_person"}' in [button.payload for button in reply.buttons]


def test_who_has_waited_long_is_told_their_place_and_not_that_nobody_sees_it(situated: Situated) -> None:
    (reply,) = situated("handed_over").say("about_case", "等好久了", aspects=("long_already",), topics=(("case_how_long", 0.5),))
    assert "第 3 位" in reply.text and "看不到" not in reply.text


@pytest.mark.parametrize("cause", ["risk_blocked", "activation_reviewing"])
def test_a_notice_is_only_promised_where_it_comes(diagnosed: Diagnose, cause: str) -> None:
    """Offered behind an answer, or asked for before any case: what is promised is noted, and what cannot be noted is not promised."""
    awaited = KNOWLEDGE.causes[cause].wait is not None
    asked, wished = (Talk({"o": diagnosed(PUT[cause]).facts}) for _ in range(2))
    (answered, *_) = asked.say("account_restricted", "冻结要多久才解", topics=(("how_long", 0.95),))
    titles = [button.title for button in answered.buttons if "wait_for_notice" in button.payload]
    assert titles == ([KNOWLEDGE.causes[cause].wait.notice] if awaited else [])  # type: ignore[union-attr]
    (promised, *_) = wished.say("faq_how_to", "好了通知我", topics=(("wait_for_notice", 0.95),))
    assert bool(wished.wishes) is awaited and ("设不了通知" in promised.text or "没有通知可设" in promised.text) is not awaited
    if awaited:
        asked.say("affirm", topic="wait_for_notice")
        assert asked.wishes == wished.wishes and asked.phase == "waiting"
