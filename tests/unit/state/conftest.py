"""A migrated database of its own for every test, copied from one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.state.database import Database
from actions.state.world.loading import load_world_data
from tests.databases import migrated


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "empty.db"
    database = migrated(f"sqlite:///{file}")
    database.close()
    return file


@pytest.fixture
def new_database(migrated_file: Path, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Makes migrated databases by name."""
    made = []

    def make(name: str) -> Database:
        shutil.copy(migrated_file, tmp_path / name)
        made.append(Database(f"sqlite:///{tmp_path / name}"))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def database(new_database: Callable[[str], Database]) -> Database:
    return new_database("state.db")


@pytest.fixture
def world() -> dict[str, Any]:
    """Two healthy customers, one order and one bill of the first."""
    return {
        "now": "2026-11-22T10:00:00+08:00",
        "users": [{"id": "u-1"}, {"id": "u-2"}],
        "merchants": [{"id": "m-1"}],
        "categories": [{"id": "phones"}],
        "items": [{"sku": "100001", "category": "phones", "merchant": "m-1", "price": "5299.00"}],
        "orders": [{"id": "o-1", "user": "u-1", "lines": [{"sku": "100001", "quantity": 1}]}],
        "bills": [{"id": "b-1", "user": "u-1", "month": "2026-11", "amount": "1200.00", "status": "issued"}],
        "plans": [{"tenor": 3}],
    }


@pytest.fixture
def loaded(database: Database, world: dict[str, Any]) -> Database:
    load_world_data(database, world)
    return database
