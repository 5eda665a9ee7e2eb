"""An experiment on the day of advice: what its folder must say, and that a rehearsal sees that it differs."""

from __future__ import annotations

from typing import Any

import pytest

from actions.knowledge import Knowledge
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from conversations.application import project_knowledge
from conversations.beside_turns import days_of_advice
from conversations.healthy_world import healthy
from ops.experiments import folder
from ops.experiments.folder import checked
from tests.unit.ops.experiments.conftest import Write
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database"]

pytestmark = pytest.mark.slow
FILE = "short/causes/bill_past_due.yml"
OTHER_DAYS, OTHER_WORDS = "ahead: {days: [3, 1]}\n", "still: 还没查到还清，过会儿再查，要人工就说转人工。\n"
SPEC = {"id": "when", "who": {"causes": ["bill_past_due"]}, "metric": "advice_blocked", "direction": "down"}


@pytest.fixture(scope="module")
def usual() -> Knowledge:
    return project_knowledge()


def _wrong(write: Write, usual: Knowledge, overlay: str, **spec: Any) -> list[str]:
    return [str(problem) for problem in checked(write({FILE: overlay}, **{**SPEC, **spec}), usual)]


def test_another_day_is_an_experiment(write: Write, usual: Knowledge, read_once: None) -> None:
    assert _wrong(write, usual, OTHER_DAYS) == []
    assert _wrong(write, usual, OTHER_DAYS, who={}) == []


@pytest.mark.parametrize(
    ("overlay", "spec", "reason"),
    [
        (OTHER_DAYS, {"metric": "ended_resolved"}, "the metric is advice_blocked"),
        (OTHER_DAYS, {"who": {"causes": ["overdue"]}}, "bill_past_due is told on another day to nobody who takes part"),
        (OTHER_DAYS, {"who": {"intents": ["faq_repayment"]}}, "bill_past_due is told on another day to nobody who takes part"),
        (OTHER_DAYS, {"guardrails": ["advice_blocked"]}, "advice_blocked is a metric alone"),
        ("ahead: {days: [3, 1], text: '账单 {bill.amount} 元，{bill.due_on} 到期。'}\n", {}, "other words at once"),
        ("ahead: {days: [7, 1]}\n", {}, "short says the same as control"),
        ("ahead: {days: [20, 1]}\n", {}, "short/causes/bill_past_due.yml:1: lies between 1 and 14 days before"),
        ("ahead: {text: '账单 {bill.amount} 元，{bill.due_on} 到期。'}\n", {}, "no arm has other days in ahead.days"),
    ],
)
def test_what_keeps_another_day_from_being_one(
    write: Write, usual: Knowledge, read_once: None, overlay: str, spec: dict[str, Any], reason: str
) -> None:
    assert any(reason in each for each in _wrong(write, usual, overlay, **spec)), _wrong(write, usual, overlay, **spec)


def test_a_rehearsal_sees_the_other_day_of_a_bill_that_is_over_already(write: Write, database: Database, read_once: None) -> None:
    load_world_data(database, healthy())
    load_world_data(database, {"bills": [{"id": "b", "due_on": "2026-11-20"}]})
    other = folder.armed(write({FILE: OTHER_DAYS}, **SPEC).row().overlays_of("short"))
    days = [days_of_advice(database, knowledge, "u") for knowledge in (project_knowledge(), other)]
    assert "bill_past_due 2026-11-21: 2026-11-14" in days[0] and "bill_past_due 2026-11-21: 2026-11-18" in days[1]
    assert [each for each in days[0] if not each.startswith("bill")] == [each for each in days[1] if not each.startswith("bill")]
