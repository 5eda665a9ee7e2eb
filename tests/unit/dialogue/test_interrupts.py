"""The action that the rules choose is what happens, unless something comes first; and the name of the one that answered goes on."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from actions.core.case import Case
from actions.core.messages import HandoffData
from actions.core.subject import Subject
from actions.core.turn import ActionName, Turn
from actions.dialogue import interrupts
from actions.dialogue.assistant import ACTIONS
from actions.dialogue.context import TurnContext
from actions.knowledge.loading import load
from tests.unit.core.conftest import Diagnose, database, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk
from tests.worlds.healthy import injections

KNOWLEDGE = load()
DOING = Case(phase="doing", subject=Subject("order", "o"), token_order="o", intent="installment_missing", cause="phone_unbound")
ALARMS = {name: each for name, each in KNOWLEDGE.handoffs.items() if each.cue is not None}


@pytest.fixture
def talk(diagnosed: Diagnose) -> Talk:  # noqa: F811
    return Talk({"o": diagnosed().facts, None: diagnosed(order=None).facts})


def settled(talk: Talk, chosen: ActionName, **turn: Any) -> TurnContext:
    """The context after the interrupts, with the action that answers."""
    made = Turn("u", **{"text": "text", "token_order": "o", **turn})
    context = TurnContext(KNOWLEDGE, talk, talk, talk, made)  # type: ignore[arg-type]
    context.action = interrupts.instead_of(chosen, context)
    return context


@pytest.mark.parametrize("chosen", ["action_answer", "action_request_person", "action_greet", "action_repeat"])
def test_what_the_rules_choose_is_what_answers(talk: Talk, chosen: ActionName) -> None:
    assert settled(talk, chosen, intent="faq_fee").action == chosen


def test_another_rule_lets_something_else_happen(talk: Talk) -> None:
    (asked,) = talk.say("faq_fee", "怎么收费", action="action_answer")
    (handed,) = talk.say("faq_fee", "怎么收费", action="action_request_person")
    assert asked.data is not None and asked.data.type == "answer"
    assert isinstance(handed.data, HandoffData) and handed.data.reason == "requested"
    assert talk.handoffs[0].action == "action_request_person"


@pytest.mark.parametrize("reason", ALARMS)
def test_an_alarm_comes_before_what_was_understood(talk: Talk, reason: str) -> None:
    cue = {ALARMS[reason].cue: ("x",)}
    assert settled(talk, "action_answer", intent="faq_fee", entities=cue).action == "action_alarm"
    # A complaint is diagnosed, and the case goes to a person with the diagnosis.
    assert settled(talk, "action_diagnose", intent="service_error", entities=cue).action == "action_diagnose"


@pytest.mark.parametrize("reason", ALARMS)
def test_an_alarm_is_heard_in_a_complaint_that_another_rule_answers(talk: Talk, reason: str) -> None:
    cue = {ALARMS[reason].cue or "": "x"}
    talk.say("service_error", "text", action="action_request_person", **cue)
    assert (talk.handoffs[0].reason, talk.action) == (reason, "action_alarm")


def test_every_name_of_an_action_does_something() -> None:
    assert set(get_args(ActionName)) == set(ACTIONS)


def test_of_several_alarms_the_first_of_the_file_counts(talk: Talk) -> None:
    entities = {each.cue: "x" for each in ALARMS.values() if each.cue}
    talk.say("faq_fee", "text", **entities)
    assert talk.handoffs[0].reason == next(iter(ALARMS))


def test_an_alarm_that_an_open_handoff_covers_leaves_the_dialogue_alone(talk: Talk) -> None:
    talk.say("request_human", "转人工")
    for reason, each in ALARMS.items():
        expected = "action_answer" if each.when_open == "leave" else "action_alarm"
        assert settled(talk, "action_answer", intent="faq_fee", entities={each.cue: ("x",)}).action == expected, reason


@pytest.mark.parametrize(
    ("turn", "chosen", "expected"),
    [
        (
            {"intent": "request_human", "text": "不用人工了", "entities": {"cue_person": ("人工",)}},
            "action_request_person",
            "action_decline",
        ),
        ({"intent": "out_of_scope", "text": "我问的是账单分期", "case": DOING}, "action_redirect", "action_diagnose"),
        ({"intent": "faq_fee", "second_intent": "installment_missing"}, "action_answer", "action_diagnose"),
        ({"intent": "step_done", "entities": {"cue_later": ("等会",)}, "case": DOING}, "action_step_done", "action_decline"),
        ({"intent": "deny", "entities": {"cue_not_this_order": ("x",)}, "case": DOING}, "action_decline", "action_diagnose"),
        (
            {"intent": "deny", "entities": {"cue_objection": ("x",)}, "case": DOING.but(causes=("risk_blocked",))},
            "action_decline",
            "action_object",
        ),
        ({"intent": "affirm", "entities": {"topic": ("handoff_wait",)}}, "action_agree", "action_queue"),
        ({"intent": "affirm", "entities": {"topic": ("handoff_resume",)}}, "action_agree", "action_queue"),
        ({"intent": "greet", "text": "？？？"}, "action_greet", "action_clarify"),
        ({"intent": "nlu_fallback", "ranking": (("service_error", 0.3), ("activation", 0.25))}, "action_clarify", "action_diagnose"),
    ],
)
def test_what_comes_first(talk: Talk, turn: dict[str, Any], chosen: ActionName, expected: str) -> None:
    assert settled(talk, chosen, **turn).action == expected


def test_after_a_third_failed_check_the_handover_names_the_action_that_made_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "怎么不能分期")
    for _ in range(3):
        talk.say("step_done", "弄好了")
    assert [(request.reason, request.action) for request in talk.handoffs] == [("failed_checks", "action_step_done")]
