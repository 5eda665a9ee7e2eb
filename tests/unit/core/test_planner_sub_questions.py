"""The planner with several things asked at once: sub-questions, claims and a second matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.core.asked import CERTAIN, SURE, Asked
from actions.core.moves import AnswerAbout, GiveAnswer, GiveDiagnosis, MoveCase, OfferChoices
from actions.core.planner import MOST_ASPECTS, UPSET, plan
from actions.core.topics import Topic, TopicKind
from tests.unit.core.planning import ASPECT, DIALOGUE, EMERGENCY, FAILURE, MOVE, SECOND, STATE, topic


@pytest.mark.parametrize("kind", ["state", "failure"])
def test_only_so_many_sub_questions_are_answered_and_what_is_claimed_goes_with_them(kind: TopicKind) -> None:
    aspects = ("future", "how_long", "cost")
    asked_of = topic(kind, aspects=dict.fromkeys(aspects, ("x",)))
    (first,) = plan(Asked(kind="complaint", topic=asked_of, aspects=aspects, claims=("paid_off",)), "idle")
    assert isinstance(first, (GiveAnswer, GiveDiagnosis))
    assert (first.aspects, first.claims) == (aspects[:MOST_ASPECTS], ("paid_off",))


def test_what_is_claimed_in_a_question_about_the_case_is_put_right_there() -> None:
    assert plan(Asked(kind="other", topic=ASPECT, claims=("paid_off",)), "doing") == (AnswerAbout(ASPECT, ("why",), ("paid_off",)),)


BEHIND = GiveAnswer(SECOND, beside=True)
SECONDS = {
    "diagnosis": (Asked(kind="complaint", topic=FAILURE, second=SECOND), (GiveDiagnosis(FAILURE, second=SECOND),)),
    "answer": (Asked(kind="question", topic=STATE, second=SECOND), (GiveAnswer(STATE), BEHIND, OfferChoices())),
    "about the case": (
        Asked(kind="other", topic=ASPECT, second=SECOND),
        (AnswerAbout(ASPECT, ("why",)), BEHIND, OfferChoices()),
    ),
    "move": (Asked(kind="other", topic=MOVE, second=SECOND), (BEHIND, MoveCase(MOVE, "next_step"))),
}


@pytest.mark.parametrize("name", SECONDS)
def test_a_second_matter_is_answered_too_and_the_choices_of_the_case_come_last(name: str) -> None:
    wish, expected = SECONDS[name]
    assert plan(wish, "doing") == expected


@pytest.mark.parametrize("second", [STATE, FAILURE, EMERGENCY, ASPECT, MOVE, DIALOGUE], ids=lambda each: each.id)
def test_a_second_matter_that_no_answer_settles_or_that_is_the_first_is_left_out(second: Topic) -> None:
    assert plan(Asked(kind="question", topic=STATE, second=second), "idle") == (GiveAnswer(STATE),)


HEARD = {
    "what was heard in so many words": (("undo",), ("undo",)),
    "a word of understanding first": (("safe", "upset"), ("upset", "safe")),
    "understanding, and what the topic stands for": (("upset",), ("upset", "why")),
    "two at most": (("upset", "undo", "safe"), ("upset", "undo")),
    "what says no more than the topic": (("cost",), ("why",)),
}


@pytest.mark.parametrize("heard, expected", HEARD.values(), ids=list(HEARD))
def test_a_follow_up_is_answered_by_what_was_heard(heard: tuple[str, ...], expected: tuple[str, ...]) -> None:
    doubtful = Asked(kind="other", topic=ASPECT, confidence=CERTAIN - 0.01, aspects=heard)
    assert plan(doubtful, "doing") == (AnswerAbout(ASPECT, expected),)


def test_what_a_follow_up_surely_is_comes_before_its_words() -> None:
    assert plan(Asked(kind="other", topic=ASPECT, aspects=("undo",)), "doing") == (AnswerAbout(ASPECT, ("why",)),)
    assert plan(Asked(kind="other", topic=ASPECT, aspects=("undo", "why")), "doing") == (AnswerAbout(ASPECT, ("why", "undo")),)
    doubt = topic("case", "doubt", aspect="sure")
    assert plan(Asked(kind="other", topic=doubt, aspects=("undo",)), "doing") == (AnswerAbout(doubt, ("undo",)),)


def test_a_diagnosis_takes_up_what_was_asked_most_exactly() -> None:
    asked = Asked("complaint", None, 0.9, ("worked_before", "why", "new_baitiao", UPSET), narrow=("new_baitiao",))
    (part,) = plan(asked, "idle")
    assert isinstance(part, GiveDiagnosis) and part.aspects == (UPSET, "new_baitiao")


def test_a_diagnosis_answers_why_itself_so_that_two_other_sub_questions_are_answered() -> None:
    (part,) = plan(Asked("complaint", None, 0.9, ("why", "future", "other_orders"), narrow=("other_orders",)), "idle")
    assert isinstance(part, GiveDiagnosis) and part.aspects == ("other_orders", "future")


def test_how_long_says_more_than_what_a_doubtful_matter_stands_for() -> None:
    asked = Asked(kind="other", topic=ASPECT, confidence=SURE - 0.01, aspects=("how_long",))
    assert plan(asked, "explained") == (AnswerAbout(ASPECT, ("how_long",)),)
    assert plan(replace(asked, confidence=SURE), "explained") == (AnswerAbout(ASPECT, ("why",)),)
