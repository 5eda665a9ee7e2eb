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
