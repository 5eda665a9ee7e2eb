"""Moves within a case: what each of them does in every situation, and where the case stands then."""

from __future__ import annotations

from typing import get_args

import pytest

from actions.core.topics import CaseMove
from actions.dialogue.case_moves import MOVES as ALL_MOVES
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import CASE_TOPICS, KNOWLEDGE, PUT, SITUATIONS, Situated, follow, kind, said
from tests.unit.dialogue.talking import Talk


def test_every_move_does_something_and_is_asked_for_by_a_topic_or_made_by_the_talk() -> None:
    assert set(ALL_MOVES) == set(get_args(CaseMove))
    assert {topic.move for topic in CASE_TOPICS.values() if topic.move} | {"start_over"} == set(ALL_MOVES)


MOVES: dict[str, dict[str, tuple[list[str], str]]] = {
    "next_step": {
        "doing": (["answer", "step"], "doing"),
        "waiting": (["answer"], "waiting"),
        "explained": (["answer"], "explained"),
        "resolved": (["answer"], "resolved"),
        "handed_over": (["answer"], "handed_over"),
    },
    "other_causes": {situation: (["answer"], situation) for situation in SITUATIONS},
    "other_step_first": {situation: (["answer"], situation) for situation in SITUATIONS},
    "is_it_done_now": {
        "doing": (["check", "step"], "doing"),
        "waiting": (["check", "waiting"], "waiting"),
        "explained": (["check", "explained"], "explained"),
        "resolved": (["resolved"], "resolved"),
    },
    "option_appeared": {
        "doing": (["check", "step"], "doing"),
        "waiting": (["check", "waiting"], "waiting"),
        "explained": (["check", "explained"], "explained"),
        "resolved": (["resolved"], "resolved"),
    },
    "did_part": {
        "doing": (["answer"], "doing"),
        "waiting": (["answer"], "waiting"),
        "explained": (["answer"], "explained"),
        "resolved": (["resolved"], "resolved"),
    },
    "will_do": {situation: (["answer"], situation) for situation in SITUATIONS},
    "give_up": {situation: (["answer"], "idle") for situation in ("doing", "waiting", "explained", "resolved")},
    "cancel_person": {
        "doing": (["answer", "step"], "doing"),
        **{situation: (["answer"], situation) for situation in ("waiting", "explained", "resolved")},
    },
    "queue_status": {situation: (["answer"], situation) for situation in SITUATIONS},
    "correct_subject": {situation: (["clarify"], "asking_subject") for situation in SITUATIONS},
}
"""Topic → situation → the replies, and where the case stands then."""


@pytest.mark.parametrize("name, situation", [(name, situation) for name, row in MOVES.items() for situation in row])
def test_every_move_in_every_situation(situated: Situated, name: str, situation: str) -> None:
    talk = situated(situation)
    replies = follow(talk, name)
    assert ([kind(reply) for reply in replies], talk.phase) == MOVES[name][situation]


def test_the_table_of_moves_is_complete() -> None:
    assert {CASE_TOPICS[name].move for name in MOVES} | {"start_over"} == set(ALL_MOVES)


@pytest.mark.parametrize("more, phrase", [(None, phrases.ONLY_CAUSE), ("self_locked", phrases.OTHER_CAUSES)])
def test_other_causes_are_named_in_a_line_each_and_none_is_made_up(diagnosed: Diagnose, more: str | None, phrase: Phrase) -> None:
    talk = Talk({"o": diagnosed(*(PUT[name] for name in ("phone_unbound", more) if name)).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = follow(talk, "other_causes")
    held = next(cause for cause in (more, "phone_unbound") if cause)
    assert said(answered, phrase, title=KNOWLEDGE.causes[held].title)
    assert ("·" in answered.text) == (more is not None)


def test_a_part_that_is_done_counts_as_no_failed_check(situated: Situated) -> None:
    talk = situated("doing")
    for _ in range(4):
        (answered,) = follow(talk, "did_part")
        assert kind(answered) == "answer"
    assert talk.handoffs == [] and talk.phase == "doing"


def test_who_gives_up_a_wait_is_not_told_of_its_end(situated: Situated) -> None:
    talk = situated("waiting")
    talk.say("affirm", "好", topic="wait_for_notice")
    assert talk.wishes
    (answered,) = follow(talk, "give_up")
    assert said(answered, phrases.GIVEN_UP_NOTICE) and talk.wishes == set()


def test_what_was_given_up_can_be_taken_up_again(situated: Situated) -> None:
    talk = situated("doing")
    (given_up,) = follow(talk, "give_up")
    otherwise, look, person = given_up.buttons
    assert "pay_by_card" in otherwise.payload and (look.payload, person.payload) == ("/step_done", "/request_human")
    (agreed,) = talk.say("affirm", "好的")
    assert said(agreed, phrases.ANYTHING_ELSE) and agreed.buttons == given_up.buttons
    found = talk.say("step_done", "再查一次")
    assert ([kind(reply) for reply in found], talk.phase) == (["diagnosis", "step"], "doing")


def test_nobody_waits_for_a_person_without_having_called_one(situated: Situated) -> None:
    (answered,) = follow(situated("doing"), "queue_status")
    assert said(answered, phrases.NOT_QUEUED)
    (answered,) = follow(situated("handed_over"), "queue_status")
    assert said(answered, phrases.QUEUE_STATUS, number="h-1", place="3")
    (answered, _) = follow(situated("doing"), "cancel_person")
    assert said(answered, phrases.NO_PERSON_CALLED)


def test_the_wish_for_a_person_can_be_taken_back(situated: Situated) -> None:
    talk = situated("handed_over")
    follow(talk, "cancel_person")
    assert talk.chosen == ["go_on"]


def test_who_comes_back_hears_what_was_found_now(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("deny", "等会再弄")
    back, step = follow(talk, "next_step")
    assert "120.50" in back.text and kind(step) == "step"


def test_who_asks_what_to_do_is_told_how_beside_the_step_that_stands_above(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    *_, step = talk.say("installment_missing", "不能分期")
    how, reminder = talk.say("about_case", "先弄哪个", topics=(("next_step", 0.9),), aspects=("which_first",))
    assert kind(how) == "answer" and "账户安全" in how.text
    assert kind(reminder) == "step" and said(reminder, phrases.STEP_STANDS) and reminder.buttons == step.buttons


def test_who_asks_what_to_do_behind_another_answer_gets_the_step_alone(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    *_, reminder = talk.say("faq_credit_impact", "白条上征信吗", topics=(("credit_report", 0.95),))
    assert said(reminder, phrases.STEP_STANDS)
    (step,) = talk.say("about_case", "刚才要我干嘛来着", topics=(("next_step", 0.9),))
    assert kind(step) == "step" and "修改手机号" in step.text


def test_who_has_tried_it_all_is_offered_a_person_instead_of_the_round(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed().facts})
    talk.say("installment_missing", "不能分期")
    (offer,) = follow(talk, "did_part")
    assert talk.phase == "handoff_offered" and said(offer, phrases.OFFER_HANDOFF_FOR["tried_all"])


def test_the_bill_that_is_meant_instead_is_diagnosed_though_nothing_else_was_understood(situated: Situated) -> None:
    talk = situated("doing")
    first, *_ = talk.say("about_case", "弄错了，我问的是账单分期", topics=(("correct_subject", 0.9), ("unclear_fragment", 0.02)))
    assert kind(first) == "diagnosis"


def test_who_says_it_is_done_and_asks_what_now_is_not_told_to_do_it(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(injections()["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    before = talk.say("about_case", "现在要做什么", topics=(("next_step", 0.9),))[0].text
    talk.say("step_done", "还过了", topics=(("did_it", 0.9),))
    after = talk.say("about_case", "现在要做什么", topics=(("next_step", 0.9),))[0].text
    assert before.startswith("先到还款页") and after.startswith("您还了我不怀疑")
