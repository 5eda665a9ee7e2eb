"""The planner: what was asked, how surely, in which phase and with which causes, to the parts of the reply. Pure tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from actions.core.asked import ALARMING, SURE, Asked, WishKind
from actions.core.case import Phase
from actions.core.moves import AnswerAbout, AskBack, AskInCase, GiveAnswer, GiveDiagnosis, HandOverFor, MoveCase, OfferChoices, Part
from actions.core.planner import plan
from actions.core.topics import CaseMove, Topic, TopicKind
from tests.unit.core.planning import (
    ACTION,
    ASPECT,
    DIALOGUE,
    EMERGENCY,
    FAILURE,
    GUESS,
    MOVE,
    NOTHING_ON_THE_TABLE,
    OPEN,
    PHASES,
    RULE,
    SECOND,
    STATE,
    topic,
)

WITHOUT_A_CASE = ("queue_status", "cancel_person", "correct_subject", "start_over", "give_up")
"""Moves that mean something though nothing is on the table."""
CONFIDENCE = {"sure": SURE, "unsure": ALARMING - 0.01}
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


def test_what_is_doubtful_but_about_the_block_is_diagnosed() -> None:
    guess = Topic(id="g", title="g", kind="rule")
    doubtful = Asked("question", guess, 0.2, guesses=(guess,), of_block=0.6)
    failure = Topic(id="f", title="f", kind="failure")
    assert plan(replace(doubtful, topic=failure), "idle", ("overdue",)) == (GiveDiagnosis(None),)
    assert plan(replace(doubtful, topic=failure), "idle") == (AskBack((guess,)),)
    assert plan(replace(doubtful, topic=failure, of_block=0.2), "idle", ("overdue",)) == (AskBack((guess,)),)


@pytest.mark.parametrize(
    ("of_block", "found", "diagnosed"), [(0.5, ("closed_by_user",), True), (0.3, ("closed_by_user",), False), (0.5, (), False)]
)
def test_a_complaint_is_diagnosed_if_more_speaks_for_what_stands_in_the_way_than_for_the_question(
    of_block: float, found: tuple[str, ...], diagnosed: bool
) -> None:
    (first, *_) = plan(Asked("complaint", topic("action"), SURE, of_block=of_block), "idle", found)
    assert isinstance(first, GiveDiagnosis) == diagnosed


@pytest.mark.parametrize(("confidence", "of_block", "blocked"), [(0.15, 0.5, True), (0.4, 0.5, False), (0.15, 0.3, False)])
def test_what_hardly_names_a_matter_and_is_mostly_about_the_block_is_diagnosed(confidence: float, of_block: float, blocked: bool) -> None:
    (first, *_) = plan(Asked("other", topic("rule"), confidence, of_block=of_block), "idle", ("overdue",))
    assert isinstance(first, GiveDiagnosis) == blocked


@pytest.mark.parametrize(
    ("confidence", "causes", "blocked", "diagnosed"),
    [
        (0.4, ("bill_not_issued",), True, True),
        (0.9, ("bill_not_issued",), True, False),
        (0.4, ("bill_not_issued",), False, False),
        (0.4, (), True, False),
    ],
    ids=["doubtful", "sure", "what only narrows", "a matter of no cause"],
)
def test_a_matter_of_other_causes_than_the_one_found_gives_way_to_it(
    confidence: float, causes: tuple[str, ...], blocked: bool, diagnosed: bool
) -> None:
    about = replace(topic("state"), causes=causes)
    (first, *_) = plan(Asked("complaint", about, confidence, blocked=blocked, complained=True), "idle", ("bill_past_due",))
    assert isinstance(first, GiveDiagnosis) == diagnosed


def test_what_is_asked_of_the_cause_goes_before_a_matter_that_is_not_certain_and_comes_first() -> None:
    wish = Asked("complaint", topic("state"), 0.5, of_cause=("asked",), questions=(("asked",),))
    assert plan(wish, "idle", ("overdue",)) == (GiveDiagnosis(None, ("asked",), first=("asked",)),)
    assert isinstance(plan(replace(wish, confidence=0.9), "idle", ("overdue",))[0], GiveAnswer)


@pytest.mark.parametrize(
    ("more", "open_phase", "diagnosed"),
    [
        ({"nameless": True, "of_cause": ("how_long",)}, False, True),
        ({"nameless": True, "of_cause": ()}, False, False),
        ({"nameless": False, "of_cause": ("how_long",)}, False, False),
        ({"guesses_it": True}, False, True),
        ({"guesses_it": True}, True, False),
    ],
    ids=["names nothing and asks of the cause", "asks nothing of it", "names its matter", "guesses at the cause", "within a case"],
)
def test_a_sure_matter_gives_way_to_what_can_only_be_meant(more: dict[str, Any], open_phase: bool, diagnosed: bool) -> None:
    about = replace(topic("state"), causes=("risk_blocked",))
    wish = Asked("complaint", about, 0.9, blocked=True, complained=True, **more)
    (first, *_) = plan(wish, "waiting" if open_phase else "idle", ("merchant_paused",))
    assert isinstance(first, GiveDiagnosis) == diagnosed


def test_what_is_only_told_is_not_answered_before_what_was_found() -> None:
    wish = Asked("complaint", FAILURE, aspects=("told", "asked"), narrow=("told",), told_beside=("told",))
    assert plan(wish, "idle", ("overdue",)) == (GiveDiagnosis(FAILURE, ("asked",)),)


@pytest.mark.parametrize(
    ("aspects", "questions", "answered"),
    [
        (("told", "first", "second"), (("first",), ("second",)), ("first", "second")),
        (("told", "first"), (("first", "told"),), ("first",)),
        (("first", "upset", "told"), (("upset", "first"),), ("upset", "first")),
        (("told", "why"), (("why",),), ("told", "why")),
        (("told", "first"), (), ("told", "first")),
        (("a", "b", "c"), (("a",), ("b",), ("c",)), ("a", "b")),
    ],
    ids=["each", "the best of one", "a word of sympathy first", "why it is so is told anyway", "one clause", "no more than two"],
)
def test_each_clause_that_asks_is_answered_once_and_what_is_only_told_is_not(
    aspects: tuple[str, ...], questions: tuple[tuple[str, ...], ...], answered: tuple[str, ...]
) -> None:
    wish = Asked("complaint", FAILURE, aspects=aspects, narrow=("told",), questions=questions)
    assert plan(wish, "idle") == (GiveDiagnosis(FAILURE, answered),)


@pytest.mark.parametrize(("confidence", "plain", "meant"), [(0.56, False, "which"), (0.56, True, "read"), (0.4, False, "read")])
def test_a_doubtful_reading_of_the_case_gives_way_to_a_topic_that_is_surer(confidence: float, plain: bool, meant: str) -> None:
    asks_which = topic("case", "which", aspect="which")
    (about, *_) = plan(Asked("other", asks_which, confidence, of_case="read", plain=plain), "doing", ("overdue",))
    assert isinstance(about, AnswerAbout) and about.aspects == (meant,)


def test_a_second_matter_that_the_first_settles_is_not_answered_once_more() -> None:
    both = topic("rule", "both", covers=(SECOND.id,))
    assert plan(Asked(kind="question", topic=both, confidence=SURE, second=SECOND), "idle") == (GiveAnswer(both),)
    assert plan(Asked(kind="question", topic=RULE, confidence=SURE, second=SECOND), "idle") == (
        GiveAnswer(RULE),
        GiveAnswer(SECOND, beside=True),
    )
