"""A migrated database of its own for every test that needs one, and databases with the demo world."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from actions.knowledge.model import Knowledge
from actions.state.database import Database
from bot.demo.remedies import DEMO_FILES
from conversations.application import project_knowledge
from tests.databases import migrated
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database"]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return project_knowledge()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Database]]:
    """Makes databases with the demo world."""
    folder = tmp_path_factory.mktemp("worlds")
    first = migrated(f"sqlite:///{folder / 'demo.db'}", DEMO_FILES / "world.yml")
    first.close()
    made: list[Database] = []

    def make() -> Database:
        copy = folder / f"copy-{len(made)}.db"
        shutil.copy(folder / "demo.db", copy)
        made.append(Database(f"sqlite:///{copy}"))
        return made[-1]

    yield make
    for each in made:
        each.close()
