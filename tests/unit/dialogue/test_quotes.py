"""Quotes: which amount is taken, what is said about it, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.core.messages import AnswerData, PlansData
from actions.core.turn import Reply
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()


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


def test_an_amount_named_roughly_is_the_orders_own_if_that_is_near(talk: Talk) -> None:
    whole = plans(talk.say("plan_quote", "text", topic="plan_quote")).amount
    rounded = {"amount": str(int(whole * 0.95))}
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", cue_roughly="左右", **rounded)).amount == whole
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", **rounded)).amount == int(rounded["amount"])
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", cue_roughly="左右", amount=str(int(whole * 2)))).amount == int(
        whole * 2
    )


def test_what_is_left_after_a_down_payment_is_quoted_and_it_is_said(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="5299", down_payment="1000", tenor="12")
    assert plans((reply,)).amount == 4299.00
    assert all(each in reply.text for each in ("5299.00", "1000.00", "4299.00"))


@pytest.mark.parametrize(
    ("named", "quoted"),
    [(("1059.80", "4239.20"), True), (("5299", "4239.20"), True), (("1059.80", "4000"), False), (("5299", "1059.80"), False)],
    ids=["both parts", "the whole and the rest", "another rest", "not what is split"],
)
def test_who_names_the_parts_of_the_order_is_not_asked_which(named: tuple[str, ...], quoted: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    facts = diagnosed({"items": [{"sku": "1", "min_down_payment": "0.2"}]}).facts
    replies = Talk({"o": facts, None: facts}).say("plan_quote", "text", topic="plan_quote", amount=named, tenor="12")
    assert any(isinstance(reply.data, PlansData) for reply in replies) == quoted
    assert not quoted or plans(replies).amount == 4239.20


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
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", per_period="500")
    # The order's 5299.00 with the fee of the tenor that stays within it.
    assert "5616.94" in reply.text


def test_nothing_is_not_split_and_the_tenor_is_not_blamed(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="0", tenor="3")
    assert asks(reply) and "0.00" in reply.text


def test_a_tenor_that_the_table_lacks_is_named(talk: Talk) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="18")
    assert reply.data is None and "12" in reply.text


@pytest.mark.parametrize(("text", "entities"), [("说错了，是6期", {"tenor": "6"}), ("那6呢", {})])
def test_after_a_quote_a_few_words_with_a_tenor_or_its_bare_number_ask_for_that_one(
    talk: Talk, text: str, entities: dict[str, str]
) -> None:
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", tenor="12"))
    assert [plan.tenor for plan in plans(talk.say("out_of_scope", text, **entities)).plans] == [6]


@pytest.mark.parametrize("text", ["那7呢", "6还是12", "那6呢我再想想看"])
def test_after_a_quote_other_numbers_and_longer_messages_ask_for_none(talk: Talk, text: str) -> None:
    talk.say("plan_quote", "text", topic="plan_quote", tenor="12")
    assert not any(isinstance(reply.data, PlansData) for reply in talk.say("out_of_scope", text))


def test_a_bare_number_without_a_quote_is_no_tenor(talk: Talk) -> None:
    assert not any(isinstance(reply.data, PlansData) for reply in talk.say("out_of_scope", "那6呢"))


@pytest.mark.parametrize("topic", ["installment_fee", "compare_tenors"])
def test_behind_an_answer_about_costs_come_the_plans_of_the_order(talk: Talk, topic: str) -> None:
    answered, quoted = talk.say("faq_fee", topic=topic)
    assert isinstance(answered.data, AnswerData) and answered.data.topic == topic
    assert quoted.buttons == answered.buttons
    assert plans((quoted,)).plans and all(plan.apr is not None for plan in plans((quoted,)).plans)


def test_what_a_tenor_costs_is_said_at_once(talk: Talk) -> None:
    (reply,) = talk.say("faq_fee", topic="installment_fee", tenor="12")
    assert reply.data == AnswerData(topic="installment_fee", facts=[]) and "年化" in reply.text
    assert len(reply.buttons) > 1, "what to ask next is offered as behind any answer"


def resolved(diagnosed: Diagnose) -> Talk:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["tenors_limited"]).facts})
    talk.say("installment_missing", "不能分期")
    assert talk.phase == "resolved"
    return talk


def test_at_the_end_of_a_case_only_the_tenor_asked_about_is_said_again(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = resolved(diagnosed)
    (figures,) = talk.say("faq_fee", topic="installment_fee", tenor="6")
    assert "6 期一共多付" in figures.text and "3 期" not in figures.text
    assert not any(isinstance(reply.data, PlansData) for reply in talk.say("faq_fee", topic="installment_fee"))


def test_what_is_asked_about_one_tenor_at_the_end_of_a_case_is_answered_with_its_figures(diagnosed: Diagnose) -> None:  # noqa: F811
    (answered,) = resolved(diagnosed).say("faq_repayment", topic="first_installment_due", tenor="6")
    assert answered.data == AnswerData(topic="first_installment_due", facts=[]) and "6 期每期约" in answered.text


def test_tenors_are_compared_by_their_figures(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = resolved(diagnosed)
    (best,) = talk.say("faq_fee", topic="compare_tenors")
    assert "3 期" in best.text and "6 期" in best.text
    (two,) = talk.say("faq_fee", topic="compare_tenors", tenor=("3", "6"))
    assert "6 期比 3 期多付" in two.text


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


def test_another_tenor_after_a_quote_is_quoted(talk: Talk) -> None:
    talk.say("plan_quote", "text", topic="plan_quote")
    assert [plan.tenor for plan in plans(talk.say("terms_missing", "6期呢", topics=(("tenor_missing", 0.8),), tenor="6")).plans] == [6]


def test_another_tenor_is_quoted_for_the_amount_that_was_named(talk: Talk) -> None:
    talk.say("plan_quote", "text", topic="plan_quote", amount="5000")
    assert plans(talk.say("out_of_scope", "那12期", tenor="12")).amount == 5000.00
    assert plans(talk.say("plan_quote", "text", topic="plan_quote", amount="700")).amount == 700.00


def test_what_is_named_of_several_orders_is_quoted(diagnosed: Diagnose) -> None:  # noqa: F811
    item = {"items": [{"sku": "9", "price": 599, "title": "云朵耳机", "category": "c", "merchant": "m"}]}
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "9"}]}]}
    snapshots = {name: diagnosed(item, other, order=name).facts for name in ("o", "o2")}
    talk = Talk({**snapshots, None: diagnosed(item, other, order=None).facts}, token=None)
    assert plans(talk.say("plan_quote", "云朵耳机分期每期多少", topic="plan_quote")).amount == 599.00


def test_tenors_are_compared_by_what_was_quoted_last_and_not_by_the_order(talk: Talk) -> None:
    talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="6")
    (both,) = talk.say("faq_fee", "6期和12期差多少", topic="compare_tenors", tenor=("6", "12"))
    (again,) = talk.say("faq_fee", "选哪个省", topic="compare_tenors")
    fee = plans(talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="6")).plans[0].fee_total
    assert f"{fee:.2f}" in both.text and "年化" in again.text


def test_a_tenor_after_a_comparison_is_quoted_for_the_same_amount(talk: Talk) -> None:
    talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="6")
    talk.say("faq_fee", "6期和12期差多少", topic="compare_tenors", tenor=("6", "12"))
    assert plans(talk.say("terms_missing", "24期呢", topics=(("tenor_missing", 0.8),), tenor="24")).amount == 5000.00


def test_behind_a_question_about_what_was_quoted_the_order_is_not_quoted(talk: Talk) -> None:
    talk.say("plan_quote", "text", topic="plan_quote", amount="5000", tenor="6")
    assert len(talk.say("faq_fee", "年化怎么这么高", topic="annual_rate")) == 1


def test_a_part_of_the_order_that_is_named_is_quoted_alone(diagnosed: Diagnose) -> None:  # noqa: F811
    goods = {
        "items": [
            {"sku": "1", "category": "c", "merchant": "m", "price": 2000, "title": "云朵电脑"},
            {"sku": "2", "category": "c", "merchant": "m", "price": 800, "title": "星尘耳机"},
        ],
        "orders": [{"id": "o", "user": "u", "lines": [{"sku": "1"}, {"sku": "2"}]}],
    }
    replies = Talk({"o": diagnosed(goods).facts}).say("plan_quote", "耳机分12期每月多少", topics=(("plan_quote", 0.9),), tenor="12")
    assert plans(replies).amount == 800.00


def test_a_tenor_that_this_order_does_not_offer_is_answered_with_those_it_does(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed({"items": [{"sku": "1", "tenors": [3]}]}).facts})
    (reply,) = talk.say("plan_quote", "分6期多少", topics=(("plan_quote", 0.9),), tenor="6")
    assert "3 期" in reply.text and "12" not in reply.text


def test_figures_do_not_stand_in_for_the_answer_to_a_question_about_them(diagnosed: Diagnose) -> None:  # noqa: F811
    replies = Talk({"o": diagnosed().facts}).say(
        "faq_fee", "12期年化多少，比信用卡高吗", topics=(("annual_rate", 0.9),), aspects=("other_credit",), tenor="12"
    )
    answers = KNOWLEDGE.answers.topic("annual_rate").aspects["other_credit"]
    assert any(replies[0].text.splitlines()[1] in text for text in answers) and "10.90%" in "".join(reply.text for reply in replies)


def test_when_the_first_instalment_of_a_running_contract_is_due_stands_in_its_record(diagnosed: Diagnose) -> None:  # noqa: F811
    contract = {
        "id": "k", "user": "u", "order": "o", "amount": 1200, "tenor": 12, "fee_rate_per_period": "0.005",
        "paid_periods": 0, "next_due_on": "2026-12-08", "next_amount": 106, "status": "active",
    }  # fmt: skip
    talk = Talk({"o": diagnosed({"contracts": [contract]}).facts})
    (reply, *_) = talk.say("faq_repayment", "12期的第一期哪天", topics=(("first_installment_due", 0.9),), tenor="12")
    assert "12月8日" in reply.text


@pytest.mark.parametrize(("each", "tenor"), [("2000", "3 期"), ("500", "12 期"), ("20", "24 期")])
@pytest.mark.parametrize("topic", ["plan_quote", "compare_tenors"])
def test_what_each_period_may_come_to_chooses_the_tenor(talk: Talk, topic: str, each: str, tenor: str) -> None:
    (reply,) = talk.say("faq_fee", "每月还这么多的话选几期", topics=((topic, 0.9),), per_period=each)
    assert tenor in reply.text and "年化" in reply.text


@pytest.mark.parametrize(
    ("amounts", "agreed"),
    [(("3000", "180"), True), (("180", "3000"), True), (("3000", "265"), True), (("3000", "15"), True), (("3000", "150"), False)],
    ids=["the fee", "in any order", "a period", "the fee of a period", "no figure of it"],
)
def test_what_somebody_has_worked_out_is_agreed_to_if_it_stands_in_the_plan(talk: Talk, amounts: tuple[str, ...], agreed: bool) -> None:
    (reply,) = talk.say("plan_quote", "text", topic="plan_quote", amount=amounts, tenor="12")
    assert ("180.00" in reply.text and "年化" in reply.text) == agreed and asks(reply)
