"""What is asked beside a call for a person, beside thanks, and where no step is with the customer."""

from __future__ import annotations

from actions.core.messages import AnswerData, HandoffData
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()


def test_what_is_asked_with_the_call_for_a_person_is_answered_behind_the_number(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    (handed,) = talk.say("request_human", "转人工，要等多久", aspects=("how_long",), cue_person="转人工")
    assert isinstance(handed.data, HandoffData)
    assert any(handed.text.endswith(text) for text in KNOWLEDGE.phrases.texts(phrases.QUEUE_PLACE, place="3"))


def test_a_person_who_is_only_spoken_of_is_not_called(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    exact = next(name for name, aspect in KNOWLEDGE.aspects.items() if aspect.exact and aspect.answer("self"))
    (answered,) = talk.say("about_case", "转人工能快点吗", aspects=(exact,), cue_person="转人工")
    assert isinstance(answered.data, AnswerData) and talk.handoffs == [] and answered.buttons[-1].payload == "/request_human"


def test_thanks_leave_the_choices_where_they_were(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["activation_reviewing"]).facts})
    *_, waiting = talk.say("installment_missing", "不能分期")
    (thanked,) = talk.say("thanks", "好的谢谢")
    assert {button.payload for button in waiting.buttons} == {button.payload for button in thanked.buttons}


def test_where_there_is_no_step_who_finds_nothing_is_told_where_and_not_diagnosed_again(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["region_restricted"]).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = talk.say("cannot_find", "在哪弄")
    assert isinstance(answered.data, AnswerData) and talk.phase == "explained"


def test_a_bare_refusal_in_the_queue_leaves_it_to_the_customer_to_leave_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("request_human", "转人工")
    (asked,) = talk.say("deny", "不用了")
    assert '/about_case{"topic": "cancel_person"}' in [button.payload for button in asked.buttons]


def test_a_doubtless_matter_beside_the_case_is_answered_whatever_its_words_seem_to_say(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    own = KNOWLEDGE.causes["overdue"].aspects
    exact = next(name for name, aspect in KNOWLEDGE.aspects.items() if aspect.exact and aspect.answer("self") and name not in own)
    answered, *_ = talk.say("faq_repayment", "用支付宝能还吗", topics=(("repay_methods", 0.9),), aspects=(exact,))
    assert isinstance(answered.data, AnswerData) and answered.data.topic == "repay_methods"


def test_what_the_cause_says_itself_goes_before_a_matter_that_is_not_plain(diagnosed: Diagnose) -> None:  # noqa: F811
    own = KNOWLEDGE.causes["overdue"].aspects
    exact = next(name for name, aspect in KNOWLEDGE.aspects.items() if aspect.exact and name in own)
    for confidence, topic in ((0.9, None), (0.97, "repay_methods")):
        talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
        talk.say("installment_missing", "不能分期")
        answered, *_ = talk.say("faq_repayment", "用支付宝能还吗", topics=(("repay_methods", confidence),), aspects=(exact,))
        assert isinstance(answered.data, AnswerData) and (answered.data.topic == "repay_methods") == (topic is not None)
