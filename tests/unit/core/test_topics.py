"""Which variants of an answer to a sub-question a state lets be said."""

from __future__ import annotations

from actions.core.conditions import parse_condition
from actions.core.derived import View
from actions.core.topics import ConditionalText, fitting
from actions.dialogue.wording import Wording
from actions.knowledge.rendering import Values
from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose

UNBOUND = ConditionalText("绑好手机号就行。", parse_condition({"fact": "phone_bound", "equals": False}))
REFUNDED = ConditionalText(
    "退回的是 {refund.amount} 元。", parse_condition({"some": "refund", "where": {"fact": "refund.amount", "greater_than": 0}})
)
VARIANTS = (UNBOUND, "一般当天就好。", "当天就好，最晚第二天。")


def test_what_has_no_condition_is_said_where_no_condition_holds(diagnosed: Diagnose) -> None:
    assert fitting(VARIANTS, View(diagnosed().facts)) == (("一般当天就好。", ()), ("当天就好，最晚第二天。", ()))


def test_what_holds_is_said_instead_of_what_has_no_condition(diagnosed: Diagnose) -> None:
    facts = diagnosed({"users": [{"id": "u", "phone_bound": False}]}).facts
    assert [text for text, _ in fitting(VARIANTS, View(facts))] == [UNBOUND]


def test_a_variant_speaks_of_the_rows_for_which_its_condition_holds(diagnosed: Diagnose) -> None:
    refund = {
        "id": "r",
        "order": "o",
        "posted": True,
        "amount": 88,
        "status": "refunded",
        "refunded_at": "2026-11-21T10:00:00+08:00",
        "to": "baitiao",
        "requested_at": "2026-11-20T10:00:00+08:00",
    }
    facts = diagnosed({"refunds": [refund]}).facts
    wording = Wording(None, None, project_knowledge().locale, project_knowledge().pages)  # type: ignore[arg-type]
    assert wording.variants((REFUNDED, "没有退款。"), Values(facts)) == ("退回的是 88.00 元。",)
