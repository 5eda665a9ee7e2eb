"""Every property of a simulated turn can fail: what is true passes, and each kind of lie is noticed under its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from actions.core.diagnosis import Diagnosis
from actions.core.plans import plans_for
from conversations.healthy_world import injections
from conversations.rules import RULES
from conversations.simulation.properties import PROPERTIES, ended, person_reached, rightly_refused
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.simulation.saying import broken_names, message, turn

WORLD = injections()


@pytest.fixture
def overdue(diagnosed: Diagnose) -> Diagnosis:  # noqa: F811
    return diagnosed(WORLD["overdue"])


@pytest.fixture
def healthy(diagnosed: Diagnose) -> Diagnosis:  # noqa: F811
    return diagnosed()


def _resolved(diagnosis: Diagnosis, **changes: Any) -> dict[str, Any]:
    plans = [plan.to_data() for plan in plans_for(diagnosis.facts)]
    return {"type": "resolved", "order": "o", "bill": None, "plans": plans, "intro": "in", "note": None, **changes}


def _handed_over(reason: str = "requested", queue: str = "general") -> dict[str, Any]:
    return {"type": "handoff", "handoff_id": "h-1", "reason": reason, "queue": queue}


def _told(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "diagnosis", **diagnosis, "findings": [], "short": None}


def test_a_true_turn_breaks_nothing(overdue: Diagnosis) -> None:
    told = message("bot", "told", _told(overdue.to_data()))
    step = message(
        "bot", "step", {"type": "step", "cause": "overdue", "step": 1, "steps": 2, "path": None, "instruction": "do", "link": None}
    )
    assert broken_names(turn(overdue, told, step, intent="installment_missing", injected=("overdue",))) == set()


def test_a_true_end_breaks_nothing(healthy: Diagnosis) -> None:
    checked = message("bot", "checked", {"type": "check", "cause": "overdue", "passed": True, "blocked": False})
    assert broken_names(turn(healthy, checked, message("bot", "resolved", _resolved(healthy)))) == set()


def test_a_cause_that_does_not_hold(overdue: Diagnosis) -> None:
    lie = overdue.to_data()
    lie["causes"][0]["id"] = "phone_unbound"
    evidence = turn(overdue, message("bot", "told", _told(lie)), injected=("overdue",))
    assert broken_names(evidence) == {"true_diagnosis", "finds_what_is_there"}


def test_evidence_that_is_not_in_the_state(overdue: Diagnosis) -> None:
    lie = overdue.to_data()
    lie["causes"][0]["evidence"][0]["value"] = 1.0
    assert broken_names(turn(overdue, message("bot", "told", _told(lie)))) == {"true_diagnosis"}


def test_a_cause_of_the_world_that_nobody_finds(healthy: Diagnosis) -> None:
    told = message("bot", "told", _told(healthy.to_data()))
    assert broken_names(turn(healthy, told, injected=("overdue",))) == {"finds_what_is_there"}


@pytest.mark.parametrize("passed", [True, False])
def test_a_check_that_is_not_true(overdue: Diagnosis, healthy: Diagnosis, passed: bool) -> None:
    state = overdue if passed else healthy
    lie = message("bot", "checked", {"type": "check", "cause": "overdue", "passed": passed, "blocked": not passed})
    assert broken_names(turn(state, lie)) == {"true_check"}


def test_resolved_while_something_blocks(overdue: Diagnosis) -> None:
    assert broken_names(turn(overdue, message("bot", "resolved", _resolved(overdue)))) == {"true_resolution"}


def test_resolved_for_another_order(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy, message("bot", "resolved", _resolved(healthy, order="o-2")))) == {"true_resolution"}


def test_plans_that_cost_something_else(healthy: Diagnosis) -> None:
    data = _resolved(healthy)
    data["plans"][0] = {**data["plans"][0], "fee_total": 0.0}
    assert broken_names(turn(healthy, message("bot", "resolved", data))) == {"true_resolution"}


@pytest.mark.parametrize(
    "data",
    [
        {"type": "step", "cause": "overdue", "step": 1, "steps": 2, "path": None, "instruction": "do", "link": None},
        {"type": "explained", "cause": "overdue", "fixed_by": "user", "alternatives": [], "startable": False},
        {"type": "waiting", "cause": "overdue", "subscribed": False, "startable": False},
    ],
    ids=lambda data: data["type"],
)
def test_work_on_a_cause_that_is_gone(healthy: Diagnosis, data: dict[str, Any]) -> None:
    assert broken_names(turn(healthy, message("bot", "said", data))) == {"true_cause"}


def test_nothing_found_although_something_blocks(overdue: Diagnosis) -> None:
    refresh = message(
        "bot", "step", {"type": "step", "cause": "no_cause_found", "step": 1, "steps": 3, "path": None, "instruction": "do", "link": None}
    )
    assert broken_names(turn(overdue, refresh)) == {"true_cause"}


@pytest.mark.parametrize("subscribed", [True, False])
def test_a_subscription_that_is_not_as_said(overdue: Diagnosis, subscribed: bool) -> None:
    said = message("bot", "waiting", {"type": "waiting", "cause": "overdue", "subscribed": subscribed, "startable": False})
    stored = frozenset() if subscribed else frozenset({"overdue"})
    assert broken_names(turn(overdue, said, subscribed=stored)) == {"true_subscription"}


def test_a_quote_that_is_not_in_the_plan_table(healthy: Diagnosis) -> None:
    plan = plans_for(healthy.facts)[0].to_data()
    true = message("bot", "quote", {"type": "plans", "amount": 5299.0, "plans": [plan], "intro": "in", "note": None})
    lie = message("bot", "quote", {"type": "plans", "amount": 5299.0, "plans": [{**plan, "apr": 0.01}], "intro": "in", "note": None})
    assert broken_names(turn(healthy, true)) == set()
    assert broken_names(turn(healthy, lie)) == {"true_quote"}


def test_a_handoff_that_is_not_stored(healthy: Diagnosis) -> None:
    said = message("bot", "handed over", _handed_over())
    assert broken_names(turn(healthy, said, acts=frozenset({"person"}))) == {"true_handoff"}
    assert broken_names(turn(healthy, said, acts=frozenset({"person"}), handoffs={"h-1": ("requested", "general")})) == set()


def test_a_handoff_stored_for_another_queue(healthy: Diagnosis) -> None:
    said = message("bot", "handed over", _handed_over())
    evidence = turn(healthy, said, acts=frozenset({"person"}), handoffs={"h-1": ("requested", "risk")})
    assert broken_names(evidence) == {"true_handoff"}


@pytest.mark.parametrize("reason", ["requested", "complaint", "fraud"])
def test_a_handoff_nobody_gave_a_reason_for(healthy: Diagnosis, reason: str) -> None:
    said = message("bot", "handed over", _handed_over(reason))
    evidence = turn(healthy, said, acts=frozenset({"thanks"}), handoffs={"h-1": (reason, "general")})
    assert broken_names(evidence) == {"reason_given"}


@pytest.mark.parametrize("payload", ["/faq_fee", '/installment_missing{"order": "o"}'], ids=["meaning", "order"])
def test_a_third_clarification(healthy: Diagnosis, payload: str) -> None:
    asked = message("bot", "asked", {"type": "clarify", "choices": [{"title": "T", "payload": payload}]})
    again = [replace(asked, text=f"asked {number}") for number in range(2)]
    assert broken_names(turn(healthy, asked, before=again[:1])) == set()
    assert broken_names(turn(healthy, asked, before=again)) == {"few_clarifications"}


def test_somebody_elses_order(healthy: Diagnosis) -> None:
    secret = frozenset({"o-990017"})
    assert broken_names(turn(healthy, message("bot", "about o-990017"), secrets=secret)) == {"nobody_else"}


def test_a_personal_number_in_the_database(healthy: Diagnosis) -> None:
    reply = message("bot", "said")
    assert broken_names(turn(healthy, reply, numbers=("13800138000",), dump="… 138****8000 …")) == set()
    assert broken_names(turn(healthy, reply, numbers=("13800138000",), dump="… 13800138000 …")) == {"masked"}


def test_a_gap_in_the_numbers(healthy: Diagnosis) -> None:
    evidence = turn(healthy, message("bot", "said"))
    *others, last = evidence.record.history
    gap = replace(evidence.record, history=(*others, replace(last, seq=last.seq + 1)))
    assert broken_names(replace(evidence, record=gap)) == {"seq"}


def test_no_answer(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy)) == {"answered"}


def test_data_of_another_shape(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy, message("bot", "answer", {"type": "answer", "topic": "t", "more": 1}))) == {"shape"}


def test_the_same_text_twice_running(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy, message("bot", "said"), before=[message("bot", "said")])) == {"no_repeat"}


def test_a_sentence_that_may_never_be_said(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy, message("bot", "放心，保证通过。"))) == {"forbidden"}


def test_no_way_to_a_person(healthy: Diagnosis) -> None:
    reply = replace(message("bot", "said"), buttons=())
    assert broken_names(turn(healthy, reply)) == {"person_offered"}


def test_a_complaint_without_a_diagnosis(healthy: Diagnosis) -> None:
    assert broken_names(turn(healthy, message("bot", "said"), intent="installment_missing")) == {"diagnosed"}


def test_a_first_message_that_does_not_say_who_speaks(healthy: Diagnosis) -> None:
    evidence = turn(healthy, message("bot", "said"))
    history = tuple(replace(each, seq=number) for number, each in enumerate(evidence.record.history[1:], start=1))
    silent = replace(evidence.record, history=history, replies=history[1:])
    assert broken_names(replace(evidence, record=silent)) == {"introduced"}
    assert broken_names(replace(evidence, record=silent, acts=frozenset({"anger"}))) == set()


def test_every_property_has_a_name_of_its_own() -> None:
    assert not set(RULES) & set(PROPERTIES)


def test_a_wish_for_a_person_that_is_not_granted() -> None:
    handed_over = message("bot", "handed over", _handed_over())
    assert list(person_reached([handed_over], "h-1")) == []
    assert list(person_reached([message("bot", "wait")], None)) == ["nothing was handed over: ['wait']"]
    assert list(person_reached([message("bot", "wait")], "h-1")) == ["the handoff h-1 is not named but []"]


def test_a_conversation_without_an_end() -> None:
    assert list(ended("resolved", 12)) == [] and list(ended("", 12)) != []


def test_a_message_that_should_have_been_heard() -> None:
    assert list(rightly_refused("command", "command")) == []
    assert list(rightly_refused("done", "command")) != [] and list(rightly_refused("command", "busy")) != []
