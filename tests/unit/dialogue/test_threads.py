"""Follow-ups after an answer that opened no case: they stay with what was answered, and nobody gets a diagnosis they did not ask for."""

from __future__ import annotations

import pytest

from actions.core.topics import Topic
from actions.knowledge import phrases
from actions.knowledge.aspects import ANSWERED
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
TOPICS = KNOWLEDGE.answers.topics


def own(topic: Topic, aspect: str) -> tuple[str, ...]:
    return topic.aspects[aspect]


def after(diagnosed: Diagnose, topic: str, **state: object) -> Talk:  # noqa: F811
    talk = Talk({"o": diagnosed(**state).facts})
    talk.say(str(KNOWLEDGE.answers.intent_of(topic)), "x", topics=((topic, 0.9),))
    return talk


def test_the_topic_answers_in_its_own_words(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    (reply,) = talk.say("about_case", "那要多久", topics=(("case_how_long", 0.9),))
    assert reply.text in own(TOPICS["change_bank_card"], "how_long") and talk.phase == "idle"


def test_what_is_only_for_a_follow_up_goes_before_what_stands_behind_the_answer() -> None:
    topic = Topic(id="x", title="x", kind="rule", aspects={"why": ("a",), "cost": ("b",)}, further={"why": ("c",), "who": ("d",)})
    assert [topic.said_to(aspect) for aspect in ("why", "cost", "who", "safe")] == [("c",), ("b",), ("d",), ()]
    assert topic.answers_to("who") and not topic.answers_to("where")


def test_what_always_holds_is_said_where_the_topic_has_no_words(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "terms_explained")
    (reply,) = talk.say("about_case", "找谁", topics=(("who_can_fix", 0.9),))
    assert reply.text in KNOWLEDGE.aspects["who"].answer(ANSWERED)


def test_a_complaint_s_cause_is_what_its_follow_up_is_about(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["risk_blocked"]).facts})
    talk.say("account_restricted", "x", topics=(("while_frozen", 0.9),))
    assert talk.phase == "idle"
    (reply,) = talk.say("about_case", "是因为这个吧", topics=(("another_way", 0.9),), aspects=("own_guess",))
    assert not KNOWLEDGE.answers.topics["while_frozen"].answers_to("own_guess")
    assert reply.text in KNOWLEDGE.causes["risk_blocked"].aspects["own_guess"]


@pytest.mark.parametrize(
    "intent, text", [("repeat", "没懂"), ("step_failed", "还是不行"), ("cannot_find", "没找到"), ("step_done", "弄好了")]
)
def test_acts_are_about_the_answer(diagnosed: Diagnose, intent: str, text: str) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    replies = talk.say(intent, text)
    assert [reply.data.topic for reply in replies] == ["change_bank_card"] and talk.phase == "idle"  # type: ignore[union-attr]


def test_what_names_nothing_is_asked_within_the_matter(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    (reply,) = talk.say("out_of_scope", "那我上回的呢", topics=(("unclear_fragment", 0.9),))
    assert reply.text in KNOWLEDGE.phrases.texts(phrases.THREAD_UNCLEAR, title=TOPICS["change_bank_card"].title)
    (reply,) = talk.say("about_case", "那要多久", topics=(("case_how_long", 0.9),))
    assert reply.text in own(TOPICS["change_bank_card"], "how_long")


def test_a_case_ends_the_thread(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    talk.say("installment_missing", "x")
    (reply,) = talk.say("about_case", "那要多久", topics=(("case_how_long", 0.9),))
    assert reply.data.topic == "case_how_long"  # type: ignore[union-attr]


def test_anger_after_an_answer_is_no_complaint_about_the_order(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    (reply,) = talk.say("complaint_angry", "x")
    assert reply.text in KNOWLEDGE.phrases.texts(phrases.THREAD_CALM) and talk.phase == "idle"


def test_yes_after_an_answer_asks_what_else(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = after(diagnosed, "change_bank_card")
    (reply,) = talk.say("affirm", "好的")
    assert reply.text in KNOWLEDGE.phrases.texts(phrases.ANYTHING_ELSE)


def test_what_is_asked_further_beside_a_case_is_about_what_was_just_answered(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "x")
    talk.say("faq_refund", "退款退到哪", topics=(("refund_where", 0.9),))
    answer, *_ = talk.say("about_case", "要几天", topics=(("case_how_long", 0.9),), aspects=("how_long",))
    assert answer.text in [text for text in TOPICS["refund_where"].said_to("how_long")] and talk.phase == "doing"
    (later,) = talk.say("about_case", "绑好要多久", topics=(("case_how_long", 0.9),), aspects=("how_long",))
    assert later.text not in TOPICS["refund_where"].said_to("how_long")


def test_another_matter_beside_a_case_is_not_held_for_the_last_one(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "x")
    talk.say("faq_refund", "退款退到哪", topics=(("refund_where", 0.9),))
    answer, *_ = talk.say("faq_limit_increase", "额度多久涨一次", topics=(("limit_increase", 0.9),), aspects=("how_long",))
    assert answer.data is not None and answer.data.to_data()["topic"] == "limit_increase"


def test_a_cause_answers_exactly_what_nothing_usual_is_said_to(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["overdue"]).facts})
    talk.say("faq_repayment", "逾期了怎么办", topics=(("overdue_now", 0.9),))
    aspect = next(
        name
        for name in KNOWLEDGE.causes["overdue"].aspects
        if not KNOWLEDGE.aspects[name].answer(ANSWERED) and KNOWLEDGE.aspects[name].exact and not TOPICS["overdue_now"].said_to(name)
    )
    (reply,) = talk.say("about_case", "那这个呢", topics=(("case_cost", 0.4),), aspects=(aspect,))
    assert any(text.split("{")[0] in reply.text for text in KNOWLEDGE.causes["overdue"].aspects[aspect])


def test_a_day_to_come_is_held_against_what_the_cause_says_of_its_end(diagnosed: Diagnose) -> None:  # noqa: F811
    rule = {
        "id": "r",
        "kind": "adjustment",
        "regions": ["四川"],
        "effective_from": "2026-11-01",
        "effective_to": "2026-12-05",
        "notice": "分批调整",
    }
    facts = diagnosed({"users": [{"id": "u", "region": "四川"}], "policies": [rule]}).facts
    talk = Talk({"o": facts})
    talk.say("policy_restricted", "x", topics=(("policy_changed", 0.9),))
    assert talk.phase == "idle"
    (reply,) = talk.say("about_case", "那12月6号就行了", topics=(("what_if_done", 0.1),))
    assert "12月5日" in reply.text


def test_words_that_only_a_cause_has_an_answer_to_are_answered_by_it_after_any_answer(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["down_payment_required"]).facts})
    talk.say("faq_fee", "x", topics=(("fee_differs", 0.9),))
    (reply,) = talk.say("about_case", "首付可以不付吗", topics=(("combined_payment_how", 0.15),), aspects=("no_down_payment",))
    assert "首付是商品定的" in reply.text
