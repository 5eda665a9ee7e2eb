"""Questions and remarks within a case: what each of them does where the case stands, and that its choices stay within reach."""

from __future__ import annotations

from typing import Callable, Optional, get_args

import pytest

from actions.core.messages import AnswerData
from actions.core.topics import CaseMove
from actions.core.turn import Reply
from actions.dialogue.follow_up import _MOVES
from actions.knowledge import phrases
from actions.knowledge.phrases import Phrase
from tests.composed import project_knowledge
from tests.unit.core.conftest import Diagnose, database, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk
from tests.worlds.healthy import injections

KNOWLEDGE = project_knowledge()
PUT = injections()
CASE_TOPICS = {topic.id: topic for topic in KNOWLEDGE.answers.topics.values() if topic.kind == "case"}
ASPECTS = [name for name, topic in CASE_TOPICS.items() if topic.aspect is not None]
SITUATIONS = {
    "doing": "overdue",
    "waiting": "activation_reviewing",
    "explained": "region_restricted",
    "resolved": "tenors_limited",
    "handed_over": "overdue",
}
"""Situation → the cause that leads there."""
Situated = Callable[[str], Talk]


@pytest.fixture
def situated(diagnosed: Diagnose) -> Situated:  # noqa: F811
    """A conversation in a situation."""

    def talk_in(situation: str) -> Talk:
        cause = PUT[SITUATIONS[situation]]
        other = {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]}
        talk = Talk(
            {"o": diagnosed(cause).facts, "o2": diagnosed(cause, other, order="o2").facts, None: diagnosed(cause, order=None).facts}
        )
        talk.say("installment_missing", "不能分期")
        if situation == "handed_over":
            talk.say("request_human", "转人工")
        assert talk.phase == situation
        return talk

    return talk_in


def follow(talk: Talk, topic: str, **more: object) -> tuple[Reply, ...]:
    return talk.say("about_case", "text", topics=((topic, 0.9),), **more)  # type: ignore[arg-type]


def said(reply: Reply, phrase: Phrase, **values: object) -> bool:
    return any(text in reply.text for text in KNOWLEDGE.phrases.texts(phrase, **values))


def kind(reply: Reply) -> str:
    return reply.data.type if reply.data is not None else "text"


# --- aspects ---------------------------------------------------------------------------------------------------------------------------

LOOK, CANCEL, PERSON = "/step_done", '/about_case{"topic": "cancel_person"}', "/request_human"
CHOICES = {
    "doing": [LOOK, "/cannot_find", "/step_failed"],
    "waiting": ['/affirm{"topic": "wait_for_notice"}', LOOK],
    "explained": ['/faq_how_to{"topic": "pay_by_card"}'],
    "resolved": ["/step_failed"],
    "handed_over": [LOOK, CANCEL],
}
"""What the choices that every answer within the case must leave send, a person at the end apart."""


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", ASPECTS)
def test_every_aspect_is_answered_in_every_situation_without_repeating_the_diagnosis(situated: Situated, situation: str, name: str) -> None:
    talk = situated(situation)
    (answered,) = follow(talk, name)
    assert isinstance(answered.data, AnswerData) and answered.data.topic == name
    assert answered.text.strip() and "{" not in answered.text
    cause = KNOWLEDGE.causes[SITUATIONS[situation]]
    assert not all(line in answered.text for line in cause.explanation)
    assert talk.phase == situation


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", ["case_why", "other_causes", "will_do", "queue_status"])
def test_an_answer_within_a_case_leaves_its_choices(situated: Situated, situation: str, name: str) -> None:
    (answered,) = follow(situated(situation), name)
    payloads = [button.payload for button in answered.buttons]
    assert set(CHOICES[situation]) <= set(payloads) and payloads[-1] == PERSON


def test_what_a_cause_says_itself_goes_before_the_usual_answer_of_its_nature(situated: Situated) -> None:
    (answered,) = follow(situated("explained"), "case_why")
    own = KNOWLEDGE.causes["region_restricted"].aspects.get("why")
    assert answered.text in (own or KNOWLEDGE.aspects["why"].answer("rule"))


@pytest.mark.parametrize("situation, answers", [("resolved", "resolved"), ("handed_over", "queued")])
def test_after_the_end_and_while_a_person_is_awaited_there_are_answers_of_their_own(
    situated: Situated, situation: str, answers: str
) -> None:
    (answered,) = follow(situated(situation), "case_how_long")
    if situation == "handed_over":
        assert answered.text in KNOWLEDGE.aspects["how_long"].answers[answers]
    else:
        # A limit is still there after the end of a case; what it says itself counts.
        own = KNOWLEDGE.causes["tenors_limited"].aspects.get("how_long", ())
        assert answered.text in (*own, *KNOWLEDGE.aspects["how_long"].answers[answers], *KNOWLEDGE.aspects["how_long"].answer("rule"))


def test_what_the_customer_claims_in_a_question_is_put_right_first(situated: Situated) -> None:
    talk = situated("doing")
    (plain,) = follow(talk, "case_why")
    (corrected,) = follow(talk, "case_how_long", claims=("no_overdue",))
    overdue = KNOWLEDGE.claims["no_overdue"].contradicted
    first = corrected.text.splitlines()[0]
    assert any(first.startswith(text.partition("{")[0]) for text in overdue)
    assert plain.text.splitlines()[0] != first


# --- moves -----------------------------------------------------------------------------------------------------------------------------


def test_every_move_does_something_and_is_asked_for_by_a_topic_or_made_by_the_talk() -> None:
    assert set(_MOVES) == set(get_args(CaseMove))
    assert {topic.move for topic in CASE_TOPICS.values() if topic.move} | {"start_over"} == set(_MOVES)


MOVES: dict[str, dict[str, tuple[list[str], str]]] = {
    "next_step": {
        "doing": (["answer", "step"], "doing"),
        "waiting": (["answer"], "waiting"),
        "explained": (["answer"], "explained"),
        "resolved": (["answer"], "resolved"),
        "handed_over": (["answer"], "handed_over"),
    },
    "other_causes": {situation: (["answer"], situation) for situation in SITUATIONS},
    "other_step_first": {situation: (["answer"], situation) for situation in SITUATIONS},
    "is_it_done_now": {
        "doing": (["check", "step"], "doing"),
        "waiting": (["check", "waiting"], "waiting"),
        "explained": (["check", "explained"], "explained"),
        "resolved": (["resolved"], "resolved"),
    },
    "did_part": {
        "doing": (["answer"], "doing"),
        "waiting": (["answer"], "waiting"),
        "explained": (["answer"], "explained"),
        "resolved": (["resolved"], "resolved"),
    },
    "will_do": {situation: (["answer"], situation) for situation in SITUATIONS},
    "give_up": {situation: (["answer"], "idle") for situation in ("doing", "waiting", "explained", "resolved")},
    "cancel_person": {situation: (["answer"], situation) for situation in ("doing", "waiting", "explained", "resolved")},
    "queue_status": {situation: (["answer"], situation) for situation in SITUATIONS},
    "correct_subject": {situation: (["clarify"], "asking_subject") for situation in SITUATIONS},
}
"""Topic → situation → the replies, and where the case stands then."""


@pytest.mark.parametrize("name, situation", [(name, situation) for name, row in MOVES.items() for situation in row])
def test_every_move_in_every_situation(situated: Situated, name: str, situation: str) -> None:
    talk = situated(situation)
    replies = follow(talk, name)
    assert ([kind(reply) for reply in replies], talk.phase) == MOVES[name][situation]


def test_the_table_of_moves_is_complete() -> None:
    assert {CASE_TOPICS[name].move for name in MOVES} | {"start_over"} == set(_MOVES)


@pytest.mark.parametrize("more, phrase", [(None, phrases.ONLY_CAUSE), ("self_locked", phrases.OTHER_CAUSES)])
def test_other_causes_are_named_in_a_line_each_and_none_is_made_up(diagnosed: Diagnose, more: Optional[str], phrase: Phrase) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(*(PUT[name] for name in ("phone_unbound", more) if name)).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = follow(talk, "other_causes")
    held = next(cause for cause in (more, "phone_unbound") if cause)
    assert said(answered, phrase, title=KNOWLEDGE.causes[held].title)
    assert ("·" in answered.text) == (more is not None)


def test_a_part_that_is_done_counts_as_no_failed_check(situated: Situated) -> None:
    talk = situated("doing")
    for _ in range(4):
        (answered,) = follow(talk, "did_part")
        assert kind(answered) == "answer"
    assert talk.handoffs == [] and talk.phase == "doing"


def test_who_gives_up_a_wait_is_not_told_of_its_end(situated: Situated) -> None:
    talk = situated("waiting")
    talk.say("affirm", "好", topic="wait_for_notice")
    assert talk.wishes
    (answered,) = follow(talk, "give_up")
    assert said(answered, phrases.GIVEN_UP_NOTICE) and talk.wishes == set()


def test_what_was_given_up_can_be_taken_up_again(situated: Situated) -> None:
    talk = situated("doing")
    (given_up,) = follow(talk, "give_up")
    look, person = given_up.buttons
    assert (look.payload, person.payload) == ("/step_done", "/request_human")
    (agreed,) = talk.say("affirm", "好的")
    assert said(agreed, phrases.ANYTHING_ELSE) and agreed.buttons == given_up.buttons
    found = talk.say("step_done", "再查一次")
    assert ([kind(reply) for reply in found], talk.phase) == (["diagnosis", "step"], "doing")


def test_nobody_waits_for_a_person_without_having_called_one(situated: Situated) -> None:
    (answered,) = follow(situated("doing"), "queue_status")
    assert said(answered, phrases.NOT_QUEUED)
    (answered,) = follow(situated("handed_over"), "queue_status")
    assert said(answered, phrases.QUEUE_STATUS, number="h-1")
    (answered,) = follow(situated("doing"), "cancel_person")
    assert said(answered, phrases.NO_PERSON_CALLED)


def test_the_wish_for_a_person_can_be_taken_back(situated: Situated) -> None:
    talk = situated("handed_over")
    follow(talk, "cancel_person")
    assert talk.chosen == ["go_on"]


@pytest.mark.parametrize("name", ASPECTS)
def test_a_question_about_a_case_that_has_not_begun_is_answered_with_the_diagnosis(diagnosed: Diagnose, name: str) -> None:  # noqa: F811
    (told, *_) = follow(Talk({"o": diagnosed(PUT["overdue"]).facts, None: diagnosed(order=None).facts}), name)
    assert kind(told) == "diagnosis"


def test_a_step_that_the_state_no_longer_has_can_still_be_looked_for(diagnosed: Diagnose) -> None:  # noqa: F811
    """What was sent in is in review now, which has one step instead of two."""
    unverified, pending = ({"users": [{"id": "u", "realname": realname}]} for realname in ("unverified", "pending"))
    talk = Talk({"o": diagnosed(unverified).facts})
    talk.say("installment_missing", "不能分期")
    (step,) = talk.say("step_done", "好了")[-1:]
    assert kind(step) == "step" and step.data is not None and step.data.to_data()["step"] == 2
    talk.now_is({"o": diagnosed(pending).facts})
    (hint,) = talk.say("cannot_find", "找不到")
    assert hint.data is not None and (hint.data.to_data()["step"], hint.data.to_data()["steps"]) == (1, 1)
