"""What the clauses of a message say by themselves, and what of it is answered."""

from __future__ import annotations

import pytest

from actions.core.asked import Clause, Reading
from actions.core.messages import AnswerData
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
MISSING = (("no_option_shown", 0.9),)


def complaint(told: Clause, readings: dict[str, Reading] | None = None) -> dict:
    asks = Clause("怎么没有分期", "installment_missing", 0.9, MISSING)
    return {"topics": MISSING, "clauses": (told, asks), "readings": readings or {}}


@pytest.mark.parametrize(
    ("told", "answered"),
    [
        (Clause("上周我妈还分过", "about_case", 0.9, aspects=("other_account",)), False),
        (Clause("换个号是不是就行", "about_case", 0.9, aspects=("other_account",)), True),
        (Clause("我试了好多次", "about_case", 0.9, aspects=("tried",)), True),
    ],
    ids=["told", "asked", "told, and answered of any case"],
)
def test_words_of_what_is_only_told_are_not_answered(told: Clause, answered: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    replies = talk.say("installment_missing", told.text + "，怎么没有分期", aspects=told.aspects, **complaint(told))
    alone = Talk({"o": diagnosed(PUT["overdue"]).facts}).say("installment_missing", "怎么没有分期", topics=MISSING)
    said, plain = "\n".join(reply.text for reply in replies), "\n".join(reply.text for reply in alone)
    (aspect,) = told.aspects
    own = KNOWLEDGE.causes["overdue"].aspects.get(aspect) or KNOWLEDGE.aspects[aspect].answer("self")
    assert any(text[:6] in said for text in own) == answered and not any(text[:6] in plain for text in own)


@pytest.mark.parametrize(("share", "answered"), [(0.45, False), (0.6, True)])
def test_what_no_clause_asks_is_answered_only_if_the_whole_asks_it_rather_than_not(
    share: float,
    answered: bool,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    read: dict[str, Reading] = {"no_option_shown": (("new_account", share), ("", 0.2))}
    told = Clause("昨天交了资料", "about_case", 0.9)
    talk = Talk({"o": diagnosed(PUT["activation_reviewing"]).facts})
    replies = talk.say("installment_missing", "昨天交了资料，怎么没有分期", **complaint(told, read))
    own = KNOWLEDGE.answers.topic("no_option_shown").aspects["new_account"]
    assert any(text[:8] in reply.text for reply in replies for text in own) == answered


def test_a_clause_is_about_the_matter_of_the_whole_if_that_is_nearly_as_likely(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(None).facts, None: diagnosed(None).facts})
    clauses = (
        Clause("能分几期", "faq_how_to", 0.8, (("tenors_offered", 0.47), ("bill_installment_how", 0.28))),
        Clause("能反悔吗", "faq_cancel_or_change", 0.8, (("cancel_bill_installment", 0.6),)),
    )
    first, *_ = talk.say("faq_how_to", "账单能分几期，能反悔吗", topics=(("bill_installment_how", 0.6),), clauses=clauses)
    assert isinstance(first.data, AnswerData) and first.data.topic == "bill_installment_how"


def test_who_gives_it_up_and_asks_something_else_is_answered(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    clauses = (
        Clause("那算了", "about_case", 0.9, (("give_up", 0.8),)),
        Clause("还款日哪天", "about_case", 0.6, (("repayment_date", 0.5),)),
    )
    first, *_ = talk.say("about_case", "那算了，还款日哪天", topics=(("give_up", 0.5),), clauses=clauses)
    assert isinstance(first.data, AnswerData) and first.data.topic == "repayment_date"


@pytest.mark.parametrize(("surely_of_case", "answered"), [(0.7, True), (0.5, False)])
def test_what_is_surely_about_the_case_is_not_answered_by_a_guess_at_another_matter(
    surely_of_case: float,
    answered: bool,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = Talk({"o": diagnosed(PUT["bank_card_unusable"]).facts})
    talk.say("installment_missing", "不能分期")
    guess: dict[str, Reading] = {"about_case": (("card_works", 0.25), ("pay_with", 0.17))}
    first, *_ = talk.say("about_case", "卡里有钱的", topics=(("repay_methods", 0.28),), readings=guess, confidence=surely_of_case)
    assert isinstance(first.data, AnswerData) and (first.data.topic != "repay_methods") == answered


def beside(diagnosed: Diagnose, cause: str, remark: Clause, question: Clause, topic: str) -> str:  # noqa: F811
    """What is said in a case to a remark with a question behind it."""
    talk = Talk({"o": diagnosed(PUT[cause]).facts})
    talk.say("installment_missing", "不能分期")
    replies = talk.say(
        "about_case", f"{remark.text}，{question.text}", topics=((topic, 0.6),), aspects=remark.aspects, clauses=(remark, question)
    )
    return "\n".join(reply.text for reply in replies)


def test_a_question_beside_a_remark_is_answered_first(diagnosed: Diagnose) -> None:  # noqa: F811
    remark = Clause("一步步办太烦", "about_case", 0.9, (("refuse_step", 0.5),), ("troublesome",))
    said = beside(diagnosed, "phone_unbound", remark, Clause("绑了要收费吗", "about_case", 0.9, (("case_cost", 0.9),)), "refuse_step")
    cost, trouble = (
        text[:8] for text in (KNOWLEDGE.causes["phone_unbound"].aspects["cost"][0], KNOWLEDGE.aspects["troublesome"].answer("self")[0])
    )
    assert cost in said and said.startswith(cost)
    assert trouble in said


def test_what_is_said_to_a_remark_is_left_out_if_it_names_the_same_figures(diagnosed: Diagnose) -> None:  # noqa: F811
    remark = Clause("我凑点别的", "about_case", 0.9, (("another_way", 0.5),), ("top_up",))
    question = Clause("差了多少", "about_case", 0.9, (("how_much_missing", 0.9),))
    said = beside(diagnosed, "amount_below_minimum", remark, question, "another_way")
    assert said.count("3701.00") == 1


def test_what_the_whole_asks_is_not_taken_apart(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["full_payment_required"]).facts})
    talk.say("installment_missing", "不能分期")
    premise, question = Clause("先整单付掉", "about_case", 0.9), Clause("以后再分行吗", "about_case", 0.9, (("another_way", 0.9),))
    (reply,) = talk.say(
        "about_case",
        "先整单付掉，以后再分行吗",
        topics=(("another_way", 0.6),),
        readings={"about_case": (("bill_later", 0.9), ("", 0.1))},
        clauses=(premise, question),
    )
    assert reply.text in KNOWLEDGE.causes["full_payment_required"].aspects["bill_later"]


def test_what_names_nothing_and_may_be_about_another_matter_adds_nothing(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["merchant_risk_blocked"]).facts})
    talk.say("installment_missing", "不能分期")
    clauses = (
        Clause("以前买的怎么办", "about_case", 0.9, (("worked_before", 0.5),), ("orders_before",)),
        Clause("会有影响吗", "about_case", 0.8, (("credit_report", 0.5),)),
    )
    replies = talk.say(
        "about_case", "以前买的怎么办，会有影响吗", topics=(("worked_before", 0.5),), aspects=("orders_before",), clauses=clauses
    )
    assert [reply.text for reply in replies] == [KNOWLEDGE.causes["merchant_risk_blocked"].aspects["orders_before"][0]]


@pytest.mark.parametrize(("asked", "ours"), [("9期的有吗", False), ("白条9期的有吗", True)], ids=["names nothing", "names ours"])
def test_what_names_nothing_behind_another_product_is_not_answered_from_ours(asked: str, ours: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(None).facts, None: diagnosed(None).facts})
    loan, tenor = (("cash_loan", 0.9),), (("tenor_missing", 0.94),)
    clauses = (Clause("金条能分几期吗", "out_of_scope", 0.95, loan, ("loan_terms",)), Clause(asked, "terms_missing", 0.8, tenor))
    replies = talk.say("out_of_scope", f"金条能分几期吗？{asked}？", topics=loan, aspects=("loan_terms",), clauses=clauses, product="金条")
    answered = [reply.data.topic for reply in replies if isinstance(reply.data, AnswerData)]
    assert any("由金条定" in reply.text for reply in replies), [reply.text for reply in replies]
    assert answered == (["tenor_missing"] if ours else [])


def test_a_person_called_in_a_clause_is_called_whatever_else_is_said(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(None).facts})
    talk.say("installment_missing", "不能分期")
    clauses = (
        Clause("都试了没用", "step_failed", 0.9, (("did_not_work", 0.9),), ("tried",)),
        Clause("叫个真人来", "request_human", 0.95, (("human_now", 0.97),)),
    )
    talk.say(
        "about_case", "都试了没用，叫个真人来", topics=(("did_not_work", 0.5),), aspects=("tried",), clauses=clauses, cue_person="叫个真人"
    )
    assert talk.phase == "handed_over"


def test_what_the_whole_was_surely_read_to_ask_goes_before_a_clause(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["payment_password_locked"]).facts})
    talk.say("installment_missing", "不能分期")
    told, asks = (
        Clause("密码我报给你", "about_case", 0.9, (), ("password_said",)),
        Clause("看对不对", "about_case", 0.9, (("are_you_sure", 0.9),)),
    )
    (reply,) = talk.say(
        "about_case",
        "密码我报给你，看对不对",
        topics=(("are_you_sure", 0.5),),
        aspects=("password_said",),
        readings={"about_case": (("password_said", 0.9), ("", 0.1))},
        clauses=(told, asks),
    )
    assert reply.text.startswith(KNOWLEDGE.causes["payment_password_locked"].aspects["password_said"][0][:6])


def test_what_two_clauses_ask_in_other_words_is_answered_once(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["self_locked"]).facts})
    talk.say("installment_missing", "不能分期")
    clauses = (
        Clause("解开要等多久", "baitiao_unusable", 0.9, (("self_lock_unlock", 0.97),), ("how_long",)),
        Clause("今晚用得上吗", "about_case", 0.9, (("case_how_long", 0.94),), ("how_long",)),
    )
    replies = talk.say(
        "about_case", "解开要等多久，今晚用得上吗", topics=(("self_lock_unlock", 0.5),), aspects=("how_long",), clauses=clauses
    )
    answers = (KNOWLEDGE.causes["self_locked"], KNOWLEDGE.answers.topic("self_lock_unlock"))
    told = "\n".join(reply.text for reply in replies)
    assert [any(str(text)[:6] in told for text in each.aspects["how_long"]) for each in answers].count(True) == 1


def test_what_a_tenor_costs_is_told_whatever_is_remarked_beside_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["interest_free_ended"]).facts, None: diagnosed(PUT["interest_free_ended"], order=None).facts})
    asks = Clause("六期要多掏多少钱", "plan_quote", 0.5, (("plan_quote", 0.6),), ("each_month",))
    replies = talk.say(
        "terms_missing",
        "免息没赶上，六期要多掏多少钱",
        topics=(("interest_free_gone", 0.5),),
        aspects=("each_month",),
        clauses=(Clause("免息没赶上", "terms_missing", 0.9), asks),
        tenor="6",
    )
    assert any("6 期：每期约" in reply.text for reply in replies)
