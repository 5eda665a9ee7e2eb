"""What a clause of a first message asks of the cause that is found: it is answered in the cause's own words, and before the cause is told."""

from __future__ import annotations

import pytest

from actions.core.asked import Clause
from actions.knowledge.phrases import DIAGNOSIS_GUESSED
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
MISSING = (("no_option_shown", 0.9),)
COMPLAINS = Clause("怎么没有分期", "installment_missing", 0.9, MISSING)


def asking(text: str, aspect: str, share: float, **more: object) -> Clause:
    return Clause(text, "about_case", 0.9, readings={"about_case": ((aspect, share), ("", 1 - share))}, **more)  # type: ignore[arg-type]


def first_told(talk: Talk, *clauses: Clause) -> str:
    text = "，".join(clause.text for clause in clauses)
    aspects = tuple(dict.fromkeys(aspect for clause in clauses for aspect in clause.aspects))
    (first, *_) = talk.say("installment_missing", text, topics=MISSING, aspects=aspects, clauses=clauses)
    return first.text


@pytest.mark.parametrize(
    ("clause", "answered"),
    [
        (asking("借我哥的号买行吗", "other_account", 0.9), True),
        (asking("借我哥的号买行吗", "other_account", 0.4), False),
        (asking("我哥的号能分", "other_account", 0.9), False),
        (asking("我哥的号能分", "other_account", 0.9, aspects=("other_account",)), True),
        (asking("是不是号的事", "other_account", 0.7, aspects=("own_guess",)), False),
        (asking("借我哥的号是不是就过了", "other_account", 0.9, aspects=("other_account", "own_guess")), True),
    ],
    ids=["read plainly", "not plainly", "told", "told, as the words say too", "a guess", "no guess at the reason"],
)
def test_what_a_clause_asks_of_the_cause_comes_first(clause: Clause, answered: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    lines = first_told(Talk({"o": diagnosed(PUT["region_restricted"]).facts}), COMPLAINS, clause).splitlines()
    own = KNOWLEDGE.causes["region_restricted"].aspects["other_account"]
    assert (lines[1] in own) == answered and any("登记的地区" in line for line in lines)


def test_who_tells_that_it_worked_before_hears_what_has_changed(diagnosed: Diagnose) -> None:  # noqa: F811
    told = Clause(
        "上回还分得了", "about_case", 0.9, (("worked_before", 0.5),), readings={"about_case": (("worked_before", 0.8), ("", 0.2))}
    )
    text = first_told(Talk({"o": diagnosed(PUT["overdue"]).facts}), told, COMPLAINS)
    assert "变的是现在" in text.splitlines()[1]


def test_what_only_narrows_the_choice_has_its_answer_already(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["tenors_limited"]).facts})
    own = KNOWLEDGE.causes["tenors_limited"].aspects["other_account"]
    assert first_told(talk, COMPLAINS, asking("换个号行吗", "other_account", 0.9)).splitlines()[1] not in own


@pytest.mark.parametrize(
    ("aspects", "said"), [(("own_guess",), True), (("own_guess", "cost"), False)], ids=["a guess", "asked of what is named"]
)
def test_what_is_asked_of_the_thing_that_is_named_is_no_guess_at_the_reason(
    aspects: tuple[str, ...],
    said: bool,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = Talk({"o": diagnosed(PUT["agreement_outdated"]).facts})
    (first, *_) = talk.say("installment_missing", "协议是不是有名堂", topics=MISSING, aspects=aspects)
    guessed = (KNOWLEDGE.phrases.texts(phrase) for phrase in DIAGNOSIS_GUESSED.values())
    assert any(each in first.text for texts in guessed for each in texts) == said


def test_yes_comes_before_what_else_is_asked(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    guess = Clause("是不是我有逾期", "about_case", 0.9, aspects=("own_guess",))
    lines = first_told(talk, guess, asking("还上一半行不行", "pay_part", 0.9, aspects=("pay_part",))).splitlines()
    assert lines[1] in KNOWLEDGE.phrases.texts(DIAGNOSIS_GUESSED["own_guess"]) and "先还一部分可以" in lines[2]


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        pytest.param("limit_insufficient", False, id="part of the limit was paid back"),
        pytest.param("bill_amount_below_minimum", False, id="part of a bill was paid"),
        pytest.param("risk_blocked", True, id="the platform's reasons are not seen"),
        pytest.param("restoration_pending", True, id="it is waited for after a repayment"),
    ],
)
def test_that_nothing_is_overdue_is_said_where_it_matters(cause: str, said: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    order = None if cause.startswith("bill") else "o"
    facts = diagnosed(PUT[cause], order=order, bill=None if order else "b").facts
    talk = Talk({order: facts, None: facts})
    talk.say("bill_installment_missing" if order is None else "installment_missing", "不能分期")
    (told, *_) = talk.say("about_case", "我刚还了一点", topics=(("case_why", 0.9),), aspects=("why",), claims=("paid_off",))
    agreed = KNOWLEDGE.claims["paid_off"].agreed[0].splitlines()[0]
    assert (agreed in told.text) == said, told.text
