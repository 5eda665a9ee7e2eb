"""A healthy world in which something breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.bootstrap import Application
from actions.state.world.loading import load_world_data
from conversations.application import composed
from conversations.healthy_world import healthy
from tests.databases import migrated
from tests.unit.ops.incidents.desk import Duty


@pytest.fixture()
def here(tmp_path: Path) -> Iterator[Application]:
    """An application over the healthy world."""
    database = migrated(f"sqlite:///{tmp_path}/incidents.db")
    load_world_data(database, healthy())
    yield composed(database, notice_rate=1000.0)
    database.close()


@pytest.fixture()
def duty(here: Application) -> Duty:
    """Who is on duty."""
    return Duty(here)
