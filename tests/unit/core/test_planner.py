"""The planner: what was asked, how surely, in which phase and with which causes, to the parts of the reply. Pure tables."""

from __future__ import annotations

from typing import get_args

import pytest

from actions.core.case import Phase
from actions.core.planner import (
    ALARMING,
    ALARMING_TOGETHER,
    MOST_ASPECTS,
    SURE,
    AnswerAbout,
    AskBack,
    Asked,
    GiveAnswer,
    GiveDiagnosis,
    HandOverFor,
    MoveCase,
    OfferChoices,
    Part,
    WishKind,
    emergency_in,
    plan,
)
from actions.core.topics import CaseMove, Topic, TopicAnswer, TopicKind

SAID = (TopicAnswer(text=("x",)),)
PHASES: tuple[Phase, ...] = get_args(Phase)
NOTHING_ON_THE_TABLE = ("idle", "asking_subject")
OPEN = tuple(phase for phase in PHASES if phase not in NOTHING_ON_THE_TABLE)
WITHOUT_A_CASE = ("queue_status", "cancel_person", "correct_subject", "start_over", "give_up")
"""Moves that mean something though nothing is on the table."""
CONFIDENCE = {"sure": SURE, "unsure": SURE - 0.01}


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


def spelled(name: str, kind: str, phase: Phase) -> tuple[Part, ...]:
    one = TOPICS[kind]
    back = () if phase == "idle" else (OfferChoices(),)
    if name == "ask":
        return (AskBack((GUESS,)), *back)
    if name == "diagnosis":
        return (GiveDiagnosis(),)
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
    assert plan(asked(kind, surely, wish), phase) == spelled(name, kind, phase)


def test_the_table_above_is_complete() -> None:
    kinds = {"case" if name in IN_A_CASE else name for name, _, _, _ in CELLS} - {"none"}
    assert kinds == set(get_args(TopicKind))
    assert {wish for _, _, wish, _ in CELLS} == set(get_args(WishKind))
    assert {(kind, surely) for kind, surely, _, _ in CELLS} == {(kind, surely) for kind in TOPICS for surely in CONFIDENCE} - {
        ("none", "sure")
    }


@pytest.mark.parametrize("move", get_args(CaseMove))
@pytest.mark.parametrize("phase", NOTHING_ON_THE_TABLE)
def test_with_nothing_on_the_table_only_some_moves_mean_anything(phase: Phase, move: CaseMove) -> None:
    one = topic("case", move, move=move)
    expected: Part = MoveCase(one, move) if move in WITHOUT_A_CASE else GiveDiagnosis()
    assert plan(Asked(kind="other", topic=one), phase) == (expected,)


@pytest.mark.parametrize("kind", ["state", "rule", "action"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_cause_that_stands_in_the_way_of_the_wish_is_named_last_unless_there_is_a_case(phase: Phase, kind: TopicKind) -> None:
    one = topic(kind, causes=("overdue", "self_locked", "limit_zero"))
    for found, named in ((("limit_zero", "self_locked"), "self_locked"), (("risk_blocked",), None), ((), None)):
        (first, *_) = plan(Asked(kind="question", topic=one), phase, found)
        assert first == GiveAnswer(one, also=named if phase in NOTHING_ON_THE_TABLE else None)


@pytest.mark.parametrize("phase", PHASES)
def test_a_complaint_about_what_a_cause_blocks_is_answered_and_then_diagnosed(phase: Phase) -> None:
    one = topic("rule", causes=("overdue",))
    wish = Asked(kind="complaint", topic=one, aspects=("why",), claims=("no_overdue",), second=SECOND)
    assert plan(wish, phase, ("overdue",)) == (GiveAnswer(one, ("why",), ("no_overdue",)), GiveDiagnosis(second=SECOND, answered=True))
    # What blocks something else is not diagnosed at everybody who complains.
    assert not any(isinstance(part, GiveDiagnosis) for part in plan(wish, phase, ("limit_zero",)))


@pytest.mark.parametrize("kind", ["state", "failure"])
def test_only_so_many_sub_questions_are_answered_and_what_is_claimed_goes_with_them(kind: TopicKind) -> None:
    aspects = ("why", "how_long", "cost")
    (first,) = plan(Asked(kind="complaint", topic=topic(kind), aspects=aspects, claims=("paid_off",)), "idle")
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


HEARD = {
    "what was heard in so many words": (("undo",), ("undo",)),
    "a word of understanding first": (("safe", "upset"), ("upset", "safe")),
    "understanding, and what the topic stands for": (("upset",), ("upset", "why")),
    "two at most": (("upset", "undo", "safe"), ("upset", "undo")),
    "what says no more than the topic": (("cost",), ("why",)),
}


@pytest.mark.parametrize("heard, expected", HEARD.values(), ids=list(HEARD))
def test_a_follow_up_is_answered_by_what_was_heard(heard: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert plan(Asked(kind="other", topic=ASPECT, aspects=heard), "doing") == (AnswerAbout(ASPECT, expected),)


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
