"""The world of the desk's tests: a stand-in over a database with the few customers whose cases are handed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.databases import migrated
from tests.unit.handoff.conftest import WORLD
from tests.widget.stand import Stand


def stand_of_desk(folder: Path) -> Iterator[Stand]:
    """A stand-in that is closed once the caller goes on."""
    database = migrated(f"sqlite:///{folder}/desk.db", WORLD)
    stand = Stand(database)
    yield stand
    stand.close()
    database.close()
