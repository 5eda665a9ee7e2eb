"""Databases of a test's own that need not be migrated: each process migrates one, and the others are copies of it."""

from __future__ import annotations

import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from actions.state.database import Database
from actions.state.world.loading import load_world


def migrated(address: str, *world: Path) -> Database:
    """A new SQLite database with the schema of this version, and nothing else.

    Args:
        address: of a file that is not there yet, or of memory.
        world: files of a world that it shall hold.
    """
    database = Database(address)
    file = database.engine.url.database
    if file is not None:
        Path(file).write_bytes(_template(*world))
        return database
    with tempfile.TemporaryDirectory() as folder:
        (copy := Path(folder) / "template.db").write_bytes(_template(*world))
        source, target = sqlite3.connect(copy), database.engine.raw_connection()
        source.backup(target.driver_connection)
        source.close()
        target.close()
    return database


@cache
def _template(*world: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        if not world:
            database = Database(f"sqlite:///{file}")
            database.migrate()
        else:
            database = migrated(f"sqlite:///{file}")
            load_world(database, list(world))
        # The last connection to close writes the log back into the file.
        database.close()
        return file.read_bytes()
