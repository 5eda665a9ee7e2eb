"""What tells of an emergency, and what surely tells of none."""

from __future__ import annotations

from actions.core.asked import ALARMING, ALARMING_ALONE, ALARMING_TOGETHER, FAR_AHEAD, NONE_TOGETHER, Asked, emergency_in, tells_of_none
from actions.core.moves import AskBack
from actions.core.planner import plan
from tests.unit.core.planning import EMERGENCY, GUESS, RULE, topic


def test_nobody_is_sent_to_a_person_by_a_doubt() -> None:
    doubted = Asked(kind="question", topic=EMERGENCY, confidence=ALARMING - 0.01, guesses=(GUESS,))
    assert plan(doubted, "idle") == (AskBack((GUESS,)),)


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


def test_all_that_may_be_said_of_the_case_stands_together_against_a_doubtful_emergency() -> None:
    near = ALARMING_ALONE / FAR_AHEAD / 2
    one, two = topic("case", "one"), topic("case", "two")
    assert emergency_in([(EMERGENCY, ALARMING_ALONE), (one, near), (two, near)]) == EMERGENCY
    assert emergency_in([(EMERGENCY, ALARMING_ALONE), (one, near), (two, near + 0.01)]) is None
    assert emergency_in([(EMERGENCY, ALARMING), (one, near), (two, 1 - ALARMING - near)]) == EMERGENCY


def test_what_is_surely_about_another_matter_tells_of_no_emergency() -> None:
    assert tells_of_none([(RULE, 0.6), (EMERGENCY, NONE_TOGETHER - 0.01)], sure=0.6)
    assert not tells_of_none([(RULE, 0.59), (EMERGENCY, 0.0)], sure=0.6)
    assert not tells_of_none([(RULE, 0.9), (EMERGENCY, NONE_TOGETHER)], sure=0.6)
    assert not tells_of_none([(EMERGENCY, 0.9), (RULE, 0.1)], sure=0.6) and not tells_of_none([], sure=0.6)
