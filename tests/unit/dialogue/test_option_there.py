"""Whether the option is there by now: asked, said by the customer, and asked again after a case was given up."""

from __future__ import annotations

from actions.core.messages import AnswerData
from actions.core.turn import Reply
from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
OVERDUE = injections()["overdue"]


def ask(talk: Talk, topic: str) -> list[Reply]:
    return talk.say("about_case", "text", topics=((topic, 0.9),))  # type: ignore[no-any-return]


def said(reply: Reply, phrase: phrases.Phrase) -> bool:
    return reply.text in KNOWLEDGE.phrases.texts(phrase)


def test_where_nothing_blocks_only_the_customer_can_say_whether_it_is_there(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed().facts})
    talk.say("installment_missing", "不能分期")
    (asked,) = ask(talk, "is_it_done_now")
    assert said(asked, phrases.CONFIRM) and talk.phase == "confirming"
    (believed,) = ask(talk, "option_appeared")
    assert said(believed, phrases.CONFIRMED) and talk.phase == "resolved"


def test_what_the_state_blocks_is_not_there_whatever_is_said(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed().facts})
    talk.say("installment_missing", "不能分期")
    talk.now_is({"o": diagnosed(OVERDUE).facts})
    ask(talk, "option_appeared")
    assert talk.phase == "doing"


def test_what_was_found_is_still_answered_for_after_the_case_was_given_up(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(OVERDUE).facts})
    talk.say("installment_missing", "不能分期")
    (given_up,) = ask(talk, "give_up")
    (answered,) = ask(talk, "are_you_sure")
    assert isinstance(answered.data, AnswerData) and answered.buttons == given_up.buttons
    assert answered.text in KNOWLEDGE.causes["overdue"].aspects.get("sure", ()) or "120.50" in answered.text


def test_what_was_asked_before_the_order_was_known_is_answered_with_what_is_asked_then(diagnosed: Diagnose) -> None:  # noqa: F811
    other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
    talk = Talk({name: diagnosed(OVERDUE, other, order=name).facts for name in ("o", "o2", None)}, token=None)
    talk.say("installment_missing", "不能分期，会影响征信吗", aspects=("credit",))
    told, *_ = talk.say("installment_missing", "第一个，要多久", order="o", aspects=("how_long",))
    for aspect in ("credit", "how_long"):
        own = KNOWLEDGE.causes["overdue"].aspects[aspect]
        assert any(text.splitlines()[0].partition("{")[0] in told.text for text in own), aspect


def test_who_does_not_see_it_is_shown_what_else_can_be_tried_before_a_person_is_called(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed().facts})
    talk.say("installment_missing", "不能分期")
    ask(talk, "is_it_done_now")
    (step,) = talk.say("step_failed", "还是没有")
    assert step.data is not None and step.data.to_data()["step"] == 2 and talk.handoffs == []
