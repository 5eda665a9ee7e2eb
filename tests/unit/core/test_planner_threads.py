"""The planner after an answer: what is a follow-up to it, and what is about something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.core.asked import CERTAIN, LIKELY, SURE, Asked
from actions.core.moves import GiveAnswer, GoOnAbout, HandOverFor, MoveCase
from actions.core.planner import plan
from actions.core.topics import Topic, TopicAnswer
from tests.unit.core.planning import ASPECT, EMERGENCY, FAILURE, MOVE, RULE, topic

THREAD = topic("rule", "thread", aspects={"cost": ("x",)}, further={"who": ("y",)})
UNCLEAR = topic("state", "unclear", vague=True)
PLACED = Topic(id="placed", title="x", kind="action", answers=(TopicAnswer(text=("x",), path="x"),))
FURTHER = [
    # what the message is taken for, how surely, with which sub-questions: what is asked about the thread; None if it is about something else
    (Asked(kind="other", topic=ASPECT), ("why",)),
    (Asked(kind="other", topic=ASPECT, confidence=LIKELY), ("why",)),
    (Asked(kind="other", topic=ASPECT, confidence=LIKELY - 0.01), None),
    (Asked(kind="complaint", topic=ASPECT, confidence=CERTAIN - 0.01, aspects=("upset", "where")), ("upset", "where")),
    (Asked(kind="other", topic=MOVE), ("how_fix",)),
    (Asked(kind="other", topic=topic("case", "now", move="look_again")), ("meaning",)),
    (Asked(kind="other", topic=topic("case", "no", move="correct_subject")), ()),
    (Asked(kind="other", topic=topic("case", "over", move="start_over")), None),
    (Asked(kind="other", topic=UNCLEAR), ()),
    (Asked(kind="other", topic=UNCLEAR, aspects=("tried",)), ("tried",)),
    (Asked(kind="complaint", topic=FAILURE, confidence=SURE - 0.01, alone=("why",)), ("why",)),
    (Asked(kind="question", topic=RULE, alone=("cost",)), ("cost",)),
    (Asked(kind="question", topic=RULE, alone=("credit",)), None),
    (Asked(kind="question", topic=RULE, aspects=("cost",)), None),
    (Asked(kind="question", topic=THREAD, aspects=("why", "cost")), ("cost",)),
    (Asked(kind="question", topic=THREAD, aspects=("why",)), None),
    (Asked(kind="complaint", topic=THREAD, aspects=("cost", "who"), questions=(("cost",), ("why", "who"))), ("cost", "who")),
    (Asked(kind="question", topic=RULE, aspects=("cost", "who"), questions=(("cost",), ("who",))), None),
    (Asked(kind="complaint", topic=FAILURE), None),
    (Asked(kind="question"), None),
]


@pytest.mark.parametrize("wish, further", FURTHER)
def test_after_an_answer_a_follow_up_is_about_what_was_answered(wish: Asked, further: tuple[str, ...] | None) -> None:
    planned = plan(wish, "idle", thread=THREAD)
    assert planned == ((GoOnAbout(THREAD, further),) if further is not None else plan(wish, "idle"))


def test_where_something_is_is_answered_by_the_place_an_answer_names() -> None:
    wish = Asked(kind="question", topic=RULE, alone=("where",))
    assert plan(wish, "idle", thread=PLACED) == (GoOnAbout(PLACED, ("where",)),)
    assert plan(wish, "idle", thread=THREAD) == plan(wish, "idle")


def test_an_emergency_goes_before_the_thread() -> None:
    wish = Asked(kind="other", topic=EMERGENCY, alone=("why",))
    assert plan(wish, "idle", thread=THREAD) == (HandOverFor(EMERGENCY),)


def test_who_is_about_to_do_what_an_answer_says_is_not_told_it_again() -> None:
    about = topic("case", "about_to", move="will_do")
    assert plan(Asked("other", about), "idle", thread=RULE) == (MoveCase(about, "will_do"),)


def test_what_was_answered_last_answers_just_what_it_has_words_for() -> None:
    thread = Topic(id="t", title="t", kind="rule", further={"refund_coupon": ("a",), "cost": ("b",)})
    other = Topic(id="o", title="o", kind="rule")
    narrow = Asked("question", other, 0.7, ("cost", "refund_coupon"), narrow=("refund_coupon",))
    assert plan(narrow, "idle", thread=thread) == (GoOnAbout(thread, ("refund_coupon",)),)
    certain = replace(narrow, confidence=0.9)
    assert plan(certain, "idle", thread=thread) == (GiveAnswer(other),)
    general = Asked("question", other, 0.7, ("cost",))
    assert plan(general, "idle", thread=thread) == (GiveAnswer(other),)
    unsure = replace(general, confidence=0.2)
    assert plan(unsure, "idle", thread=thread) == (GoOnAbout(thread, ("cost",)),)
