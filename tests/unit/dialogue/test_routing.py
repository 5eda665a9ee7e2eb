"""Which matter of a message is dealt with first, and which complaint a correction leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.core.case import Case
from actions.core.subject import Subject
from actions.core.turn import Turn
from actions.state.world.loading import load_world_data
from conversations.application import composed, project_knowledge
from conversations.healthy_world import healthy, injections
from tests.databases import migrated

Answer = Callable[[Turn], list[dict[str, Any]]]
Matter = tuple[str, str]
"""Intent and topic."""


@pytest.fixture
def answer(tmp_path: Path) -> Any:
    """Answers a turn in the healthy world with an overdue amount; returns the data of the replies."""
    database = migrated(f"sqlite:///{tmp_path}/routing.db")
    load_world_data(database, healthy())
    load_world_data(database, injections()["overdue"].patch)

    def answers(turn: Turn) -> list[dict[str, Any]]:
        with composed(database).assistant() as assistant:
            response = assistant.respond(turn, project_knowledge().intents[turn.intent].action)
        return [reply.data.to_data() if reply.data else {"type": "text"} for reply in response.replies]

    yield answers
    database.close()


def types(datas: list[dict[str, Any]]) -> list[str]:
    return [data["type"] for data in datas]


FEE, MISSING = ("faq_fee", "installment_fee"), ("installment_missing", "no_option_shown")


@pytest.mark.parametrize(("first", "second"), [(FEE, MISSING), (MISSING, FEE)])
def test_a_complaint_comes_before_a_question_whichever_was_said_first(answer: Answer, first: Matter, second: Matter) -> None:
    said = Turn("u", first[0], "手续费怎么收，还有为什么不能分期", token_order="o", topics=((first[1], 0.9),))
    # The step comes last, so that its buttons are those under the last message.
    assert types(answer(replace(said, second_intent=second[0], second_topic=second[1]))) == ["diagnosis", "answer", "step"]


def test_the_order_that_is_meant_is_asked_for_behind_the_answer_to_the_other_matter(answer: Answer) -> None:
    said = Turn("u", "installment_missing", "不是这单，另外手续费怎么收", entities={"cue_not_this_order": ("不是这单",)}, token_order="o")
    assert types(answer(replace(said, topics=((MISSING[1], 0.9),), second_intent=FEE[0], second_topic=FEE[1]))) == ["answer", "clarify"]


@pytest.mark.parametrize("topic", ["correct_subject", "other_causes"])
def test_a_correction_to_the_bill_is_one_whatever_about_the_case_it_looks_like(answer: Answer, topic: str) -> None:
    case = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="overdue")
    said = Turn("u", "about_case", "我说的是账单不能分期", confidence=0.6, token_order="o", case=case, topics=((topic, 0.9),))
    (told, *_) = answer(said)
    assert (told["type"], told.get("bill")) == ("diagnosis", "b")


def test_another_order_is_looked_for_though_no_word_of_the_glossary_turns_away_from_this_one(answer: Answer) -> None:
    case = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="overdue")
    (asked,) = answer(Turn("u", "about_case", "弄岔了", token_order="o", case=case, topics=(("correct_subject", 0.9),)))
    assert asked["type"] == "clarify" and not any('"o"' in choice["payload"] for choice in asked["choices"])


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "bill"),
    [
        ("我弄错了，我问的是账单", "faq_repayment", 0.3, "b"),
        ("不是订单，我说的是账单分期", "out_of_scope", 0.9, "b"),
        ("不是这个订单，是账单不能分期", "bill_installment_missing", 0.4, "b"),
        ("我问的是账单什么时候还", "faq_repayment", 0.9, None),
    ],
)
def test_a_correction_to_the_bill_leaves_the_order(answer: Answer, text: str, intent: str, confidence: float, bill: Any) -> None:
    case = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="overdue")
    entities = {"cue_not_this_order": ("不是这个订单",)} if "不是这个订单" in text else {}
    (told, *_) = answer(Turn("u", intent, text, entities=entities, confidence=confidence, token_order="o", case=case))
    assert (told["type"], told.get("bill")) == (("diagnosis", bill) if bill else ("answer", None))


def test_without_a_case_there_is_nothing_to_correct(answer: Answer) -> None:
    assert types(answer(Turn("u", "out_of_scope", "我问的是账单", confidence=0.9))) == ["out_of_scope"]


@pytest.mark.parametrize(
    ("text", "handed_over"),
    [
        ("我不要人工", False),
        ("先不用转人工了", False),
        ("不转", False),
        ("不要机器人，转人工", True),
        ("为什么不转人工", True),
        ("不要人工智能，要真人", True),
    ],
)
def test_a_person_is_not_forced_on_who_does_not_want_one(answer: Answer, text: str, handed_over: bool) -> None:
    case = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="overdue")
    datas = answer(Turn("u", "request_human", text, entities={"cue_person": ("人工",)}, token_order="o", case=case))
    assert ("handoff" in types(datas)) == handed_over


def test_who_turns_away_from_a_bill_has_rejected_no_order(answer: Answer) -> None:
    case = Case(phase="doing", subject=Subject("bill", "b"), token_order="o", intent="bill_installment_missing")
    (told,) = answer(Turn("u", "deny", "不是这个", entities={"cue_not_this_order": ("不是这个",)}, token_order="o", case=case))
    assert "o" in str(told["choices"])
