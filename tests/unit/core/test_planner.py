"""The planner: what was asked, how surely, in which phase and with which causes, to the parts of the reply. Pure tables."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from actions.core.asked import (
    ALARMING,
    ALARMING_ALONE,
    ALARMING_TOGETHER,
    CERTAIN,
    FAR_AHEAD,
    LIKELY,
    NONE_TOGETHER,
    SURE,
    Asked,
    WishKind,
    emergency_in,
    tells_of_none,
)
from actions.core.case import Phase
from actions.core.moves import (
    AnswerAbout,
    AskBack,
    AskInCase,
    GiveAnswer,
    GiveDiagnosis,
    GoOnAbout,
    HandOverFor,
    MoveCase,
    OfferChoices,
    Part,
)
from actions.core.planner import MOST_ASPECTS, UPSET, plan
from actions.core.topics import CaseMove, Topic, TopicAnswer, TopicKind

SAID = (TopicAnswer(text=("x",)),)
PHASES: tuple[Phase, ...] = get_args(Phase)
NOTHING_ON_THE_TABLE = ("idle", "asking_subject")
OPEN = tuple(phase for phase in PHASES if phase not in NOTHING_ON_THE_TABLE)
WITHOUT_A_CASE = ("queue_status", "cancel_person", "correct_subject", "start_over", "give_up")
"""Moves that mean something though nothing is on the table."""
CONFIDENCE = {"sure": SURE, "unsure": ALARMING - 0.01}


def topic(kind: TopicKind, name: str = "", **more: object) -> Topic:
    needed: dict[str, object] = {"answers": SAID}
    if kind == "failure":
        needed["nothing_found"] = ("x",)
    if kind == "emergency":
        needed["reason"] = "fraud"
    return Topic(id=name or kind, title="x", kind=kind, **{**needed, **more})  # type: ignore[arg-type]


ASPECT = topic("case", "case_why", aspect="why")
MOVE = topic("case", "next_step", move="next_step")
STATE, RULE, ACTION = topic("state"), topic("rule"), topic("action")
FAILURE, EMERGENCY, DIALOGUE = topic("failure"), topic("emergency"), topic("dialogue")
SECOND, GUESS = topic("rule", "second"), topic("rule", "guess")
TOPICS = {"state": STATE, "rule": RULE, "action": ACTION, "failure": FAILURE, "emergency": EMERGENCY, "aspect": ASPECT, "move": MOVE,
          "dialogue": DIALOGUE, "none": None}  # fmt: skip

TABLE = """
kind        surely  complaint         question          other
state       sure    answer            answer            answer
state       unsure  diagnosis         answer+guesses    answer+guesses
rule        sure    answer            answer            answer
rule        unsure  diagnosis         answer+guesses    answer+guesses
action      sure    answer            answer            answer
action      unsure  diagnosis         answer+guesses    answer+guesses
failure     sure    led-diagnosis     led-diagnosis     led-diagnosis
failure     unsure  diagnosis         ask               ask
emergency   sure    person            person            person
emergency   unsure  diagnosis         ask               ask
aspect      sure    diagnosis         diagnosis         diagnosis
aspect      unsure  diagnosis         ask               ask
move        sure    diagnosis         diagnosis         diagnosis
move        unsure  diagnosis         ask               ask
dialogue    sure    diagnosis         diagnosis         diagnosis
dialogue    unsure  diagnosis         ask               ask
none        unsure  diagnosis         ask               ask
"""
"""With nothing on the table: kind of topic and how sure it is, by kind of wish. The parts are spelled out below."""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(kind, surely, wish, cell) for kind, surely, *cells in ROWS for wish, cell in zip(HEAD[2:], cells)]

IN_A_CASE = {"aspect": "about", "move": "moves"}
"""What questions about the case become where there is one, however sure they are."""


def asked(kind: str, surely: str, wish: WishKind, **more: object) -> Asked:
    return Asked(kind=wish, topic=TOPICS[kind], confidence=CONFIDENCE[surely] if TOPICS[kind] else 0.0, guesses=(GUESS,), **more)  # type: ignore[arg-type]


def spelled(name: str, kind: str, surely: str, phase: Phase) -> tuple[Part, ...]:
    one = TOPICS[kind]
    back = () if phase == "idle" else (OfferChoices(),)
    if name == "ask":
        return (AskBack((GUESS,)), *back)
    if name == "diagnosis":
        # What a follow-up asks is asked of the diagnosis, where it is the first thing said.
        asked_of_it = (one.aspect,) if one is not None and one.aspect and surely == "sure" else ()
        return (GiveDiagnosis(aspects=asked_of_it),)
    assert one is not None
    return {
        "answer": (GiveAnswer(one), *back),
        "answer+guesses": (GiveAnswer(one, guesses=(GUESS,)), *back),
        "led-diagnosis": (GiveDiagnosis(one),),
        "person": (HandOverFor(one),),
        "about": (AnswerAbout(one, (one.aspect or "",)),),
        "moves": (MoveCase(one, one.move or "next_step"),),
    }[name]


@pytest.mark.parametrize("kind, surely, wish, expected", CELLS, ids=lambda each: str(each))
@pytest.mark.parametrize("phase", PHASES)
def test_what_is_asked_is_what_is_planned(phase: Phase, kind: str, surely: str, wish: WishKind, expected: str) -> None:
    name = IN_A_CASE.get(kind, expected) if phase in OPEN else expected
    assert plan(asked(kind, surely, wish), phase) == spelled(name, kind, surely, phase)


def test_the_table_above_is_complete() -> None:
    kinds = {"case" if name in IN_A_CASE else name for name, _, _, _ in CELLS} - {"none"}
    assert kinds == set(get_args(TopicKind))
    assert {wish for _, _, wish, _ in CELLS} == set(get_args(WishKind))
    assert {(kind, surely) for kind, surely, _, _ in CELLS} == {(kind, surely) for kind in TOPICS for surely in CONFIDENCE} - {
        ("none", "sure")
    }


@pytest.mark.parametrize("kind", ["state", "rule", "action"])
def test_an_account_in_danger_comes_before_whatever_is_complained_of(kind: TopicKind) -> None:
    assert plan(Asked("complaint", topic(kind), endangered=True), "idle") == (GiveDiagnosis(),)
    assert plan(Asked("question", topic(kind), endangered=True), "idle") != (GiveDiagnosis(),)


def test_nobody_is_sent_to_a_person_by_a_doubt() -> None:
    doubted = Asked(kind="question", topic=TOPICS["emergency"], confidence=ALARMING - 0.01, guesses=(GUESS,))
    assert plan(doubted, "idle") == (AskBack((GUESS,)),)


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_said_too_shortly_is_about_the_case_where_there_is_one(phase: Phase) -> None:
    vague = topic("state", vague=True)
    expected: Part = GiveAnswer(vague) if phase == "idle" else AskInCase()
    assert plan(Asked(kind="other", topic=vague), phase) == (expected,)


@pytest.mark.parametrize("move", get_args(CaseMove))
@pytest.mark.parametrize("phase", NOTHING_ON_THE_TABLE)
def test_with_nothing_on_the_table_only_some_moves_mean_anything(phase: Phase, move: CaseMove) -> None:
    one = topic("case", move, move=move)
    expected: Part = MoveCase(one, move) if move in WITHOUT_A_CASE else GiveDiagnosis()
    assert plan(Asked(kind="other", topic=one), phase) == (expected,)


THREAD = topic("rule", "thread", aspects={"cost": ("x",)})
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


@pytest.mark.parametrize("kind", ["state", "rule", "action"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_cause_that_stands_in_the_way_of_the_wish_is_named_last_unless_there_is_a_case(phase: Phase, kind: TopicKind) -> None:
    one = topic(kind, causes=("overdue", "self_locked", "limit_zero"))
    for found, named in ((("limit_zero", "self_locked"), "self_locked"), (("risk_blocked",), None), ((), None)):
        (first, *_) = plan(Asked(kind="question", topic=one), phase, found)
        assert first == GiveAnswer(one, also=named if phase in NOTHING_ON_THE_TABLE else None)


@pytest.mark.parametrize("phase", PHASES)
def test_a_complaint_about_what_a_cause_blocks_is_answered_and_then_diagnosed(phase: Phase) -> None:
    one = topic("rule", causes=("overdue",), aspects={"why": ("x",)})
    wish = Asked(kind="complaint", topic=one, aspects=("why",), claims=("no_overdue",), second=SECOND)
    assert plan(wish, phase, ("overdue",)) == (GiveAnswer(one, ("why",), ("no_overdue",)), GiveDiagnosis(second=SECOND, answered=one))
    # What blocks something else is not diagnosed at everybody who complains.
    assert not any(isinstance(part, GiveDiagnosis) for part in plan(wish, phase, ("limit_zero",)))


@pytest.mark.parametrize("kind", ["state", "failure"])
def test_only_so_many_sub_questions_are_answered_and_what_is_claimed_goes_with_them(kind: TopicKind) -> None:
    aspects = ("future", "how_long", "cost")
    asked_of = topic(kind, aspects=dict.fromkeys(aspects, ("x",)))
    (first,) = plan(Asked(kind="complaint", topic=asked_of, aspects=aspects, claims=("paid_off",)), "idle")
    assert isinstance(first, (GiveAnswer, GiveDiagnosis))
    assert (first.aspects, first.claims) == (aspects[:MOST_ASPECTS], ("paid_off",))


def test_what_is_claimed_in_a_question_about_the_case_is_put_right_there() -> None:
    assert plan(Asked(kind="other", topic=ASPECT, claims=("paid_off",)), "doing") == (AnswerAbout(ASPECT, ("why",), ("paid_off",)),)


SECONDS = {
    "diagnosis": (Asked(kind="complaint", topic=FAILURE, second=SECOND), (GiveDiagnosis(FAILURE, second=SECOND),)),
    "answer": (Asked(kind="question", topic=STATE, second=SECOND), (GiveAnswer(STATE), GiveAnswer(SECOND), OfferChoices())),
    "about the case": (
        Asked(kind="other", topic=ASPECT, second=SECOND),
        (AnswerAbout(ASPECT, ("why",)), GiveAnswer(SECOND), OfferChoices()),
    ),
    "move": (Asked(kind="other", topic=MOVE, second=SECOND), (GiveAnswer(SECOND), MoveCase(MOVE, "next_step"))),
}


@pytest.mark.parametrize("name", SECONDS)
def test_a_second_matter_is_answered_too_and_the_choices_of_the_case_come_last(name: str) -> None:
    wish, expected = SECONDS[name]
    assert plan(wish, "doing") == expected


@pytest.mark.parametrize("second", [STATE, FAILURE, EMERGENCY, ASPECT, MOVE, DIALOGUE], ids=lambda each: each.id)
def test_a_second_matter_that_no_answer_settles_or_that_is_the_first_is_left_out(second: Topic) -> None:
    assert plan(Asked(kind="question", topic=STATE, second=second), "idle") == (GiveAnswer(STATE),)


def test_all_emergencies_together_call_a_person_and_the_likeliest_is_the_reason() -> None:
    other = topic("emergency", "other")
    half, rest = ALARMING_TOGETHER / 2, 1 - ALARMING_TOGETHER
    assert emergency_in([(RULE, rest), (EMERGENCY, half), (other, half)]) == EMERGENCY
    assert emergency_in([(RULE, rest), (EMERGENCY, half), (other, half - 0.01)]) is None
    assert emergency_in([(EMERGENCY, ALARMING), (RULE, 0.3)]) == EMERGENCY
    assert emergency_in([(EMERGENCY, ALARMING - 0.01), (RULE, 0.3)]) is None
    assert emergency_in([(RULE, 1.0)]) is None and emergency_in([]) is None


def test_an_emergency_that_no_other_matter_comes_near_calls_a_person_though_nothing_is_sure() -> None:
    near = ALARMING_ALONE / FAR_AHEAD
    assert emergency_in([(EMERGENCY, ALARMING_ALONE), (RULE, near)]) == EMERGENCY
    assert emergency_in([(EMERGENCY, ALARMING_ALONE), (RULE, near + 0.01)]) is None
    assert emergency_in([(EMERGENCY, ALARMING_ALONE - 0.01), (RULE, 0.01)]) is None


def test_what_is_surely_about_another_matter_tells_of_no_emergency() -> None:
    assert tells_of_none([(RULE, 0.6), (EMERGENCY, NONE_TOGETHER - 0.01)], sure=0.6)
    assert not tells_of_none([(RULE, 0.59), (EMERGENCY, 0.0)], sure=0.6)
    assert not tells_of_none([(RULE, 0.9), (EMERGENCY, NONE_TOGETHER)], sure=0.6)
    assert not tells_of_none([(EMERGENCY, 0.9), (RULE, 0.1)], sure=0.6) and not tells_of_none([], sure=0.6)


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


@pytest.mark.parametrize(
    ("kind", "found", "diagnosed"),
    [
        ("state", ("other",), True),
        ("action", ("other",), True),
        ("rule", ("other",), False),
        ("state", ("blamed", "other"), False),
        ("state", (), False),
    ],
)
def test_what_keeps_an_order_from_being_split_is_named_when_it_is_not_what_the_customer_blames(
    kind: TopicKind, found: tuple[str, ...], diagnosed: bool
) -> None:
    asked = Asked("complaint", topic(kind), blamed=("blamed",))
    parts = plan(asked, "idle", found)
    assert isinstance(parts[0], GiveAnswer)
    assert any(isinstance(part, GiveDiagnosis) and part.answered for part in parts) == diagnosed


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


def test_a_diagnosis_takes_up_what_was_asked_most_exactly() -> None:
    asked = Asked("complaint", None, 0.9, ("worked_before", "why", "new_baitiao", UPSET), narrow=("new_baitiao",))
    (part,) = plan(asked, "idle")
    assert isinstance(part, GiveDiagnosis) and part.aspects == (UPSET, "new_baitiao")


def test_a_diagnosis_answers_why_itself_so_that_two_other_sub_questions_are_answered() -> None:
    (part,) = plan(Asked("complaint", None, 0.9, ("why", "future", "other_orders"), narrow=("other_orders",)), "idle")
    assert isinstance(part, GiveDiagnosis) and part.aspects == ("other_orders", "future")


def test_what_is_doubtful_but_about_the_block_is_diagnosed() -> None:
    guess = Topic(id="g", title="g", kind="rule")
    doubtful = Asked("question", guess, 0.2, guesses=(guess,), of_block=0.6)
    failure = Topic(id="f", title="f", kind="failure")
    assert plan(replace(doubtful, topic=failure), "idle", ("overdue",)) == (GiveDiagnosis(None),)
    assert plan(replace(doubtful, topic=failure), "idle") == (AskBack((guess,)),)
    assert plan(replace(doubtful, topic=failure, of_block=0.2), "idle", ("overdue",)) == (AskBack((guess,)),)
