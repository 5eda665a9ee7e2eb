"""Questions and remarks within a case: what each of them does where the case stands, and that its choices stay within reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import get_args

import pytest

from actions.core.facts import Facts
from actions.core.messages import AnswerData
from actions.core.money import Fen
from actions.core.records import User
from actions.core.topics import CaseMove
from actions.core.turn import Reply
from actions.dialogue.case_moves import MOVES as ALL_MOVES
from actions.knowledge import phrases
from actions.knowledge.aspects import NOTICED
from actions.knowledge.phrases import Phrase
from actions.knowledge.rendering import Values, fill
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, database, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
CASE_TOPICS = {topic.id: topic for topic in KNOWLEDGE.answers.topics.values() if topic.kind == "case"}
ASPECTS = [name for name, topic in CASE_TOPICS.items() if topic.aspect is not None]
SITUATIONS = {
    "doing": "overdue",
    "waiting": "activation_reviewing",
    "explained": "region_restricted",
    "resolved": "tenors_limited",
    "handed_over": "overdue",
}
"""Situation → the cause that leads there."""
Situated = Callable[[str], Talk]


@pytest.fixture
def situated(diagnosed: Diagnose) -> Situated:  # noqa: F811
    """A conversation in a situation."""

    def talk_in(situation: str) -> Talk:
        cause = PUT[SITUATIONS[situation]]
        other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
        talk = Talk(
            {"o": diagnosed(cause).facts, "o2": diagnosed(cause, other, order="o2").facts, None: diagnosed(cause, order=None).facts}
        )
        talk.say("installment_missing", "不能分期")
        if situation == "handed_over":
            talk.say("request_human", "转人工")
        assert talk.phase == situation
        return talk

    return talk_in


def follow(talk: Talk, topic: str, **more: object) -> tuple[Reply, ...]:
    return talk.say("about_case", "text", topics=((topic, 0.9),), **more)  # type: ignore[arg-type]


def said(reply: Reply, phrase: Phrase, **values: object) -> bool:
    return any(text in reply.text for text in KNOWLEDGE.phrases.texts(phrase, **values))


def kind(reply: Reply) -> str:
    return reply.data.type if reply.data is not None else "text"


# --- aspects ---------------------------------------------------------------------------------------------------------------------------

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
        # Who called for a person means the person first.
        assert answered.text.startswith(tuple(KNOWLEDGE.aspects["how_long"].answers[answers]))
        behind = answered.text.splitlines()[-1]
        assert behind.startswith(tuple(text.partition("{")[0] for text in KNOWLEDGE.causes["overdue"].aspects["how_long"]))
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


# --- moves -----------------------------------------------------------------------------------------------------------------------------


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
def test_other_causes_are_named_in_a_line_each_and_none_is_made_up(diagnosed: Diagnose, more: str | None, phrase: Phrase) -> None:  # noqa: F811
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
    look, person = given_up.buttons
    assert (look.payload, person.payload) == ("/step_done", "/request_human")
    (agreed,) = talk.say("affirm", "好的")
    assert said(agreed, phrases.ANYTHING_ELSE) and agreed.buttons == given_up.buttons
    found = talk.say("step_done", "再查一次")
    assert ([kind(reply) for reply in found], talk.phase) == (["diagnosis", "step"], "doing")


def test_nobody_waits_for_a_person_without_having_called_one(situated: Situated) -> None:
    (answered,) = follow(situated("doing"), "queue_status")
    assert said(answered, phrases.NOT_QUEUED)
    (answered,) = follow(situated("handed_over"), "queue_status")
    assert said(answered, phrases.QUEUE_STATUS, number="h-1")
    (answered, _) = follow(situated("doing"), "cancel_person")
    assert said(answered, phrases.NO_PERSON_CALLED)


def test_the_wish_for_a_person_can_be_taken_back(situated: Situated) -> None:
    talk = situated("handed_over")
    follow(talk, "cancel_person")
    assert talk.chosen == ["go_on"]


@pytest.mark.parametrize("name", ASPECTS)
def test_a_question_about_a_case_that_has_not_begun_is_answered_with_the_diagnosis(diagnosed: Diagnose, name: str) -> None:  # noqa: F811
    (told, *_) = follow(Talk({"o": diagnosed(PUT["overdue"]).facts, None: diagnosed(order=None).facts}), name)
    assert kind(told) == "diagnosis"


def test_a_step_that_the_state_no_longer_has_can_still_be_looked_for(diagnosed: Diagnose) -> None:  # noqa: F811
    """What was sent in is in review now, which has one step instead of two."""
    unverified, pending = ({"users": [{"id": "u", "realname": realname}]} for realname in ("unverified", "pending"))
    talk = Talk({"o": diagnosed(unverified).facts})
    talk.say("installment_missing", "不能分期")
    (step,) = talk.say("step_done", "好了")[-1:]
    assert kind(step) == "step" and step.data is not None and step.data.to_data()["step"] == 2
    talk.now_is({"o": diagnosed(pending).facts})
    (hint,) = talk.say("cannot_find", "找不到")
    assert hint.data is not None and (hint.data.to_data()["step"], hint.data.to_data()["steps"]) == (1, 1)


def test_what_is_not_found_twice_is_described_in_other_words_before_a_person_is_offered(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("cannot_find", "找不到")
    (offer,) = talk.say("cannot_find", "还是找不到")
    assert talk.phase == "handoff_offered"
    assert any(text.partition("{")[0] in offer.text for text in KNOWLEDGE.causes["overdue"].aspects["searched"])


def test_what_does_not_work_is_described_once_more_unless_only_the_button_was_pressed(situated: Situated) -> None:
    tried = KNOWLEDGE.causes["overdue"].aspects["tried"]
    (said_so,), (pressed,) = situated("doing").say("step_failed", "点了没反应"), situated("doing").say("step_failed")
    assert said_so.text.startswith(tried) and not pressed.text.startswith(tried)


def test_a_nod_at_a_step_is_not_answered_with_the_step_but_with_what_is_left_to_do(situated: Situated) -> None:
    talk = situated("doing")
    (reply,) = talk.say("affirm", "嗯嗯")
    assert said(reply, phrases.WILL_DO_AT, summary="白条有 120.50 元逾期没还") and len(reply.buttons) > 1


def test_what_was_not_understood_is_retold_with_all_that_was_found(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (reply,) = follow(talk, "explain_words")
    assert all(word in reply.text for word in ("还款日", "手机号"))


def test_doubts_are_answered_once(situated: Situated) -> None:
    talk = situated("doing")
    (reply,) = follow(talk, "are_you_sure", claims=("no_overdue",))
    assert len(reply.text.splitlines()) == 1


def test_what_does_not_work_is_answered_as_the_cause_answers_who_has_tried(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["payment_password_locked"]).facts})
    talk.say("installment_missing", "不能分期")
    (offer,) = talk.say("step_failed", "点了没反应")
    own = KNOWLEDGE.causes["payment_password_locked"].aspects.get("tried") or (KNOWLEDGE.causes["payment_password_locked"].steps[0].hint,)
    assert any(text.partition("{")[0] in offer.text for text in own)


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


def test_who_has_tried_it_all_is_offered_a_person_instead_of_the_round(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed().facts})
    talk.say("installment_missing", "不能分期")
    (offer,) = follow(talk, "did_part")
    assert talk.phase == "handoff_offered" and said(offer, phrases.OFFER_HANDOFF_FOR["tried_all"])


def test_at_the_end_of_a_case_done_is_a_success(situated: Situated) -> None:
    talk = situated("resolved")
    (reply,) = talk.say("step_done", "好了能分了")
    assert said(reply, phrases.CONFIRMED) and talk.phase == "resolved"


def test_none_of_the_orders_is_no_refusal(diagnosed: Diagnose) -> None:  # noqa: F811
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
    talk = Talk(
        {"o": diagnosed(other).facts, "o2": diagnosed(other, order="o2").facts, None: diagnosed(other, order=None).facts}, token=None
    )
    talk.say("installment_missing", "不能分期")
    (reply,) = talk.say("deny", "都不是")
    assert talk.phase == "asking_subject" and said(reply, phrases.ASK_ORDER_NEITHER)


def test_what_was_solved_before_is_named_when_the_next_one_is_questioned(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.now_is({"o": diagnosed(PUT["phone_unbound"]).facts})
    talk.say("step_done", "还了")
    (reply,) = follow(talk, "case_why")
    assert said(reply, phrases.ONE_SOLVED, title=KNOWLEDGE.causes["overdue"].title, left=KNOWLEDGE.causes["phone_unbound"].summary)


def test_what_says_little_is_taken_for_a_question_about_the_case_if_it_may_be_one(situated: Situated) -> None:
    talk = situated("doing")
    (asked,) = talk.say("out_of_scope", "那个", topics=(("unclear_fragment", 0.6),))
    assert said(asked, phrases.CLARIFY_IN_CASE) and len(asked.buttons) > 1
    (answered,) = talk.say("out_of_scope", "以前都有的", topics=(("unclear_fragment", 0.5), ("worked_before", 0.4)))
    assert answered.data == AnswerData(topic="worked_before", facts=answered.data.facts if isinstance(answered.data, AnswerData) else [])


def test_what_is_asked_in_plain_words_is_answered_whatever_it_was_taken_for(situated: Situated) -> None:
    wrongly = {"topics": (("close_baitiao", 0.8),), "aspects": ("queue_leave",)}
    (answered,) = situated("handed_over").say("faq_cancel_or_change", "我能先关掉页面吗", **wrongly)  # type: ignore[arg-type]
    assert answered.text in KNOWLEDGE.aspects["queue_leave"].answers["queued"] and len(answered.buttons) == 3
    (other, *_) = situated("doing").say("faq_cancel_or_change", "怎么关掉白条", **wrongly)  # type: ignore[arg-type]
    assert other.text not in KNOWLEDGE.aspects["queue_leave"].answers["queued"]


def test_plain_words_do_not_keep_from_what_is_said_to_be_done(situated: Situated) -> None:
    (check, *_) = situated("doing").say("step_done", "还清了就能恢复吧，还好了", aspects=("pay_more",))
    assert kind(check) != "answer"


def test_who_denies_having_done_it_is_offered_a_person_and_no_step(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["self_locked"]).facts})
    replies = talk.say("baitiao_unusable", "我没锁过", claims=("not_locked",))
    assert talk.phase == "handoff_offered" and "step" not in [kind(reply) for reply in replies]
    other = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    other.say("baitiao_unusable", "我没锁过", claims=("not_locked",))
    assert other.phase == "doing"


def test_swearing_alone_is_not_answered_with_a_diagnosis_that_finds_nothing(diagnosed: Diagnose) -> None:  # noqa: F811
    (calm,) = Talk({"o": diagnosed().facts}).say("complaint_angry", "什么破玩意")
    assert said(calm, phrases.CALM) and len(calm.buttons) > 1
    blocked = Talk({"o": diagnosed(PUT["overdue"]).facts}).say("complaint_angry", "什么破玩意")
    assert "diagnosis" in [kind(reply) for reply in blocked]


def test_an_answer_names_the_amount_the_customer_names() -> None:
    """Whatever row the texts speak of, what was said stays said."""
    facts = Facts(now=datetime(2026, 11, 22, tzinfo=timezone.utc), user=User(id="u", baitiao={}))
    values = Values(facts, (), {"said.amount": Fen(300000)}).of_first_rows
    assert fill("您说的 {said.amount} 元", values, KNOWLEDGE.locale) == "您说的 3000.00 元"


def test_the_bill_that_is_meant_instead_is_diagnosed_though_nothing_else_was_understood(situated: Situated) -> None:
    talk = situated("doing")
    first, *_ = talk.say("about_case", "弄错了，我问的是账单分期", topics=(("correct_subject", 0.9), ("unclear_fragment", 0.02)))
    assert kind(first) == "diagnosis"


def test_who_was_told_no_cause_is_not_told_of_one_in_the_queue(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts, None: diagnosed(PUT["overdue"], order=None).facts})
    talk.say("request_human", "转人工")
    (reply,) = follow(talk, "are_you_sure")
    assert any(text in reply.text for text in KNOWLEDGE.aspects["sure"].answer("queued"))


def test_what_says_little_about_no_order_is_asked_again_and_not_taken_for_a_question(diagnosed: Diagnose) -> None:  # noqa: F811
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
    talk = Talk(
        {"o": diagnosed(other).facts, "o2": diagnosed(other, order="o2").facts, None: diagnosed(other, order=None).facts}, token=None
    )
    talk.say("installment_missing", "不能分期")
    (asked,) = talk.say("out_of_scope", "那个", topics=(("unclear_fragment", 0.6), ("correct_subject", 0.3)))
    assert kind(asked) == "clarify" and talk.phase == "asking_subject"


def test_who_comes_back_hears_what_was_found_now(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("deny", "等会再弄")
    back, step = follow(talk, "next_step")
    assert "120.50" in back.text and kind(step) == "step"


def test_a_check_that_fails_again_says_what_the_record_says(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("step_done", "好了")
    (first, *_), (second, *_) = talk.say("step_done", "好了"), talk.say("step_done", "再查")
    assert "120.50" in first.text and "120.50" in second.text and first.text != second.text


def test_who_only_asks_for_a_person_is_asked_what_for(diagnosed: Diagnose) -> None:  # noqa: F811
    (handed,) = Talk({"o": diagnosed().facts}).say("request_human", "转人工")
    assert any(text.splitlines()[1] in handed.text for text in KNOWLEDGE.phrases.texts(phrases.HANDOFF_UNASKED, number="{"))


def test_who_is_on_the_list_is_not_asked_to_put_themselves_there(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["incident_outage"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("affirm", topic="wait_for_notice")
    (reply,) = talk.say("about_case", "收得到通知吗", topics=(("notice_doubt", 0.9),))
    aspect = CASE_TOPICS["notice_doubt"].aspect
    assert aspect is not None and reply.text in KNOWLEDGE.aspects[aspect].answers[NOTICED]


def test_a_notice_that_is_not_wanted_any_more_is_taken_back_whatever_else_is_heard(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["incident_outage"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("affirm", topic="wait_for_notice")
    assert talk.wishes
    talk.say("about_case", "别提醒了 换了家店", topics=(("give_up", 0.4),), aspects=("other_shop",))
    assert not talk.wishes and talk.phase == "waiting"


def test_what_comes_first_is_the_step_where_only_one_thing_was_found(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    replies = talk.say("about_case", "先弄哪个", topics=(("next_step", 0.9),), aspects=("which_first",))
    assert kind(replies[-1]) == "step"
