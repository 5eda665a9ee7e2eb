"""What simulated customers found: each of these failed once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.core.messages import AnswerData, WaitingData
from actions.core.turn import Reply
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

PUT = injections()
INTRODUCTION = project_knowledge().phrases.texts(phrases.ROBOT_OPENING)[0]
OTHER_ORDER = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}


def types(replies: tuple[Reply, ...]) -> list[str]:
    return [reply.data.type if reply.data else "text" for reply in replies]


@pytest.fixture
def healthy(diagnosed: Diagnose) -> Iterator[Talk]:  # noqa: F811
    yield Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})


@pytest.mark.parametrize("intent", ["installment_missing", "faq_fee", "thanks", "nlu_fallback", "request_human", "step_done"])
def test_the_first_message_says_that_this_is_a_robot_whatever_it_answers(healthy: Talk, intent: str) -> None:
    first, *others = healthy.say(intent, "text")
    assert INTRODUCTION in first.text.splitlines()
    assert not any(INTRODUCTION in reply.text for reply in [*others, *healthy.say("faq_fee", "text")])


@pytest.mark.parametrize("intent", ["greet", "bot_challenge"])
def test_a_message_that_says_so_itself_does_not_say_it_twice(healthy: Talk, intent: str) -> None:
    assert healthy.say(intent)[0].text.count("机器人") == 1


def test_after_the_question_for_an_amount_a_bare_amount_is_one(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({None: diagnosed(order=None).facts}, token=None)
    talk.say("plan_quote", "分期每期多少")
    assert "plans" in types(talk.say("out_of_scope", "3000", amount="3000.00"))
    assert "plans" in types(talk.say("out_of_scope", "4000", amount="4000.00")), "another amount after a quote"
    talk.say("thanks", "谢谢")
    assert "plans" not in types(talk.say("out_of_scope", "3000", amount="3000.00"))


NAMELESS = {
    "items": [{"sku": "1", "title": ""}],
    "merchants": [{"id": "m", "name": ""}],
    "categories": [{"id": "c", "name": ""}],
    "users": [{"id": "u", "name": ""}],
}


@pytest.mark.parametrize("cause", sorted(PUT))
def test_a_state_without_names_is_still_told_and_handed_over(diagnosed: Diagnose, cause: str) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT[cause], NAMELESS).facts, None: diagnosed(PUT[cause], NAMELESS, order=None).facts})
    for intent in ("installment_missing", "affirm", "step_done", "step_failed", "request_human"):
        assert all(reply.text.strip() for reply in talk.say(intent, "text"))
    assert talk.handoffs


def test_the_question_for_the_order_introduces_the_robot_too(diagnosed: Diagnose) -> None:  # noqa: F811
    both = {"o": diagnosed().facts, "o2": diagnosed(OTHER_ORDER, order="o2").facts}
    (asked,) = Talk({**both, None: diagnosed(order=None).facts}, token=None).say("installment_missing")
    assert INTRODUCTION in asked.text.splitlines()


DISTRESS = {
    "distress": ("out_of_scope", {"topics": (("in_distress", 0.9),)}),
    "distress by its words": ("installment_missing", {"cue_distress": "不想活了"}),
    "fraud": ("fraud_suspected", {}),
    "fraud beside a complaint": ("installment_missing", {"cue_fraud": "被骗"}),
    "hardship": ("faq_repayment", {"topics": (("hardship", 0.9),)}),
    "death": ("faq_repayment", {"topics": (("holder_died", 0.9),)}),
    "a child": ("policy_restricted", {"topics": (("minor", 0.9),)}),
    "anger": ("complaint_angry", {}),
    "anger beside a complaint": ("installment_missing", {"aspects": ("upset",)}),
    "a formal complaint": ("complaint_angry", {"topics": (("complain_formally", 0.9),)}),
}


@pytest.mark.parametrize("distress", sorted(DISTRESS))
def test_nobody_in_distress_is_told_who_speaks(healthy: Talk, distress: str) -> None:
    intent, understood = DISTRESS[distress]
    replies = healthy.say(intent, "text", **understood)
    assert replies and not any(INTRODUCTION in reply.text for reply in replies)


@pytest.mark.parametrize("intent", ["thanks", "faq_fee"])
def test_who_was_in_distress_first_hears_later_who_speaks_and_once(healthy: Talk, intent: str) -> None:
    healthy.say("complaint_angry", "text")
    assert healthy.say(intent, "text")[0].text.splitlines()[0] == INTRODUCTION
    assert not any(INTRODUCTION in reply.text for reply in healthy.say("goodbye", "text"))


def test_who_was_in_distress_waits_for_a_person_without_an_introduction(healthy: Talk) -> None:
    healthy.say("fraud_suspected", "text")
    assert healthy.handoffs and not any(INTRODUCTION in reply.text for reply in healthy.say("faq_fee", "text"))


def test_the_wish_to_be_told_holds_for_the_order_it_was_made_for(diagnosed: Diagnose) -> None:  # noqa: F811
    outage = PUT["incident_outage"]
    talk = Talk({"o": diagnosed(outage).facts, "o2": diagnosed(outage, OTHER_ORDER, order="o2").facts})
    talk.say("installment_missing")
    assert talk.say("affirm")[-1].data == WaitingData(cause="incident_outage", subscribed=True, startable=False)
    assert talk.say("installment_missing", order="o2")[-1].data == WaitingData(cause="incident_outage", subscribed=False, startable=False)


def test_how_a_quote_is_made_is_answered_and_not_quoted(healthy: Talk) -> None:
    assert healthy.say("plan_quote", topic="how_quoted")[0].data == AnswerData(topic="how_quoted", facts=[])
    assert types(healthy.say("plan_quote", "这个怎么算出来的", topics=(("how_quoted", 0.9),))) == ["answer"]
    assert types(healthy.say("plan_quote", "怎么算", tenor="12")) == ["plans"]


def test_without_an_amount_it_is_asked_for(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({None: diagnosed(order=None).facts}, token=None)
    (asked,) = talk.say("plan_quote", "每期多少")
    assert isinstance(asked.data, AnswerData) and asked.data.topic == "plan_quote"


def test_an_amount_that_was_asked_for_is_one_whatever_it_looks_like_by_itself(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({None: diagnosed(order=None).facts}, token=None)
    talk.say("plan_quote", "分期每期多少", topics=(("plan_quote", 0.9),))
    assert types(talk.say("out_of_scope", "3000", topics=(("unclear_fragment", 0.9),), amount="3000.00")) == ["plans"]


@pytest.mark.parametrize("intent", [name for name in project_knowledge().menu if project_knowledge().intents[name].kind == "question"])
def test_a_question_of_the_menu_is_answered_though_its_button_names_no_topic(healthy: Talk, intent: str) -> None:
    answered, *_ = healthy.say(intent)
    assert isinstance(answered.data, AnswerData)
    assert answered.data.topic == project_knowledge().answers.by_intent[intent][0].id


def test_limits_do_not_lead_around_in_circles(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["tenors_limited"]).facts})
    assert types(talk.say("installment_missing")) == ["diagnosis", "resolved"]
    assert types(talk.say("step_failed")) == ["step"]
    seen = [types(talk.say("step_done")) for _ in range(3)]
    assert seen == [["step"], ["step"], ["text"]]
    assert types(talk.say("step_failed")) == ["handoff"]


def test_a_goodbye_promises_to_go_on_only_where_there_is_something_to_go_on_with(diagnosed: Diagnose) -> None:  # noqa: F811
    unfinished = project_knowledge().phrases.texts(phrases.GOODBYE_UNFINISHED)
    explained = Talk({"o": diagnosed(PUT["region_restricted"]).facts})
    explained.say("installment_missing")
    assert explained.say("goodbye")[0].text not in unfinished
    waiting = Talk({"o": diagnosed(PUT["activation_reviewing"]).facts})
    waiting.say("installment_missing")
    assert waiting.say("goodbye")[0].text in unfinished


def test_what_was_declined_is_not_offered_again_unasked(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["region_restricted"], PUT["overdue"]).facts})
    assert types(talk.say("installment_missing")) == ["diagnosis", "explained"]
    assert types(talk.say("deny")) == ["text"]
    assert types(talk.say("thanks")) == ["text"]


def asks_back(replies: tuple[Reply, ...], phrase: phrases.Phrase) -> bool:
    (reply,) = replies
    return (
        reply.data is not None
        and reply.data.type == "clarify"
        and any(text in reply.text for text in project_knowledge().phrases.texts(phrase))
    )


# Not understood at all, and a failure that is not sure enough to be diagnosed though its intent is a question.
@pytest.mark.parametrize("unclear", [("nlu_fallback", ()), ("faq_how_to", (("cannot_pay", 0.3), ("no_option_shown", 0.2)))])
def test_the_second_misunderstanding_in_a_row_offers_a_person_and_the_third_calls_one(healthy: Talk, unclear: tuple[str, Any]) -> None:
    intent, topics = unclear
    assert asks_back(healthy.say(intent, "text", topics=topics), phrases.CLARIFY)
    assert asks_back(healthy.say(intent, "text", topics=topics), phrases.CLARIFY_OR_PERSON)
    assert types(healthy.say(intent, "text", topics=topics)) == ["handoff"]
    assert healthy.handoffs[0].reason == "misunderstood"


def test_what_is_understood_ends_a_row_of_misunderstandings(healthy: Talk) -> None:
    for _ in range(3):
        assert asks_back(healthy.say("nlu_fallback", "text"), phrases.CLARIFY)
        assert types(healthy.say("faq_fee", "text"))[0] == "answer"
    assert healthy.handoffs == []


def test_what_was_meant_is_asked_with_the_likeliest_topics(healthy: Talk) -> None:
    # A failure costs a diagnosis, so it is asked for; of the talk itself and of emergencies nothing is offered.
    (asked,) = healthy.say("nlu_fallback", "text", topics=(("cannot_pay", 0.3), ("late_fee", 0.2), ("thank_you", 0.1), ("scammed", 0.1)))
    assert titles_of(asked) == titles("cannot_pay", "late_fee")


def test_what_harms_nobody_is_answered_with_the_other_readings_beside_it(healthy: Talk) -> None:
    (answered,) = healthy.say("nlu_fallback", "text", topics=(("face_check_why", 0.3), ("late_fee", 0.2)))
    assert isinstance(answered.data, AnswerData) and answered.data.topic == "face_check_why"
    assert titles_of(answered) == titles("late_fee")


def titles_of(reply: Reply) -> list[str]:
    return [button.title for button in reply.buttons]


def titles(*topics: str) -> list[str]:
    return [*(project_knowledge().answers.topic(name).title for name in topics), project_knowledge().phrases.title(phrases.BUTTON_PERSON)]


@pytest.mark.parametrize("likelier, expected", [("affirm", ["handoff"]), ("deny", ["step"])])
def test_thanks_for_an_offer_mean_what_is_likelier(diagnosed: Diagnose, likelier: str, expected: list[str]) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    talk.say("installment_missing")
    talk.say("step_failed")
    assert types(talk.say("thanks", ranking=(("thanks", 0.6), (likelier, 0.3)))) == expected


def test_an_answer_is_said_again_in_other_words_where_no_case_is_open(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed().facts})
    first = talk.say("faq_how_to", "x", topic="pay_by_card")
    again = talk.say("repeat", "再说一遍")
    assert types(first) == types(again) == ["answer"]
    assert first[0].text != again[0].text and first[0].buttons == again[0].buttons


def test_a_review_can_be_asked_for_behind_an_answer_that_opened_no_case(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["credit_review_failed"]).facts})
    talk.say("request_human", "申请人工复核", topic="appeal")
    assert talk.handoffs[0].reason == "objection"


def test_hardship_is_answered_although_a_person_was_called_already(diagnosed: Diagnose) -> None:  # noqa: F811
    def answer(*before: str) -> str:
        talk = Talk({"o": diagnosed().facts})
        for intent in ("greet", *before):
            talk.say(intent)
        return talk.say("faq_repayment", "还不起了", topics=(("hardship", 0.9),))[-1].text

    assert answer("request_human") == answer()


def test_what_says_little_is_no_other_reading_to_choose(healthy: Talk) -> None:
    (answered,) = healthy.say("nlu_fallback", "text", topics=(("face_check_why", 0.3), ("unclear_fragment", 0.25), ("late_fee", 0.2)))
    assert titles_of(answered) == titles("late_fee")


def test_what_is_hardly_a_reading_does_not_answer_another_matter(healthy: Talk) -> None:
    (answered,) = healthy.say("out_of_scope", "教我烧菜", topics=(("how_to_installment", 0.08), ("scammed", 0.04)))
    assert answered.data is not None and answered.data.type == "out_of_scope"
    (heard,) = healthy.say("out_of_scope", "教我分期", topics=(("how_to_installment", 0.2),))
    assert heard.data is not None and heard.data.type == "answer"


def test_nothing_is_asked_further_of_what_the_assistant_knows_nothing_of(healthy: Talk) -> None:
    healthy.say("out_of_scope", "教我烧菜", topics=(("out_of_scope", 0.9),))
    (answered,) = healthy.say("out_of_scope", "分期那个", topics=(("unclear_fragment", 0.9),))
    assert project_knowledge().answers.topic("out_of_scope").title not in answered.text
