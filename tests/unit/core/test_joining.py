"""The replies to several questions of one message, joined into one."""

from __future__ import annotations

import pytest

from actions.core.joining import MOST_TOGETHER, joined
from actions.core.moves import AnswerAbout, AskBack, GiveAnswer, GiveDiagnosis, GoOnAbout, HandOverFor, MoveCase, OfferChoices, Part
from tests.unit.core.planning import ASPECT, EMERGENCY, FAILURE, MOVE, RULE, SECOND, STATE, topic

Plan = tuple[Part, ...]
HOW_LONG, WHO = AnswerAbout(ASPECT, ("how_long",)), AnswerAbout(ASPECT, ("who",))
OFFER = OfferChoices()
CANCEL = MoveCase(topic("case", "take_back", move="cancel_person"), "cancel_person")
DIAGNOSED = GiveDiagnosis(None, ("how_long",))
COVERING = topic("rule", "both", covers=(RULE.id,))
WITH_COST = topic("rule", "fees", aspects={"cost": ("x",)})

TOGETHER: dict[str, tuple[list[Plan], Plan]] = {
    "two about the case are one reply": ([(HOW_LONG,), (WHO,)], (AnswerAbout(ASPECT, ("how_long", "who")),)),
    "two matters, the second without what the first has said": (
        [(GiveAnswer(STATE),), (GiveAnswer(RULE),)],
        (GiveAnswer(STATE), GiveAnswer(RULE, beside=True)),
    ),
    "the choices of the case come last, once": (
        [(GiveAnswer(STATE), OFFER), (GiveAnswer(RULE), OFFER)],
        (GiveAnswer(STATE), GiveAnswer(RULE, beside=True), OFFER),
    ),
    "what another answer settles is not answered once more": (
        [(GiveAnswer(STATE),), (GiveAnswer(COVERING),), (GiveAnswer(RULE),)],
        (GiveAnswer(STATE), GiveAnswer(COVERING, beside=True)),
    ),
    "what was asked first is answered first": (
        [(GiveAnswer(STATE), OFFER), (HOW_LONG,)],
        (GiveAnswer(STATE), HOW_LONG, OFFER),
    ),
    "one matter asked about twice is answered once": (
        [(GiveAnswer(WITH_COST, ("cost",)),), (GiveAnswer(WITH_COST),), (GiveAnswer(STATE),)],
        (GiveAnswer(WITH_COST, ("cost",)), GiveAnswer(STATE, beside=True)),
    ),
    "what is asked further stands in the answer that says it": (
        [(GiveAnswer(WITH_COST),), (GoOnAbout(WITH_COST, ("cost",)),), (GiveAnswer(STATE),)],
        (GiveAnswer(WITH_COST, ("cost",)), GiveAnswer(STATE, beside=True)),
    ),
    "or behind it": ([(GiveAnswer(STATE),), (GoOnAbout(STATE, ("cost",)),)], (GiveAnswer(STATE), GoOnAbout(STATE, ("cost",)))),
    "a diagnosis answers what is asked of it, and the other matter before its step": (
        [(GiveDiagnosis(FAILURE),), (DIAGNOSED,), (GiveAnswer(SECOND),)],
        (GiveDiagnosis(FAILURE, ("how_long",), (), SECOND),),
    ),
    "a look at what was done stands behind the answer": (
        [(MoveCase(topic("case", "did", move="partly_done"), "partly_done"),), (HOW_LONG,)],
        (HOW_LONG, MoveCase(topic("case", "did", move="partly_done"), "partly_done")),
    ),
    "the next step stands behind the answer": ([(WHO,), (MoveCase(MOVE, "next_step"),)], (WHO, MoveCase(MOVE, "next_step"))),
}


@pytest.mark.parametrize("plans, expected", TOGETHER.values(), ids=list(TOGETHER))
def test_each_question_is_answered_once(plans: list[Plan], expected: Plan) -> None:
    assert joined(plans) == expected


ALONE: dict[str, list[Plan]] = {
    "one question": [(HOW_LONG,), ()],
    "the same question twice": [(HOW_LONG,), (HOW_LONG,)],
    "one diagnosis": [(GiveDiagnosis(FAILURE),), ()],
    "one that is not understood": [(HOW_LONG,), (AskBack(),)],
    "an emergency": [(HandOverFor(EMERGENCY),), (HOW_LONG,)],
    "a wish to have something taken back": [(CANCEL,), (HOW_LONG,)],
    "two moves": [(MoveCase(MOVE, "next_step"),), (MoveCase(MOVE, "next_step"),)],
}


@pytest.mark.parametrize("plans", ALONE.values(), ids=list(ALONE))
def test_what_is_no_more_than_one_thing_is_left_to_the_message_as_a_whole(plans: list[Plan]) -> None:
    assert joined(plans) == ()


def test_what_was_told_is_not_told_again_but_what_was_asked_of_it_is_answered() -> None:
    assert joined([(WHO,), (DIAGNOSED,)], told=True) == (AnswerAbout(ASPECT, ("who", "how_long")),)
    assert joined([(GiveAnswer(STATE),), (DIAGNOSED,), (GiveAnswer(RULE),)], told=True) == (
        GiveAnswer(STATE),
        GiveAnswer(RULE, beside=True),
    )


def test_only_so_many_are_answered() -> None:
    plans: list[Plan] = [(AnswerAbout(ASPECT, (name,)),) for name in ("how_long", "who", "cost", "safe")]
    (part,) = joined(plans)
    assert isinstance(part, AnswerAbout) and part.aspects == ("how_long", "who", "cost")[:MOST_TOGETHER]
