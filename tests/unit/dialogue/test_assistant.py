"""What simulated customers found: each of these failed once."""

from __future__ import annotations

from typing import Iterator

import pytest

from actions.core.messages import AnswerData, WaitingData
from actions.core.turn import Reply
from actions.knowledge import phrases
from tests.composed import project_knowledge
from tests.unit.core.conftest import Diagnose, database, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk
from tests.worlds.healthy import injections

PUT = injections()
INTRODUCTION = project_knowledge().phrases.texts(phrases.ROBOT_OPENING)[0]
OTHER_ORDER = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}


def types(replies: tuple[Reply, ...]) -> list[str]:
    return [reply.data.type if reply.data else "text" for reply in replies]


@pytest.fixture
def healthy(diagnosed: Diagnose) -> Iterator[Talk]:  # noqa: F811
    yield Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})


@pytest.mark.parametrize(
    "intent", ["installment_missing", "faq_fee", "thanks", "nlu_fallback", "request_human", "complaint_angry", "step_done"]
)
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
    (asked,) = Talk(both, token=None).say("installment_missing")
    assert INTRODUCTION in asked.text.splitlines()


def test_a_warning_comes_before_the_introduction(healthy: Talk) -> None:
    (warned,) = healthy.say("fraud_suspected", "text")
    assert warned.text.splitlines()[-1] == INTRODUCTION


def test_the_wish_to_be_told_holds_for_the_order_it_was_made_for(diagnosed: Diagnose) -> None:  # noqa: F811
    outage = PUT["incident_outage"]
    talk = Talk({"o": diagnosed(outage).facts, "o2": diagnosed(outage, OTHER_ORDER, order="o2").facts})
    talk.say("installment_missing")
    assert talk.say("affirm")[-1].data == WaitingData(cause="incident_outage", subscribed=True, startable=False)
    assert talk.say("installment_missing", order="o2")[-1].data == WaitingData(cause="incident_outage", subscribed=False, startable=False)


def test_how_a_quote_is_made_is_answered_and_not_quoted(healthy: Talk) -> None:
    assert healthy.say("plan_quote", topic="how_quoted")[0].data == AnswerData(topic="how_quoted")
    assert types(healthy.say("plan_quote", "这个怎么算出来的")) == ["answer"]
    assert types(healthy.say("plan_quote", "怎么算", tenor="12")) == ["plans"]


def test_without_an_amount_it_is_asked_for(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({None: diagnosed(order=None).facts}, token=None)
    assert talk.say("plan_quote", "每期多少")[0].data == AnswerData(topic="plan_quote")


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


def test_a_third_clarification_in_one_conversation_is_a_handoff(healthy: Talk) -> None:
    for _ in range(2):
        assert types(healthy.say("nlu_fallback", "text")) == ["clarify"]
        assert types(healthy.say("faq_fee", "text")) == ["answer"]
    assert types(healthy.say("nlu_fallback", "text")) == ["handoff"]
    assert healthy.handoffs[0].reason == "misunderstood"


@pytest.mark.parametrize("likelier, expected", [("affirm", ["handoff"]), ("deny", ["step"])])
def test_thanks_for_an_offer_mean_what_is_likelier(diagnosed: Diagnose, likelier: str, expected: list[str]) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    talk.say("installment_missing")
    talk.say("step_failed")
    assert types(talk.say("thanks", ranking=(("thanks", 0.6), (likelier, 0.3)))) == expected
