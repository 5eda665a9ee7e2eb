"""The walkthrough's transitions, one by one and in any order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis
from actions.core.moves import CheckFailed, CheckPassed, Confirm, Explain, HandOver, OfferHandoff, Resolve, ShowStep, Wait
from actions.core.subject import Subject
from actions.core.walkthrough import Walkthrough
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose

CAUSES = dict(project_knowledge().causes)
WALK = Walkthrough(CAUSES)
PUT = injections()


def kinds(moves: tuple[Any, ...]) -> list[str]:
    return [type(move).__name__ for move in moves]


def begun(diagnosis: Diagnosis) -> tuple[Case, tuple[Any, ...]]:
    return WALK.begin(Case(subject=Subject("order", "o")), diagnosis)


def walked_to_the_end(case: Case, diagnosis: Diagnosis) -> Case:
    """Says done until the last step is with the customer."""
    while case.step + 1 < len(CAUSES[case.cause or ""].steps):
        case, _ = WALK.check(case, diagnosis)
    return case


def test_a_cause_the_customer_can_fix_starts_with_its_first_step(diagnosed: Diagnose) -> None:
    case, moves = begun(diagnosed(PUT["overdue"]))
    assert (case.phase, case.cause, case.step) == ("doing", "overdue", 0)
    assert kinds(moves) == ["ShowStep"]


def test_a_cause_that_is_gone_leads_to_the_next_one_and_then_to_the_end(diagnosed: Diagnose) -> None:
    case, _ = begun(diagnosed(PUT["overdue"], PUT["phone_unbound"]))
    case, moves = WALK.check(case, diagnosed(PUT["phone_unbound"]))
    assert isinstance(moves[0], CheckPassed) and moves[0].remaining == 1
    assert isinstance(moves[1], ShowStep) and case.cause == "phone_unbound"
    case, moves = WALK.check(case, diagnosed())
    assert kinds(moves) == ["CheckPassed", "Resolve"] and (case.phase, case.cause) == ("resolved", None)
    assert [(tried.cause, tried.result) for tried in case.tried] == [("overdue", "passed"), ("phone_unbound", "passed")]


def test_who_waited_for_the_day_begins_with_the_first_step(diagnosed: Diagnose) -> None:
    rejected = {"users": [{"id": "u", "baitiao": {"status": "rejected", "retry_after": "2026-11-23"}}]}
    case, moves = begun(diagnosed(rejected))
    assert kinds(moves) == ["Wait"] and case.phase == "waiting"
    case, moves = WALK.check(case, diagnosed(rejected, {"now": "2026-11-24T00:00:00+08:00"}))
    assert kinds(moves) == ["ShowStep"] and (case.phase, case.step) == ("doing", 0)


def test_a_limit_does_not_stop_the_refresh_round(diagnosed: Diagnose) -> None:
    limited = diagnosed(PUT["tenors_limited"])
    case, _ = WALK.refresh(begun(limited)[0], limited)
    for _ in CAUSES["no_cause_found"].steps[1:]:
        case, moves = WALK.check(case, limited)
        assert kinds(moves) == ["ShowStep"]
    case, moves = WALK.check(case, limited)
    assert kinds(moves) == ["Confirm"]
    case, moves = WALK.stuck(case, limited)
    assert kinds(moves) == ["HandOver"]


def test_two_failed_checks_offer_a_person_and_the_third_calls_one(diagnosed: Diagnose) -> None:
    diagnosis = diagnosed(PUT["overdue"])
    case, _ = begun(diagnosis)
    case = walked_to_the_end(case, diagnosis)
    case, first = WALK.check(case, diagnosis)
    case, second = WALK.check(case, diagnosis)
    assert kinds(first) == ["CheckFailed", "ShowStep"] and first[1].checked
    assert kinds(second) == ["CheckFailed", "OfferHandoff"] and case.phase == "handoff_offered"
    case, third = WALK.check(case, diagnosis)
    assert kinds(third) == ["CheckFailed", "HandOver"] and case.phase == "handed_over"


def test_failures_are_counted_per_cause(diagnosed: Diagnose) -> None:
    both = diagnosed(PUT["app_outdated"], PUT["phone_unbound"])
    case, _ = begun(both)
    case = walked_to_the_end(case, both)
    case, _ = WALK.check(case, both)
    case, _ = WALK.check(case, diagnosed(PUT["app_outdated"]))
    assert (case.cause, case.failures) == ("app_outdated", 0)


def test_what_the_customer_cannot_fix_is_said_before_any_walkthrough(diagnosed: Diagnose) -> None:
    case, moves = begun(diagnosed(PUT["phone_unbound"], PUT["category_excluded"]))
    assert kinds(moves) == ["Explain"] and moves[0].startable and case.phase == "offered"
    case, moves = WALK.start(case, diagnosed(PUT["phone_unbound"], PUT["category_excluded"]))
    assert isinstance(moves[0], ShowStep) and case.cause == "phone_unbound"
    case, moves = WALK.check(case, diagnosed(PUT["category_excluded"]))
    assert kinds(moves) == ["CheckPassed", "Explain"] and case.phase == "explained"


def test_once_started_the_walkthrough_goes_on_to_the_next_own_cause(diagnosed: Diagnose) -> None:
    everything = (PUT["phone_unbound"], PUT["profile_incomplete"], PUT["category_excluded"])
    case, _ = begun(diagnosed(*everything))
    case, _ = WALK.start(case, diagnosed(*everything))
    assert case.cause == "profile_incomplete"
    case, moves = WALK.check(case, diagnosed(PUT["phone_unbound"], PUT["category_excluded"]))
    assert kinds(moves) == ["CheckPassed", "ShowStep"] and case.cause == "phone_unbound"


def test_what_only_time_removes_is_waited_for(diagnosed: Diagnose) -> None:
    case, moves = begun(diagnosed(PUT["incident_outage"]))
    assert isinstance(moves[0], Wait) and case.phase == "waiting"
    case, moves = WALK.check(case, diagnosed(PUT["incident_outage"]))
    assert kinds(moves) == ["CheckFailed", "Wait"]
    _, moves = WALK.check(case, diagnosed())
    assert kinds(moves) == ["CheckPassed", "Resolve"]


def test_a_rejected_application_waits_until_it_may_be_repeated(diagnosed: Diagnose) -> None:
    later = {"users": [{"id": "u", "baitiao": {"status": "rejected", "retry_after": "2026-12-01"}}]}
    assert isinstance(begun(diagnosed(later))[1][0], Wait)
    assert isinstance(begun(diagnosed(PUT["activation_rejected"]))[1][0], ShowStep)


def test_a_compromised_account_is_handed_over_whatever_else_holds(diagnosed: Diagnose) -> None:
    case, moves = begun(diagnosed(PUT["account_compromised"], PUT["overdue"]))
    assert isinstance(moves[-1], HandOver) and case.phase == "handed_over"
    assert not any(isinstance(move, ShowStep) for move in moves)


def test_limits_alone_resolve_at_once(diagnosed: Diagnose) -> None:
    case, moves = begun(diagnosed(PUT["tenors_limited"]))
    assert kinds(moves) == ["Resolve"] and case.phase == "resolved"


def test_nothing_found_leads_through_one_round_and_then_to_a_person(diagnosed: Diagnose) -> None:
    healthy = diagnosed()
    case, moves = begun(healthy)
    shown = kinds(moves)
    while case.phase == "doing":
        case, moves = WALK.check(case, healthy)
        shown += kinds(moves)
    assert set(shown[:-1]) == {"ShowStep"} and shown[-1] == "Confirm"
    case, moves = WALK.stuck(case, healthy)
    assert kinds(moves) == ["HandOver"] and case.phase == "handed_over"


def test_a_step_not_found_twice_offers_a_person(diagnosed: Diagnose) -> None:
    diagnosis = diagnosed(PUT["phone_unbound"])
    case, _ = begun(diagnosis)
    case, moves = WALK.lost(case, diagnosis)
    assert moves == () and case.phase == "doing"
    _, moves = WALK.lost(case, diagnosis)
    assert kinds(moves) == ["OfferHandoff"]


def test_coming_back_shows_the_step_again_or_that_it_is_no_longer_needed(diagnosed: Diagnose) -> None:
    case, _ = begun(diagnosed(PUT["phone_unbound"]))
    _, moves = WALK.resume(case, diagnosed(PUT["phone_unbound"]))
    assert kinds(moves) == ["ShowStep"] and moves[0].again
    _, moves = WALK.resume(case, diagnosed())
    assert kinds(moves) == ["CheckPassed", "Resolve"]


@pytest.mark.slow
@given(st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_happens_the_machine_has_an_answer_and_never_resolves_over_a_block(diagnosed: Diagnose, data: st.DataObject) -> None:
    case = Case(subject=Subject("order", "o"))
    for _ in range(data.draw(st.integers(1, 6))):
        chosen = data.draw(st.lists(st.sampled_from([name for name, put in PUT.items() if put.subject != "bill"]), max_size=2, unique=True))
        puts = [PUT[name] for name in chosen]
        if len(puts) == 2 and not puts[0].fits(puts[1]):
            puts = puts[:1]
        diagnosis = diagnosed(*puts)
        event = data.draw(st.sampled_from([WALK.begin, WALK.start, WALK.check, WALK.stuck, WALK.resume]))
        case, moves = event(case, diagnosis)
        assert moves
        assert not diagnosis.blocks or not any(isinstance(move, (Resolve, Confirm)) for move in moves)
        assert all(diagnosis.get(move.found.cause.id) for move in moves if isinstance(move, (CheckFailed, Explain, Wait)))
        assert case.phase != "handoff_offered" or isinstance(moves[-1], OfferHandoff)
        assert Case.from_json(case.to_json()) == case
