"""Remarks that say little: fragments, refusals and swearing."""

from __future__ import annotations

from actions.core.messages import AnswerData
from actions.knowledge import phrases
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import PUT, Situated, kind, said
from tests.unit.dialogue.talking import Talk


def test_none_of_the_orders_is_no_refusal(diagnosed: Diagnose) -> None:
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
    talk = Talk(
        {"o": diagnosed(other).facts, "o2": diagnosed(other, order="o2").facts, None: diagnosed(other, order=None).facts}, token=None
    )
    talk.say("installment_missing", "不能分期")
    (reply,) = talk.say("deny", "都不是")
    assert talk.phase == "asking_subject" and said(reply, phrases.ASK_ORDER_NEITHER)


def test_what_says_little_is_taken_for_a_question_about_the_case_if_it_may_be_one(situated: Situated) -> None:
    talk = situated("doing")
    (asked,) = talk.say("out_of_scope", "那个", topics=(("unclear_fragment", 0.6),))
    assert said(asked, phrases.CLARIFY_IN_CASE) and len(asked.buttons) > 1
    (answered,) = talk.say("out_of_scope", "以前都有的", topics=(("unclear_fragment", 0.5), ("worked_before", 0.4)))
    assert answered.data == AnswerData(topic="worked_before", facts=answered.data.facts if isinstance(answered.data, AnswerData) else [])


def test_swearing_alone_is_not_answered_with_a_diagnosis_that_finds_nothing(diagnosed: Diagnose) -> None:
    (calm,) = Talk({"o": diagnosed().facts}).say("complaint_angry", "什么破玩意")
    assert said(calm, phrases.CALM) and len(calm.buttons) > 1
    blocked = Talk({"o": diagnosed(PUT["overdue"]).facts}).say("complaint_angry", "什么破玩意")
    assert "diagnosis" in [kind(reply) for reply in blocked]


def test_what_says_little_about_no_order_is_asked_again_and_not_taken_for_a_question(diagnosed: Diagnose) -> None:
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
    talk = Talk(
        {"o": diagnosed(other).facts, "o2": diagnosed(other, order="o2").facts, None: diagnosed(other, order=None).facts}, token=None
    )
    talk.say("installment_missing", "不能分期")
    (asked,) = talk.say("out_of_scope", "那个", topics=(("unclear_fragment", 0.6), ("correct_subject", 0.3)))
    assert kind(asked) == "clarify" and talk.phase == "asking_subject"
