"""Quotes: which amount is taken, what is said about it, and what is asked."""

from __future__ import annotations

from typing import Iterator

import pytest

from actions.core.messages import AnswerData, PlansData
from actions.core.turn import Reply
from tests.unit.core.conftest import Diagnose, database, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk
from tests.worlds.healthy import injections


@pytest.fixture
def talk(diagnosed: Diagnose) -> Iterator[Talk]:  # noqa: F811
    """With an order at hand."""
    yield Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})


@pytest.fixture
def without_order(diagnosed: Diagnose) -> Iterator[Talk]:  # noqa: F811
    yield Talk({None: diagnosed(order=None).facts}, token=None)


def plans(replies: tuple[Reply, ...]) -> PlansData:
    (found,) = (reply.data for reply in replies if isinstance(reply.data, PlansData))
    return found


def asks(reply: Reply) -> bool:
    return isinstance(reply.data, AnswerData) and reply.data.topic == "plan_quote"


def test_several_of_a_price_are_quoted_together_and_it_is_said(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="1299", quantity="2", tenor="6")
    quoted = plans((reply,))
    assert quoted.amount == 2598.00 and [plan.tenor for plan in quoted.plans] == [6]
    assert "1299.00" in reply.text and "2598.00" in quoted.intro


def test_what_is_left_after_a_down_payment_is_quoted_and_it_is_said(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="5299", down_payment="1000", tenor="12")
    assert plans((reply,)).amount == 4299.00
    assert all(each in reply.text for each in ("5299.00", "1000.00", "4299.00"))


def test_a_down_payment_alone_is_taken_off_the_order(talk: Talk) -> None:
    whole = plans(talk.say("plan_quote", "text", topic="plan_quote")).amount
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", down_payment="100", tenor="3")
    assert plans((reply,)).amount == whole - 100


def test_without_an_order_a_down_payment_alone_leads_to_the_question_for_the_amount(without_order: Talk) -> None:
    (reply,) = without_order.say("plan_quote", "text", topic="plan_quote", down_payment="100")
    assert asks(reply)


@pytest.mark.parametrize("entities", [{"amount_range": "8000-10000"}, {"amount": "12345678"}, {"amount": "1000", "down_payment": "1000"}])
def test_an_amount_that_is_not_clear_is_asked_for_although_there_is_an_order(talk: Talk, entities: dict[str, str]) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", tenor="12", **entities)
    assert asks(reply)
    assert any(value.split("-")[0] in reply.text for value in entities.values())
    assert plans(talk.say("out_of_scope", "9000", amount="9000")).amount == 9000.00


def test_a_guess_after_the_question_is_asked_again(without_order: Talk) -> None:
    without_order.say("plan_quote", "text", topic="plan_quote")
    (reply,) = without_order.say("out_of_scope", "text", amount_range="三四千")
    assert asks(reply) and "三四千" in reply.text


def test_what_is_paid_in_each_period_is_added_up_and_not_quoted(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", per_period="500", tenor="12")
    assert asks(reply) and "6000.00" in reply.text


def test_what_is_paid_in_each_period_is_no_amount_of_an_order(talk: Talk) -> None:
    whole = plans(talk.say("plan_quote", "text", topic="plan_quote")).amount
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", per_period="500")).amount == whole


def test_nothing_is_not_split_and_the_tenor_is_not_blamed(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="0", tenor="3")
    assert asks(reply) and "0.00" in reply.text


def test_a_tenor_that_the_table_lacks_is_named(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="18")
    assert reply.data is None and "12" in reply.text


@pytest.mark.parametrize("topic", ["installment_fee", "compare_tenors"])
def test_behind_an_answer_about_costs_come_the_plans_of_the_order(talk: Talk, topic: str) -> None:
    answered, quoted = talk.say("faq_fee", topic=topic)
    assert isinstance(answered.data, AnswerData) and answered.data.topic == topic
    assert quoted.buttons == answered.buttons
    assert plans((quoted,)).plans and all(plan.apr is not None for plan in plans((quoted,)).plans)


@pytest.mark.parametrize("topic", ["installment_fee", "compare_tenors", "bill_installment_fee"])
def test_behind_an_answer_about_costs_come_the_plans_of_the_amount_that_is_named(without_order: Talk, topic: str) -> None:
    assert plans(without_order.say("faq_fee", topic=topic, amount="5000", tenor="12")).amount == 5000.00


@pytest.mark.parametrize("entities", [{}, {"amount_range": "三四千"}, {"amount": "0"}, {"amount": "5000", "tenor": "18"}])
def test_an_answer_about_costs_without_a_clear_amount_stands_alone(without_order: Talk, entities: dict[str, str]) -> None:
    assert len(without_order.say("faq_fee", topic="installment_fee", **entities)) == 1


def test_in_the_middle_of_a_case_an_answer_about_costs_is_not_followed_by_plans_nobody_can_choose(diagnosed: Diagnose) -> None:  # noqa: F811
    blocked = injections()["phone_unbound"]
    talk = Talk({"o": diagnosed(blocked).facts, None: diagnosed(blocked, order=None).facts})
    talk.say("installment_missing", topic="installment_missing")
    assert not any(isinstance(reply.data, PlansData) for reply in talk.say("faq_fee", topic="installment_fee"))


def test_the_plans_of_an_order_do_not_stand_behind_an_answer_about_bills(talk: Talk) -> None:
    assert len(talk.say("faq_fee", topic="bill_installment_fee")) == 1


@pytest.mark.parametrize(
    ("likely", "product", "quoted"), [("plan_quote", {}, True), ("faq_fee", {}, False), ("plan_quote", {"product": "金条"}, False)]
)
def test_an_amount_and_a_tenor_alone_ask_for_a_quote_if_that_is_likely_at_all(
    without_order: Talk, likely: str, product: dict[str, str], quoted: bool
) -> None:
    replies = without_order.say("out_of_scope", "text", (("out_of_scope", 0.5), (likely, 0.3)), amount="12000", tenor="12", **product)
    assert any(isinstance(reply.data, PlansData) for reply in replies) == quoted
