"""More than one cause, or more than one order: which of them answers, and that none is left out."""

from __future__ import annotations

import json

import pytest

from actions.core.derived import View
from actions.core.messages import CheckData, DiagnosisData, StepData
from actions.core.turn import Reply
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
OTHER = {
    "items": [{"sku": "2", "category": "c", "merchant": "m", "price": 800, "title": "星尘耳机"}],
    "orders": [{"id": "o2", "user": "u", "lines": [{"sku": "2"}]}],
}


def ask(talk: Talk, topic: str, text: str = "text", confidence: float = 0.9) -> tuple[Reply, ...]:
    return talk.say("about_case", text, topics=((topic, confidence),))


def test_the_cause_that_has_to_do_with_it_answers_though_another_is_on_the_table(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["limit_insufficient"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = ask(talk, "how_much_missing")
    assert "4799.00" in answered.text and "how_much" not in KNOWLEDGE.causes["phone_unbound"].aspects


def test_who_asks_whether_one_fix_suffices_hears_what_else_there_is(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = ask(talk, "what_if_done")
    assert "手机号也没绑" in answered.text
    assert KNOWLEDGE.causes["phone_unbound"].summary not in answered.text, "what was named is not listed once more"


def test_the_short_text_beside_a_list_says_how_many_there_are_and_names_each(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"], PUT["tenors_limited"]).facts})
    (told, _) = talk.say("installment_missing", "不能分期")
    assert isinstance(told.data, DiagnosisData) and told.data.short is not None and len(told.data.causes) == 3
    named = KNOWLEDGE.phrases.texts(phrases.DIAGNOSIS_NAMED["block"], count=2, titles=("有逾期待还", "手机号未绑定"))
    assert named[0] in told.data.short and named[0] not in told.text
    led_in = KNOWLEDGE.phrases.texts(phrases.DIAGNOSIS_LED)[0]
    (answered, _) = Talk({"o": diagnosed(PUT["overdue"]).facts}).say(
        "installment_missing", "提示暂不可用", topics=(("prompt_unavailable", 0.9),)
    )
    assert isinstance(answered.data, DiagnosisData) and answered.data.short is not None
    assert led_in in answered.text.splitlines() and led_in not in answered.data.short.splitlines()
    limits = Talk({"o": diagnosed(PUT["tenors_limited"], PUT["down_payment_required"]).facts})
    (told, _) = limits.say("installment_missing", "不能分期")
    assert isinstance(told.data, DiagnosisData) and told.data.short is not None
    titles = tuple(KNOWLEDGE.causes[each.id].title for each in told.data.causes)
    assert KNOWLEDGE.phrases.texts(phrases.DIAGNOSIS_NAMED["limit"], count=2, titles=titles)[0] in told.data.short


@pytest.mark.parametrize(
    ("causes", "before", "never"),
    [
        pytest.param(("phone_unbound", "bank_card_unusable"), "还拦着的是“银行卡不可用”", "另外还查到", id="the other is named first"),
        pytest.param(("overdue", "merchant_not_enrolled"), "您账户里的那一项", "光这一项还不够", id="words for just these two"),
        pytest.param(("phone_unbound",), "不能说一定", "光这一项还不够", id="it is the only one"),
        pytest.param(("phone_unbound", "tenors_limited"), "不能说一定", "光这一项还不够", id="the other only limits"),
    ],
)
def test_whether_one_of_several_is_enough_is_answered_with_the_others(
    causes: tuple[str, ...],
    before: str,
    never: str,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    talk = Talk({"o": diagnosed(*(PUT[cause] for cause in causes)).facts})
    talk.say("installment_missing", "不能分期")
    (told, *_) = talk.say("about_case", "弄好就能分了吗", topics=(("what_if_done", 0.9),), aspects=("what_if_done",))
    assert before in told.text and never not in told.text, told.text


def test_another_order_that_is_named_in_a_few_words_is_looked_at(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({order: diagnosed(PUT["overdue"], OTHER, order=order).facts for order in ("o", "o2", None)})
    talk.say("installment_missing", "不能分期")
    (told, *_) = ask(talk, "which_one", "那耳机呢", 0.4)
    assert isinstance(told.data, DiagnosisData) and told.data.order == "o2"


def test_who_has_no_other_order_is_not_sent_looking_for_one_on_a_guess(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("about_case", "购物车是空的", topics=(("correct_subject", 0.3), ("case_why", 0.2)))
    assert talk.phase == "doing"


def test_after_an_answer_that_rests_on_a_cause_the_cause_answers_what_is_asked_further(diagnosed: Diagnose) -> None:  # noqa: F811
    facts = diagnosed(PUT["presale_deposit"]).facts
    talk = Talk({"o": facts, None: diagnosed(order=None).facts})
    talk.say("faq_how_to", "预售的能分期吗", topics=(("presale_how", 0.9),))
    (answered,) = ask(talk, "case_how_long")
    own = KNOWLEDGE.causes["presale_deposit"].worded_for(View(facts)).aspects["how_long"]
    further = KNOWLEDGE.answers.topic("presale_how").said_to("how_long")
    assert any((begins := text.split("{")[0]) and answered.text.startswith(begins) for text in (*own, *further)), answered.text


def test_whether_the_limit_does_for_the_rest_of_the_order_is_reckoned(diagnosed: Diagnose) -> None:  # noqa: F811
    goods = {
        "items": [{"sku": "1", "category": "c", "merchant": "m", "price": 2000, "title": "云朵电脑"}, OTHER["items"][0]],
        "orders": [{"id": "o", "user": "u", "lines": [{"sku": "1"}, {"sku": "2"}]}],
        "users": [{"id": "u", "baitiao": {"credit_limit": 2500, "used": 0}}],
    }
    talk = Talk({"o": diagnosed(goods).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = talk.say("about_case", "耳机不要了够不够", topics=(("what_if_done", 0.5),), aspects=("less_goods",))
    assert "2000.00" in answered.text and answered.text.startswith("够")


def test_a_question_is_about_the_cause_that_it_calls_by_name(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (phone,) = talk.say("about_case", "手机号为什么要绑", topics=(("case_why", 0.9),))
    (held,) = talk.say("about_case", "那为什么", topics=(("case_why", 0.9),))
    assert any(text.splitlines()[0] in phone.text for text in KNOWLEDGE.causes["phone_unbound"].aspects["why"])
    assert not any(text.splitlines()[0] in held.text for text in KNOWLEDGE.causes["phone_unbound"].aspects["why"])


def test_who_guesses_the_reason_hears_first_that_it_is_the_one(diagnosed: Diagnose) -> None:  # noqa: F811
    said = KNOWLEDGE.phrases.texts(phrases.DIAGNOSIS_GUESSED["own_guess"])
    talk = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    (told, _) = talk.say("installment_missing", "是不是我没绑手机号的缘故", aspects=("own_guess",))
    assert told.text.splitlines()[1] in said
    other = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    (told, _) = other.say("installment_missing", "是不是我没实名的缘故", aspects=("own_guess",))
    assert not set(told.text.splitlines()) & set(said)


def test_who_guesses_one_of_several_reasons_hears_that_it_is_one_of_them(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    (told, *_) = talk.say("installment_missing", "是不是我没绑手机号的缘故", aspects=("own_guess",))
    assert told.text.splitlines()[1] in KNOWLEDGE.phrases.texts(phrases.DIAGNOSIS_GUESSED_ONE["own_guess"])


ALONE = [topic.id for topic in KNOWLEDGE.answers.topics.values() if any(answer.alone for answer in topic.answers)]
SHOP_AND_LIMIT = ("merchant_not_enrolled", "limit_insufficient")


@pytest.mark.parametrize("topic", ALONE)
def test_a_lead_says_where_the_reason_lies_only_if_it_lies_nowhere_else(diagnosed: Diagnose, topic: str) -> None:  # noqa: F811
    """Neither the shop's nor the customer's part is kept quiet, whichever words lead in."""
    both, one = (
        Talk({"o": diagnosed(*(PUT[cause] for cause in SHOP_AND_LIMIT)).facts}),
        Talk({"o": diagnosed(PUT[SHOP_AND_LIMIT[0]]).facts}),
    )
    home = KNOWLEDGE.answers.intent_of(topic) or "installment_missing"
    named = [text for answer in KNOWLEDGE.answers.topic(topic).answers if answer.alone for text in answer.text]
    (told, *_), (alone, *_) = both.say(home, "text", topics=((topic, 0.9),)), one.say(home, "text", topics=((topic, 0.9),))
    assert not any(text in told.text for text in named) and "店铺" in told.text and "额度" in told.text
    assert "都有" not in alone.text


def test_whose_fault_it_is_names_each_place(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(*(PUT[cause] for cause in SHOP_AND_LIMIT)).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = talk.say("about_case", "谁的问题", topics=(("case_why", 0.3),), aspects=("whose_fault",))
    assert all(owner in answered.text for owner in ("要店铺处理的", "您能办的", "额度还差"))


def test_reasons_of_several_places_that_one_can_change_are_said_to_be_alike(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["self_locked"], PUT["app_outdated"]).facts})
    (told, *_) = talk.say("installment_missing", "不能分期", topics=(("no_option_shown", 0.9),))
    assert "都是您能办的" in told.text


def done_with(replies: tuple[Reply, ...]) -> dict[str, str]:
    """What 已完成 says that it is about, beside its intent."""
    (sent,) = [button.payload for button in replies[-1].buttons if button.title == "已完成"]
    intent, _, about = sent.partition("{")
    assert intent == "/step_done"
    return dict(json.loads("{" + about)) if about else {}


def steps(replies: tuple[Reply, ...]) -> list[tuple[str, int]]:
    return [(reply.data.cause, reply.data.step) for reply in replies if isinstance(reply.data, StepData)]


@pytest.mark.parametrize(("below", "step"), [("the step that came", 2), ("the step before", 1)])
def test_done_below_a_step_that_came_unasked_is_about_that_step(below: str, step: int, diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["bank_card_unusable"]).facts})
    asked = talk.say("installment_missing", "不能分期")
    talk.now_is({"o": diagnosed(PUT["bank_card_unusable"]).facts})
    came = talk.look()
    assert steps(came) == [("bank_card_unusable", 1)]
    answered = talk.say("step_done", "已完成", **done_with(came if below == "the step that came" else asked))
    # That the first cause is gone is said again, for whoever pressed before they had read it.
    assert answered[0].data == CheckData(cause="overdue", passed=True, blocked=True)
    assert steps(answered) == [("bank_card_unusable", step)] and done_with(answered) == {}
