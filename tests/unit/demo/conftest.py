"""A demo world of its own per test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from actions.core.causes import Cause
from actions.state.database import Database
from bot.demo.remedies import DEMO_FILES
from conversations.application import project_knowledge
from tests.databases import migrated

ALL_THREE = (
    "a cause that the demo has needs all three: a customer who has nothing else (demo/world.yml, demo/customers.yml), "
    "a remedy (demo/remedies.yml), and its patch (conversations/healthy_world.yml)"
)


@pytest.fixture(scope="session")
def causes() -> Mapping[str, Cause]:
    return {cause.id: cause for cause in project_knowledge().causes.values() if cause.when is not None}


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "loaded.db"
    database = migrated(f"sqlite:///{file}", DEMO_FILES / "world.yml")
    database.close()
    return file


@pytest.fixture()
def world(loaded: Path, tmp_path: Path) -> Iterator[Database]:
    copy = tmp_path / "world.db"
    shutil.copy(loaded, copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.close()
