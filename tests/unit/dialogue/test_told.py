"""What a message tells beside what it asks: seen, put off, tried; and what is then not said."""

from __future__ import annotations

import pytest

from actions.core.asked import Clause
from actions.core.messages import StepData
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
MISSING = (("no_option_shown", 0.9),)
DUE = (("repayment_date", 0.8),)
ASKS = Clause("还款日哪天", "faq_repayment", 0.9, DUE)
SEEN = Clause("看到了", "about_case", 0.9, (("will_do", 0.5), ("option_appeared", 0.33)))
LATER = Clause("先放一放", "about_case", 0.9, (("decline", 0.4), ("give_up", 0.2)))
WILL = Clause("好的我去弄", "about_case", 0.9, (("will_do", 0.9),))
TRIED = Clause("我重进了几十次", "about_case", 0.9, (("did_part", 0.7),))
COMPLAINS = Clause("怎么没有分期", "installment_missing", 0.9, MISSING)


def begun(facts: object) -> Talk:
    talk = Talk({"o": facts, None: facts})  # type: ignore[dict-item]
    talk.say("installment_missing", "没有分期", topics=MISSING)
    return talk


@pytest.mark.parametrize(
    ("cause", "told", "confirmed", "put_aside", "step"),
    [
        (None, SEEN, True, False, False),
        (None, LATER, False, True, False),
        (None, WILL, False, False, True),
        ("overdue", SEEN, False, False, True),
        ("overdue", LATER, False, True, False),
    ],
    ids=["it is there", "put off, nothing found", "will be done", "something else is seen", "put off"],
)
def test_who_has_seen_it_or_puts_the_step_off_is_not_reminded_of_it(
    cause: str | None,
    told: Clause,
    confirmed: bool,
    put_aside: bool,
    step: bool,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = begun(diagnosed(PUT[cause] if cause else None).facts)
    replies = talk.say("faq_repayment", told.text + "，还款日哪天", topics=DUE, clauses=(told, ASKS))
    texts = [reply.text for reply in replies]
    assert any(text in KNOWLEDGE.phrases.texts(phrases.CONFIRMED) for text in texts) == confirmed
    assert any(text.startswith(KNOWLEDGE.phrases.texts(phrases.PUT_ASIDE)) for text in texts) == put_aside
    assert any(isinstance(reply.data, StepData) for reply in replies) == step


def test_who_will_not_do_the_step_and_asks_about_that_puts_nothing_aside(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed(PUT["overdue"]).facts)
    clauses = (Clause("懒得弄", "about_case", 0.9, (("refuse_step", 0.9),)), Clause("不弄行不", "about_case", 0.9, (("refuse_step", 0.9),)))
    replies = talk.say("about_case", "懒得弄，不弄行不", topics=(("refuse_step", 0.9),), clauses=clauses)
    assert not any(reply.text.startswith(KNOWLEDGE.phrases.texts(phrases.PUT_ASIDE)) for reply in replies)


def test_a_step_of_the_refresh_round_that_stands_above_is_not_told_once_more(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed(None).facts)
    *_, reminder = talk.say("faq_repayment", "还款日哪天", topics=DUE)
    assert reminder.text in KNOWLEDGE.phrases.texts(phrases.STEP_STANDS)


@pytest.mark.parametrize(
    ("told", "aspects", "phase"),
    [
        (TRIED, (), "handoff_offered"),
        (Clause("网也换了", "about_case", 0.9), ("tried_several",), "handoff_offered"),
        (SEEN, (), "resolved"),
        (WILL, (), "doing"),
    ],
    ids=["tried", "tried by its words", "there again", "nothing told"],
)
def test_where_nothing_is_found_nobody_is_sent_to_what_they_have_done(
    told: Clause,
    aspects: tuple[str, ...],
    phase: str,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = Talk({"o": diagnosed(None).facts})
    talk.say("installment_missing", told.text + "，怎么没有分期", topics=MISSING, aspects=aspects, clauses=(told, COMPLAINS))
    assert talk.phase == phase


@pytest.mark.parametrize(
    ("intent", "topics", "cue", "called"),
    [
        ("faq_limit_increase", (("limit_increase", 0.9),), "能不能人工", False),
        ("faq_limit_increase", (("limit_increase", 0.9),), "转人工", True),
        ("faq_limit_increase", (("limit_increase", 0.5),), "能不能人工", True),
        ("request_human", (("human_now", 0.9),), "能不能人工", True),
    ],
)
def test_who_asks_whether_a_person_can_do_it_has_called_none(
    intent: str,
    topics: tuple[tuple[str, float], ...],
    cue: str,
    called: bool,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = Talk({"o": diagnosed(None).facts})
    talk.say(intent, cue + "给我提额度", topics=topics, cue_person=cue)
    assert bool(talk.handoffs) == called


def test_what_a_person_can_do_is_said_where_one_was_called_and_not_in_the_answer_before(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(None).facts})
    answered, handed = talk.say(
        "faq_limit_increase", "转人工，帮我提额度", topics=(("limit_increase", 0.9),), aspects=("do_it_for_me",), cue_person="转人工"
    )
    queued = KNOWLEDGE.aspects["do_it_for_me"].answers["queued"]
    assert any(text in handed.text for text in queued) and not any(text in answered.text for text in queued)


def test_an_objection_is_put_down_without_being_told_how_to_object(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["transaction_declined"]).facts})
    replies = talk.say("installment_missing", "凭啥不给我分", topics=MISSING, aspects=("upset", "no_fault"), cue_objection="凭啥")
    cause = KNOWLEDGE.causes["transaction_declined"]
    said = "\n".join(reply.text for reply in replies)
    assert len(talk.handoffs) == 1 and any(text in said for text in cause.aspects["objected"])
    assert not any(text in said for name in ("upset", "no_fault") for text in cause.aspects[name])


def test_who_is_upset_hears_one_apology_and_what_can_be_done_once(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed(PUT["merchant_paused"]).facts)
    cause = KNOWLEDGE.causes["merchant_paused"]
    (alone,) = talk.say(
        "about_case", "烦死了", topics=(("angry_at_case", 0.0),), aspects=("upset",), readings={"about_case": (("upset", 0.9),)}
    )
    (both,) = talk.say("about_case", "烦死了，谁能弄好", topics=(("who_can_fix", 0.9),), aspects=("upset", "who"))
    first, *rest = both.text.split("\n")
    upset = KNOWLEDGE.aspects["upset"].answer("shop")
    own = cause.aspects.get("upset", ()) or upset
    assert alone.text.split("\n")[0] in own
    assert first.endswith("抱歉。") and any(text.startswith(first[:-1]) for text in own) and rest and "抱歉" not in "".join(rest)
    (passed,) = talk.say("about_case", "踢皮球呢，谁能弄好", topics=(("who_can_fix", 0.9),), aspects=("upset", "shop_passes_back"))
    assert passed.text.count("抱歉") == 1


def test_who_is_upset_and_asks_something_hears_the_answer_too(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed(PUT["merchant_paused"]).facts)
    clauses = (Clause("烦死了", "complaint_angry", 0.9, aspects=("upset",)), Clause("找谁才能弄好", "about_case", 0.9, aspects=("who",)))
    (both,) = talk.say(
        "about_case",
        "烦死了，找谁才能弄好",
        topics=(("who_can_fix", 0.34),),
        aspects=("upset", "who"),
        clauses=clauses,
        readings={"about_case": (("upset", 0.9), ("who", 0.1))},
    )
    assert any(text in both.text for text in KNOWLEDGE.causes["merchant_paused"].aspects["who"]) and both.text.count("抱歉") == 1


def test_a_bill_that_is_not_due_yet_is_told_apart_from_what_is_overdue(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed(PUT["overdue"]).facts)
    (answered,) = talk.say("faq_repayment", "你弄错了吧，我账单29号才到期", topics=(("are_you_sure", 0.42),), confidence=0.4)
    assert "120.50" in answered.text and "1200.00" in answered.text and answered.data is not None


def guess(aspect: str, *texts: str) -> dict:
    *before, asks = texts
    clauses = (*(Clause(each, "about_case") for each in before), Clause(asks, "about_case", aspects=(aspect,)))
    return {"text": "，".join(texts), "aspects": (aspect,), "clauses": (*clauses, COMPLAINS), "topics": MISSING}


@pytest.mark.parametrize(
    ("cause", "asked", "verdict"),
    [
        ("phone_unbound", guess("own_guess", "是不是我没绑手机号"), phrases.DIAGNOSIS_GUESSED["own_guess"]),
        ("phone_unbound", guess("own_guess", "是不是系统坏了"), phrases.DIAGNOSIS_NOT_GUESSED["own_guess"]),
        ("phone_unbound", guess("own_guess", "手机号一直没绑", "是不是这个闹的"), phrases.DIAGNOSIS_GUESSED["own_guess"]),
        ("phone_unbound", guess("own_guess", "手机号早绑了", "是不是你们弄错了"), None),
        ("id_document_expired", guess("related", "身份证换了新的", "跟这有没有关系"), phrases.DIAGNOSIS_GUESSED["related"]),
        ("id_document_expired", guess("related", "跟你们维护有没有关系"), phrases.DIAGNOSIS_NOT_GUESSED["related"]),
        ("risk_blocked", guess("own_guess", "是不是资料没填完"), phrases.DIAGNOSIS_GUESS_UNSEEN),
        ("merchant_risk_blocked", guess("own_guess", "是不是资料没填完"), phrases.DIAGNOSIS_NOT_GUESSED["own_guess"]),
    ],
    ids=["right", "wrong", "points back", "not known", "related", "not related", "decided unseen", "decided about the shop"],
)
def test_a_guess_is_answered_with_a_yes_or_a_no_before_anything_else(
    cause: str,
    asked: dict,
    verdict: phrases.Phrase | None,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    told, *_ = Talk({"o": diagnosed(PUT[cause]).facts}).say("installment_missing", **asked)
    lines = told.text.split("\n")[1:]
    known = {text: each for each in VERDICTS for text in KNOWLEDGE.phrases.texts(each)}
    assert [known[line] for line in lines if line in known] == ([verdict] if verdict else [])
    assert verdict is None or lines[0] in known


VERDICTS = (
    *phrases.DIAGNOSIS_GUESSED.values(),
    *phrases.DIAGNOSIS_GUESSED_ONE.values(),
    *phrases.DIAGNOSIS_NOT_GUESSED.values(),
    phrases.DIAGNOSIS_GUESS_UNSEEN,
)


def test_each_question_of_a_complaint_is_answered_before_what_is_only_told(diagnosed: Diagnose) -> None:  # noqa: F811
    told = Clause("去年嫌短信多", "about_case", aspects=("leak",))
    asks = Clause("重新开要不要上征信", "activation", aspects=("credit",))
    talk = Talk({"o": diagnosed(PUT["closed_by_user"]).facts})
    replies = talk.say(
        "installment_missing", "去年嫌短信多，重新开要不要上征信", aspects=("leak", "credit"), clauses=(told, asks, COMPLAINS)
    )
    said = "\n".join(reply.text for reply in replies)
    cause = KNOWLEDGE.causes["closed_by_user"]
    assert any(text[:10] in said for text in cause.aspects["credit"])
    assert not any(text[:10] in said for text in KNOWLEDGE.aspects["leak"].answer(cause.nature))


@pytest.mark.parametrize(("share", "answered"), [(0.3, True), (0.1, False)])
def test_a_runner_up_that_no_clause_speaks_for_is_no_second_matter(share: float, answered: bool, diagnosed: Diagnose) -> None:  # noqa: F811
    ranked = (("repayment_date", 0.5), ("credit_report", 0.25))
    clauses = (ASKS, Clause("上不上征信呢", "faq_credit_impact", 0.1, (("repayment_date", 0.2), ("credit_report", share))))
    facts = diagnosed(None).facts
    replies = Talk({"o": facts, None: facts}).say("faq_repayment", "还款日哪天，上不上征信呢", topics=ranked, clauses=clauses)
    topics = [reply.data.to_data().get("topic") for reply in replies if reply.data is not None]
    assert ("credit_report" in topics) == answered
