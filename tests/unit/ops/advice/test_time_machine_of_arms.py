"""Weeks go by while an experiment tries another day: no cap is broken in any arm, and who is counted is counted alike in each."""

from __future__ import annotations

from collections import Counter
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions.knowledge.model import Knowledge
from actions.state.database import Database
from actions.state.experiments import put_experiment
from tests.unit.ops.advice.broken_caps import broken_caps
from tests.unit.ops.advice.walking import not_as_said, walked
from tests.unit.ops.experiments.conftest import Write, read_once, write
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database", "read_once", "write"]

pytestmark = pytest.mark.slow

BILL, DAYS = "bill_past_due", 35


def _with_days_of_arms(knowledge: Knowledge) -> Knowledge:
    """The same, in which a bill may be told on the days of either arm."""
    bill = knowledge.causes[BILL]
    both = bill.copy(update={"ahead": bill.ahead and bill.ahead.copy(update={"days": (7, 3, 1)})})
    return cast(Knowledge, SimpleNamespace(advice=knowledge.advice, causes={**knowledge.causes, BILL: both}))


def test_no_cap_is_broken_while_arms_tell_on_other_days(database: Database, write: Write, read_once: None) -> None:
    spec: dict[str, Any] = {"who": {"causes": [BILL]}, "metric": "advice_blocked", "direction": "down"}
    row = write({f"short/causes/{BILL}.yml": "ahead: {days: [3, 1]}\n"}, **spec).row(state="running", started_at=1, started_by="test")
    with database.session() as session:
        put_experiment(session, row)
    machine = walked(database, 40, DAYS, seed=23)
    rows = machine.advice()
    assert broken_caps(rows, _with_days_of_arms(machine.here.knowledge.current), machine.withdrawn, machine.left_alone) == []
    assert not_as_said(machine, DAYS) == []
    counted = [each for each in rows if each.exposed]
    arms = Counter(str(each.trying).rpartition("/")[2] for each in counted)
    assert min(arms["control"], arms["short"]) >= 2, arms
    assert not any(each.holdout or each.own_on is not None for each in counted)
    told = {date.fromisoformat(each.event_on) - date.fromisoformat(each.due_on) for each in counted if not each.again}
    assert {each.days for each in told} <= {7, 3, 1}
