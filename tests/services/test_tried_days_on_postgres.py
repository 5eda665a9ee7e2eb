"""On PostgreSQL: a policy's regions before and after, and an experiment on the day of advice from its first look to its outcomes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.state.database import Database
from ops.rollouts.making import Wanted, make
from tests.unit.ops.advice.test_trying import Trial
from tests.unit.ops.experiments.conftest import Write, write
from tests.unit.ops.rollouts.planting import NOW, complaints, world

__all__ = ["write"]


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    made = Database(postgres_url)
    made.migrate()
    yield made
    made.close()


def test_a_planted_change_of_a_region_is_found(database: Database) -> None:
    world(database, residents=2)
    complaints(database, after=0.2)
    with database.session() as session:
        (found,) = make(session, Wanted("p-gd", ("handoff",)), NOW)["comparisons"]
    assert found["verdict"] == "more" and len(found["matched"]) == 3


def test_arms_that_tell_on_other_days_are_counted_together_and_known_on_the_day_foretold(database: Database, write: Write) -> None:
    trial = Trial(database, write)
    for day in (0, 13, 17, 20):
        trial.go(day)
    assert trial.exposed() == {"control": 3, "later": 3} and trial.outcomes() == [(0, 1)] * 3 + [(1, 1)] * 3
