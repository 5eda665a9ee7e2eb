"""What a list of causes shows of each: who can really change it, the little that proves it, and what is asked beside it."""

from __future__ import annotations

from actions.core.causes import Cause
from actions.core.fixers import changed_by
from actions.core.likely import LikelyQuestion, likeliest
from actions.core.shown import MOST_SHOWN, shown_facts
from actions.knowledge.model import Knowledge
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401

WORLD = injections()
OTHERWISE = {
    "account_compromised": "platform",
    "amount_above_maximum": "nobody",
    "category_excluded": "nobody",
    "credit_review_failed": "platform",
    "down_payment_required": "nobody",
    "full_payment_required": "nobody",
    "item_excluded": "nobody",
    "limit_zero": "platform",
    "promotion_excluded": "nobody",
    "tenors_limited": "nobody",
}
"""Causes about which customers can only pay otherwise, with who else could change something."""


def known() -> Knowledge:
    return project_knowledge()


def test_customers_can_change_exactly_what_they_have_steps_for() -> None:
    causes = known().causes.values()
    assert {cause.id: cause.changed_by for cause in causes if cause.changed_by != cause.fixed_by} == OTHERWISE
    assert all(bool(cause.steps) == (cause.changed_by == "user") for cause in causes)


def test_before_the_moment_comes_only_time_changes_it(diagnosed: Diagnose) -> None:  # noqa: F811
    rejected = diagnosed(WORLD["activation_rejected"])
    assert changed_by(rejected.found[0], rejected.facts) == "user"
    waiting = diagnosed(WORLD["activation_rejected"], {"users": [{"id": "u", "baitiao": {"retry_after": "2026-12-01"}}]})
    assert changed_by(waiting.found[0], waiting.facts) == "time"


def test_every_cause_shows_little_and_nothing_that_is_nothing(diagnosed: Diagnose) -> None:  # noqa: F811
    for injection in WORLD.values():
        diagnosis = diagnosed(injection)
        for found in diagnosis.found:
            shown = shown_facts(found, diagnosis.facts)
            assert len(shown) <= MOST_SHOWN
            assert [each for each in shown if each.value in (None, "", [], 0, 0.0) and each.value is not False] == [], found.cause.id


def test_what_is_missing_is_shown_rather_than_what_it_is_computed_from(diagnosed: Diagnose) -> None:  # noqa: F811
    diagnosis = diagnosed(WORLD["limit_insufficient"])
    shown = {each.fact: each.value for each in shown_facts(diagnosis.found[0], diagnosis.facts)}
    assert set(shown) == {"limit.available", "limit.missing"} and shown["limit.missing"] > 0


def test_of_likely_questions_the_first_come_first_and_none_twice() -> None:
    def asked(*topics: str) -> list[LikelyQuestion]:
        return [LikelyQuestion(ask=f"{topic}?", topic=topic) for topic in topics]

    found = likeliest(asked("a", "b"), asked("b", "c", "d", "e"))
    assert [each.topic for each in found] == ["a", "b", "c", "d"]


def test_every_cause_says_what_it_takes() -> None:
    def needed(cause: Cause) -> str:
        return known().openings.needs_of(cause)

    assert all(needed(cause) for cause in known().causes.values())
    assert needed(known().causes["overdue"]) == "还清逾期" and needed(known().causes["age_restricted"]) == "换种方式付款"
    assert all(cause.needs for cause in known().causes.values() if cause.steps)
