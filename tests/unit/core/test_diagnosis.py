"""Causes put into a healthy world come back exactly, alone, in pairs and in any combination; a healthy world has none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.core.causes import NO_CAUSE_FOUND
from conversations.application import project_knowledge
from conversations.healthy_world import Injection, injections
from tests.unit.core.conftest import Diagnose

pytestmark = pytest.mark.slow

ALL = injections()
KNOWN = [cause for cause in project_knowledge().causes if cause != NO_CAUSE_FOUND]
ORDER = [cause for cause in KNOWN if cause in ALL]


def _subject(*found: Injection) -> dict[str, str]:
    return {"bill": "b"} if any(each.subject == "bill" for each in found) else {"order": "o"}


def test_the_causes_of_the_contract_are_known_in_its_order() -> None:
    assert list(ALL) == ORDER


@pytest.mark.parametrize("subject", [{"order": "o"}, {"bill": "b"}, {"order": None}])
def test_a_healthy_world_has_no_cause(diagnosed: Diagnose, subject: dict[str, str]) -> None:
    assert diagnosed(**subject).found == ()


@pytest.mark.parametrize("cause", ORDER)
def test_a_cause_alone_is_found_alone_with_evidence_of_the_world(diagnosed: Diagnose, cause: str) -> None:
    diagnosis = diagnosed(ALL[cause], **_subject(ALL[cause]))
    assert diagnosis.cause_ids == (cause,)
    for evidence in diagnosis.to_data()["causes"][0]["evidence"]:
        assert evidence["source"] in {"account", "order", "bill", "item", "merchant", "policy", "incident"}
        assert evidence["read_at"] == "2026-11-22T10:00:00+08:00"


@pytest.mark.parametrize("cause", [cause for cause in ORDER if ALL[cause].subject is None])
def test_causes_of_system_account_customer_and_region_hold_for_every_subject(diagnosed: Diagnose, cause: str) -> None:
    for subject in ({"order": "o"}, {"bill": "b"}, {"order": None}):
        assert diagnosed(ALL[cause], **subject).cause_ids == (cause,)


@pytest.mark.parametrize("cause", [cause for cause in ORDER if ALL[cause].subject is not None])
def test_causes_of_orders_and_bills_hold_for_nothing_else(diagnosed: Diagnose, cause: str) -> None:
    assert diagnosed(ALL[cause], order=None).cause_ids == ()
    other = {"order": "o"} if ALL[cause].subject == "bill" else {"bill": "b"}
    assert diagnosed(ALL[cause], **other).cause_ids == ()


@pytest.mark.parametrize("first", ORDER)
def test_any_two_causes_are_found_in_the_order_of_the_contract(diagnosed: Diagnose, first: str) -> None:
    for second in ORDER[ORDER.index(first) + 1 :]:
        if not ALL[first].fits(ALL[second]):
            continue
        # Half of the pairs are loaded the other way round, because the order of loading must not matter.
        pair = (ALL[first], ALL[second]) if len(second) % 2 else (ALL[second], ALL[first])
        assert diagnosed(*pair, **_subject(*pair)).cause_ids == (first, second)


@given(st.lists(st.sampled_from(ORDER), unique=True, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_combination_comes_back_exactly(diagnosed: Diagnose, causes: list[str]) -> None:
    chosen: list[Injection] = []
    for cause in causes:
        if all(ALL[cause].fits(other) for other in chosen) and len({each.subject for each in [*chosen, ALL[cause]]} - {None}) < 2:
            chosen.append(ALL[cause])
    expected = tuple(cause for cause in ORDER if cause in {each.cause for each in chosen})
    assert diagnosed(*chosen, **_subject(*chosen)).cause_ids == expected


def test_risk_internals_never_leave_the_core(diagnosed: Diagnose) -> None:
    data = str(diagnosed(ALL["risk_blocked"]).to_data())
    assert "cashout" not in data


def test_the_same_facts_give_the_same_diagnosis(diagnosed: Diagnose) -> None:
    patches = (ALL["overdue"], ALL["merchant_paused"])
    assert diagnosed(*patches).to_data() == diagnosed(*patches).to_data()
