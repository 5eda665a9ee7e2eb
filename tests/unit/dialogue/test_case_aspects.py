"""Questions within a case: every sub-question is answered in every situation, and its choices stay within reach."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from actions.core.facts import Facts
from actions.core.messages import AnswerData
from actions.core.money import Fen
from actions.core.records import User
from actions.knowledge import phrases
from actions.knowledge.rendering import Values, fill
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import ASPECTS, KNOWLEDGE, PUT, SITUATIONS, Situated, follow, kind, said
from tests.unit.dialogue.talking import Talk

LOOK, CANCEL, PERSON = "/step_done", '/about_case{"topic": "cancel_person"}', "/request_human"

CHOICES = {
    "doing": [LOOK, "/cannot_find", "/step_failed"],
    "waiting": ['/affirm{"topic": "wait_for_notice"}', LOOK],
    "explained": ['/faq_how_to{"topic": "pay_by_card"}'],
    "resolved": ["/step_failed"],
    "handed_over": [LOOK, CANCEL],
}
"""What the choices that every answer within the case must leave send, a person at the end apart."""


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", ASPECTS)
def test_every_aspect_is_answered_in_every_situation_without_repeating_the_diagnosis(situated: Situated, situation: str, name: str) -> None:
    talk = situated(situation)
    (answered,) = follow(talk, name)
    assert isinstance(answered.data, AnswerData) and answered.data.topic == name
    assert answered.text.strip() and "{" not in answered.text
    cause = KNOWLEDGE.causes[SITUATIONS[situation]]
    assert not all(line in answered.text for line in cause.explanation)
    assert talk.phase == situation


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", ["case_why", "other_causes", "will_do", "queue_status"])
def test_an_answer_within_a_case_leaves_its_choices(situated: Situated, situation: str, name: str) -> None:
    (answered,) = follow(situated(situation), name)
    payloads = [button.payload for button in answered.buttons]
    assert set(CHOICES[situation]) <= set(payloads) and payloads[-1] == PERSON


def test_what_a_cause_says_itself_goes_before_the_usual_answer_of_its_nature(situated: Situated) -> None:
    (answered,) = follow(situated("explained"), "case_why")
    own = [text.format(region="广东") for text in KNOWLEDGE.causes["region_restricted"].aspects["why"]]
    assert answered.text in own


@pytest.mark.parametrize("situation, answers", [("resolved", "resolved"), ("handed_over", "queued")])
def test_after_the_end_and_while_a_person_is_awaited_there_are_answers_of_their_own(
    situated: Situated, situation: str, answers: str
) -> None:
    (answered,) = follow(situated(situation), "case_how_long")
    if situation == "handed_over":
        # Who called for a person means the person: the place in the queue, and how to leave it.
        assert "排在第" in answered.text and "不用人工了" in answered.text
    else:
        # A limit is still there after the end of a case; what it says itself counts.
        own = [text.partition("{")[0] for text in KNOWLEDGE.causes["tenors_limited"].aspects["how_long"]]
        assert answered.text.startswith(tuple(own)) or answered.text in (
            *KNOWLEDGE.aspects["how_long"].answers[answers],
            *KNOWLEDGE.aspects["how_long"].answer("rule"),
        )


def test_what_the_customer_claims_in_a_question_is_put_right_first(situated: Situated) -> None:
    talk = situated("doing")
    (plain,) = follow(talk, "case_why")
    (corrected,) = follow(talk, "case_how_long", claims=("no_overdue",))
    overdue = KNOWLEDGE.claims["no_overdue"].contradicted
    first = corrected.text.splitlines()[0]
    assert any(first.startswith(text.partition("{")[0]) for text in overdue)
    assert plain.text.splitlines()[0] != first


@pytest.mark.parametrize("name", ASPECTS)
def test_a_question_about_a_case_that_has_not_begun_is_answered_with_the_diagnosis(diagnosed: Diagnose, name: str) -> None:
    (told, *_) = follow(Talk({"o": diagnosed(PUT["overdue"]).facts, None: diagnosed(order=None).facts}), name)
    assert kind(told) == "diagnosis"


def test_what_was_not_understood_is_retold_with_all_that_was_found(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (reply,) = follow(talk, "explain_words")
    assert all(word in reply.text for word in ("还款日", "手机号"))


def test_doubts_are_answered_once(situated: Situated) -> None:
    talk = situated("doing")
    (reply,) = follow(talk, "are_you_sure", claims=("no_overdue",))
    assert len(reply.text.splitlines()) == 1


def test_what_was_solved_before_is_named_when_the_next_one_is_questioned(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.now_is({"o": diagnosed(PUT["phone_unbound"]).facts})
    talk.say("step_done", "还了")
    (reply,) = follow(talk, "case_why")
    assert said(reply, phrases.ONE_SOLVED, title=KNOWLEDGE.causes["overdue"].title, left=KNOWLEDGE.causes["phone_unbound"].summary)


def test_what_is_asked_in_plain_words_is_answered_whatever_it_was_taken_for(situated: Situated) -> None:
    wrongly = {"topics": (("close_baitiao", 0.8),), "aspects": ("queue_leave",)}
    (answered,) = situated("handed_over").say("faq_cancel_or_change", "我能先关掉页面吗", **wrongly)  # type: ignore[arg-type]
    assert answered.text in KNOWLEDGE.aspects["queue_leave"].answers["queued"] and len(answered.buttons) == 3
    (other, *_) = situated("doing").say("faq_cancel_or_change", "怎么关掉白条", **wrongly)  # type: ignore[arg-type]
    assert other.text not in KNOWLEDGE.aspects["queue_leave"].answers["queued"]


def test_an_answer_names_the_amount_the_customer_names() -> None:
    """Whatever row the texts speak of, what was said stays said."""
    facts = Facts(now=datetime(2026, 11, 22, tzinfo=timezone.utc), user=User(id="u", baitiao={}))
    values = Values(facts, (), {"said.amount": Fen(300000)}).of_first_rows
    assert fill("您说的 {said.amount} 元", values, KNOWLEDGE.locale) == "您说的 3000.00 元"
