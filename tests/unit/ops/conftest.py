"""A migrated database of its own for every test that needs one."""

from __future__ import annotations

from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database"]
