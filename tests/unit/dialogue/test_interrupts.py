"""The action that the rules choose is what happens, unless something comes first; and the name of the one that answered goes on."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from actions.core.case import Case
from actions.core.messages import AnswerData, DiagnosisData, HandoffData
from actions.core.subject import Subject
from actions.core.turn import ActionName, Turn
from actions.dialogue import interrupts
from actions.dialogue.assistant import ACTIONS
from actions.dialogue.context import TurnContext
from actions.dialogue.handover import REQUESTED
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
DOING = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="phone_unbound")
ALARMS = {name: each for name, each in KNOWLEDGE.handoffs.items() if each.cue is not None}


@pytest.fixture
def talk(diagnosed: Diagnose) -> Talk:  # noqa: F811
    return Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})


def settled(talk: Talk, chosen: ActionName, **turn: Any) -> TurnContext:
    """The context after the interrupts, with the action that answers."""
    made = Turn("u", **{"text": "text", "token_order": "o", **turn})
    context = TurnContext(KNOWLEDGE, talk, talk, talk, made)  # type: ignore[arg-type]
    context.action = interrupts.instead_of(chosen, context)
    return context


@pytest.mark.parametrize("chosen", ["action_answer", "action_request_person", "action_greet", "action_repeat"])
def test_what_the_rules_choose_is_what_answers(talk: Talk, chosen: ActionName) -> None:
    assert settled(talk, chosen, intent="faq_fee").action == chosen


def test_another_rule_lets_something_else_happen(talk: Talk) -> None:
    asked, *_ = talk.say("faq_fee", "怎么收费", action="action_answer", topics=(("installment_fee", 0.3),))
    (handed,) = talk.say("faq_fee", "怎么收费", action="action_request_person", topics=(("installment_fee", 0.3),))
    assert asked.data is not None and asked.data.type == "answer"
    assert isinstance(handed.data, HandoffData) and handed.data.reason == "requested"
    assert talk.handoffs[0].action == "action_request_person"


def answering(reason: str) -> str:
    """The action that answers an alarm: whoever only asks for a person is heard out."""
    return "action_request_person" if reason == REQUESTED else "action_alarm"


@pytest.mark.parametrize("reason", ALARMS)
def test_an_alarm_comes_before_what_was_understood(talk: Talk, reason: str) -> None:
    cue, expected = {ALARMS[reason].cue: ("x",)}, answering(reason)
    assert settled(talk, "action_answer", intent="faq_fee", entities=cue).action == expected
    # No diagnosis is recited first; the person reads it in the case.
    assert settled(talk, "action_diagnose", intent="service_error", entities=cue).action == expected


@pytest.mark.parametrize("reason", ALARMS)
def test_an_alarm_is_heard_in_a_complaint_that_another_rule_answers(talk: Talk, reason: str) -> None:
    cue = {ALARMS[reason].cue or "": "x"}
    talk.say("service_error", "text", action="action_request_person", **cue)
    assert (talk.handoffs[0].reason, talk.action) == (reason, answering(reason))


@pytest.mark.parametrize("reason", ALARMS)
def test_an_alarm_may_be_overruled_by_a_matter_that_is_surely_another(talk: Talk, reason: str) -> None:
    turn = {"intent": "faq_fee", "entities": {ALARMS[reason].cue: ("x",)}}
    sure, doubtful = (("installment_fee", 0.9),), (("installment_fee", 0.8), ("unknown_bill", 0.1))
    expected = "action_answer" if ALARMS[reason].overruled else answering(reason)
    assert settled(talk, "action_answer", topics=sure, **turn).action == expected
    assert settled(talk, "action_answer", topics=doubtful, **turn).action == answering(reason)


OBJECTING = Case(phase="explained", subject=Subject("order", "o"), token_order="o", cause="risk_blocked", causes=("risk_blocked",))


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("case_how_long", "action_follow_up"),
        ("do_it_for_me", "action_object"),
        ("case_why", "action_object"),
        ("are_you_sure", "action_object"),
        ("next_step", "action_object"),
    ],
)
def test_a_question_about_the_review_is_no_objection(talk: Talk, topic: str, expected: str) -> None:
    turn = {"intent": "about_case", "topics": ((topic, 0.9),), "entities": {"cue_objection": ("x",)}, "case": OBJECTING}
    assert settled(talk, "action_follow_up", **turn).action == expected


def test_what_a_decision_says_to_an_objection_comes_before_the_number(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["risk_blocked"]).facts})
    talk.say("installment_missing", "没有分期")
    (reply,) = talk.say("about_case", "x", topics=(("case_why", 0.9),), cue_objection="x")
    first, *rest = reply.text.splitlines()
    assert first in KNOWLEDGE.causes["risk_blocked"].aspects["objected"] and rest
    assert [handoff.reason for handoff in talk.handoffs] == ["objection"]


def test_every_name_of_an_action_does_something() -> None:
    assert set(get_args(ActionName)) == set(ACTIONS)


def test_a_button_of_an_emergency_calls_a_person_as_its_words_do(talk: Talk) -> None:
    talk.say("faq_repayment", topic="hardship")
    assert (talk.handoffs[0].reason, talk.action) == ("hardship", "action_alarm")


def test_of_several_alarms_the_first_of_the_file_counts(talk: Talk) -> None:
    entities = {each.cue: "x" for each in ALARMS.values() if each.cue}
    talk.say("faq_fee", "text", **entities)
    assert talk.handoffs[0].reason == next(iter(ALARMS))


def test_an_emergency_goes_to_its_own_people_not_to_those_of_the_intent_it_is_filed_under(talk: Talk) -> None:
    talk.say("fraud_suspected", "扣了我的钱却没有订单", topics=(("money_taken_no_order", 0.9),), cue_money_taken="x")
    assert (talk.handoffs[0].reason, talk.handoffs[0].queue) == ("money_taken", "technical")


def test_who_waits_for_a_person_is_still_told_what_to_do_in_an_emergency(talk: Talk) -> None:
    talk.say("request_human", "转人工")
    (told,) = talk.say("faq_repayment", "还不起了", topics=(("hardship", 0.9),))
    assert "代理协商" in told.text and "h-1" in told.text


def test_an_alarm_that_an_open_handoff_covers_leaves_the_dialogue_alone(talk: Talk) -> None:
    talk.say("request_human", "转人工")
    for reason, each in ALARMS.items():
        expected = "action_answer" if each.when_open == "leave" else answering(reason)
        assert settled(talk, "action_answer", intent="faq_fee", entities={each.cue: ("x",)}).action == expected, reason


@pytest.mark.parametrize(
    ("turn", "chosen", "expected"),
    [
        (
            {"intent": "request_human", "text": "不用人工了", "entities": {"cue_person": ("人工",)}},
            "action_request_person",
            "action_decline",
        ),
        (
            {"intent": "about_case", "text": "我不要人工", "topics": (("human_now", 0.6), ("refuse_step", 0.1)), "case": DOING},
            "action_follow_up",
            "action_decline",
        ),
        (
            {"intent": "about_case", "confidence": 0.7, "topics": (("say_again", 0.4),), "case": DOING},
            "action_follow_up",
            "action_repeat",
        ),
        ({"intent": "out_of_scope", "text": "我问的是账单分期", "case": DOING}, "action_redirect", "action_diagnose"),
        ({"intent": "faq_fee", "second_intent": "installment_missing"}, "action_answer", "action_diagnose"),
        ({"intent": "step_done", "entities": {"cue_later": ("等会",)}, "case": DOING}, "action_step_done", "action_decline"),
        ({"intent": "deny", "entities": {"cue_not_this_order": ("x",)}, "case": DOING}, "action_decline", "action_diagnose"),
        (
            {"intent": "deny", "entities": {"cue_objection": ("x",)}, "case": DOING.but(causes=("risk_blocked",))},
            "action_decline",
            "action_object",
        ),
        ({"intent": "affirm", "entities": {"topic": ("handoff_wait",)}}, "action_agree", "action_queue"),
        ({"intent": "affirm", "entities": {"topic": ("handoff_resume",)}}, "action_agree", "action_queue"),
        ({"intent": "greet", "text": "？？？"}, "action_greet", "action_clarify"),
        ({"intent": "nlu_fallback", "ranking": (("service_error", 0.3), ("activation", 0.25))}, "action_clarify", "action_diagnose"),
    ],
)
def test_what_comes_first(talk: Talk, turn: dict[str, Any], chosen: ActionName, expected: str) -> None:
    assert settled(talk, chosen, **turn).action == expected


def test_after_a_third_failed_check_the_handover_names_the_action_that_made_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "怎么不能分期")
    for _ in range(3):
        talk.say("step_done", "弄好了")
    assert [(request.reason, request.action) for request in talk.handoffs] == [("failed_checks", "action_step_done")]


TOPICS = {
    "state": "repayment_date",
    "rule": "installment_fee",
    "action": "pay_by_card",
    "failure": "cannot_pay",
    "emergency": "unknown_bill",
    "case": "other_causes",
    "dialogue": "thank_you",
    "other business": "cash_loan",
}
ANSWERS = {"state": "action_answer", "rule": "action_answer", "action": "action_answer", "failure": "action_diagnose", "emergency": "action_alarm",
           "case": "action_follow_up", "dialogue": "action_thanks", "other business": "action_redirect"}  # fmt: skip


@pytest.mark.parametrize("kind", TOPICS)
def test_a_sure_topic_says_which_action_answers_whatever_the_intent_is(talk: Talk, kind: str) -> None:
    topic = KNOWLEDGE.answers.topic(TOPICS[kind])
    assert kind in (topic.kind, "other business")
    for intent in ("faq_how_to", "service_error", "nlu_fallback"):
        turn = {"intent": intent, "confidence": 0.3, "topics": ((topic.id, 0.9),)}
        assert settled(talk, KNOWLEDGE.intents[intent].action, **turn).action == ANSWERS[kind], intent


@pytest.mark.parametrize("kind", [kind for kind in TOPICS if kind != "emergency"])
def test_an_unsure_topic_leaves_it_to_the_intent(talk: Talk, kind: str) -> None:
    turn = {"intent": "faq_how_to", "topics": ((TOPICS[kind], 0.15),)}
    assert settled(talk, "action_answer", **turn).action == "action_answer"


@pytest.mark.parametrize("kind", ["case", "dialogue"])
def test_in_the_middle_of_a_case_what_is_about_it_needs_to_be_less_sure(talk: Talk, kind: str) -> None:
    turn = {"intent": "faq_how_to", "topics": ((TOPICS[kind], 0.3),)}
    assert settled(talk, "action_answer", **turn).action == "action_answer"
    assert settled(talk, "action_answer", **turn, case=DOING).action == ANSWERS[kind]


def test_an_act_of_the_talk_gives_way_to_a_surer_topic_only(talk: Talk) -> None:
    turn = {"intent": "step_done", "confidence": 0.8, "case": DOING}
    assert settled(talk, "action_step_done", **turn, topics=(("is_it_done_now", 0.7),)).action == "action_step_done"
    assert settled(talk, "action_step_done", **turn, topics=(("is_it_done_now", 0.9),)).action == "action_follow_up"


def test_the_name_of_an_order_answers_the_question_for_it_whatever_the_name_looks_like(diagnosed: Diagnose) -> None:  # noqa: F811
    goods = {"items": [{"sku": "2", "title": "青禾电饭煲", "category": "c", "merchant": "m", "price": 300}]}
    other = diagnosed(goods, {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "2"}]}]}, order="o2").facts
    talk = Talk({"o": diagnosed().facts, "o2": other, None: diagnosed(order=None).facts}, token=None)
    (asked,) = talk.say("installment_missing", "不能分期")
    assert asked.data is not None and asked.data.type == "clarify"
    told, *_ = talk.say("out_of_scope", "电饭煲那个", topics=(("unclear_fragment", 0.9),))
    assert isinstance(told.data, DiagnosisData) and told.data.order == "o2"


def test_a_question_beside_the_call_for_a_person_is_answered_on_the_way(talk: Talk) -> None:
    answered, handed = talk.say("request_human", "怎么换卡，转人工", topics=(("change_bank_card", 0.8),), cue_person="转人工")
    assert isinstance(answered.data, AnswerData) and isinstance(handed.data, HandoffData)
    assert talk.handoffs[0].reason == REQUESTED


def test_a_call_for_a_person_alone_is_answered_with_one(talk: Talk) -> None:
    (handed,) = talk.say("request_human", "转人工", topics=(("human_now", 0.9),), cue_person="转人工")
    assert isinstance(handed.data, HandoffData)


def test_a_question_beside_the_call_is_answered_where_the_call_is_the_likelier_matter(talk: Talk) -> None:
    topics = (("human_now", 0.6), ("change_bank_card", 0.5))
    answered, handed = talk.say("request_human", "转人工，另外怎么换卡", topics=topics, second="change_bank_card", cue_person="转人工")
    assert isinstance(answered.data, AnswerData) and answered.data.topic == "change_bank_card" and isinstance(handed.data, HandoffData)
    robot = project_knowledge().phrases.texts(phrases.ROBOT_OPENING)[0]
    assert answered.text.startswith(robot), "who calls for a person is neither warned nor comforted first"


def test_who_says_that_they_are_of_age_and_is_by_the_record_is_not_taken_for_a_child(diagnosed: Diagnose) -> None:  # noqa: F811
    said = {"topics": (("minor", 0.6), ("person_not_eligible", 0.3)), "claims": ("of_age",), "cue_minor": "未成年"}
    adult = Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})
    adult.say("policy_restricted", "我都四十了，为什么说我未成年", **said)  # type: ignore[arg-type]
    assert not adult.handoffs
    young = injections()["age_restricted"]
    child = Talk({"o": diagnosed(young).facts, None: diagnosed(young, order=None).facts})
    child.say("policy_restricted", "我都四十了，为什么说我未成年", **said)  # type: ignore[arg-type]
    assert [request.reason for request in child.handoffs] == ["minor"]
