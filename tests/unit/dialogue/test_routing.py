"""Which matter of a message is dealt with first, and which complaint a correction leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from actions.core.case import Case
from actions.core.subject import Subject
from actions.core.turn import Turn
from actions.state.database import Database
from actions.state.world import load_world_data
from tests.composed import composed, project_knowledge
from tests.worlds.healthy import healthy, injections

Answer = Callable[[Turn], List[Dict[str, Any]]]


@pytest.fixture
def answer(tmp_path: Path) -> Any:
    """Answers a turn in the healthy world with an overdue amount; returns the data of the replies."""
    database = Database(f"sqlite:///{tmp_path}/routing.db")
    database.migrate()
    load_world_data(database, healthy())
    load_world_data(database, injections()["overdue"].patch)

    def answers(turn: Turn) -> List[Dict[str, Any]]:
        with composed(database).assistant() as assistant:
            response = assistant.respond(turn, project_knowledge().intents[turn.intent].action)
        return [reply.data.to_data() if reply.data else {"type": "text"} for reply in response.replies]

    yield answers
    database.close()


def types(datas: List[Dict[str, Any]]) -> List[str]:
    return [data["type"] for data in datas]


@pytest.mark.parametrize(("first", "second"), [("faq_fee", "installment_missing"), ("installment_missing", "faq_fee")])
def test_a_complaint_comes_before_a_question_whichever_was_said_first(answer: Answer, first: str, second: str) -> None:
    assert types(answer(Turn("u", first, "手续费怎么收，还有为什么不能分期", second_intent=second, token_order="o"))) == [
        "diagnosis",
        "answer",
        "step",
    ]


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
