"""A generated month in a database with the demo world, and the report of it; what is true of it is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest

from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state.database import Database
from bot.demo.remedies import DEMO_FILES
from ops.insight.drawing import plots_of
from ops.insight.periods import Period
from ops.insight.report import Ground, make_report
from tests.databases import migrated
from tests.unit.ops.conftest import database, migrated_file, new_database
from tests.unit.ops.insight.planting import FEW_SAY, MANY_SAY, say_in
from tools.evaluation.insight_month import Planted, SimulatedMonth, midnight, write

__all__ = ["database", "migrated_file", "new_database"]

UNTIL = midnight(2026, 11, 23)
NOW = UNTIL + timedelta(days=4)
PERIOD = Period((UNTIL - timedelta(days=28)).date(), UNTIL.date())


@dataclass
class GeneratedMonth:
    """A month with its report.

    Attributes:
        broken: where customers truly fail, as reports call it.
        store: of the knowledge, read once.
        plots: of the report, drawn once.
    """

    database: Database
    store: KnowledgeStore
    broken: str
    data: dict[str, Any]

    @property
    def knowledge(self) -> Knowledge:
        return self.store.current

    @cached_property
    def plots(self) -> dict[str, Any]:
        return plots_of(self.data)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GeneratedMonth]:
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('month') / 'x.db'}", DEMO_FILES / "world.yml")
    store = KnowledgeStore()
    knowledge = store.current
    month = SimulatedMonth(knowledge, 22, UNTIL)
    broken = month.walkable[3]
    month.planted = Planted(broken=(broken.id, 1), nothing_found=0.02, comes_back=0.2)
    with database.session() as session:
        write(session, month, 500, NOW, with_messages=True)
        say_in(session, MANY_SAY, customers=9, at=UNTIL - timedelta(days=3))
        say_in(session, FEW_SAY, customers=4, at=UNTIL - timedelta(days=3), prefix="few")
    with database.session() as session:
        data = make_report(Ground(session, knowledge, NOW), PERIOD)
    yield GeneratedMonth(database, store, f"step/{broken.id}/1", data)
    database.close()
