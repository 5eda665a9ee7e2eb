"""Loads that are refused, and the lines people get."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.state.database import Database
from actions.state.world.loading import dump_world, load_world
from actions.yaml_source import SourceError

SECTION_NAMES = (
    "now, users, merchants, categories, items, orders, bills, plans, contracts, repayments, refunds, policies, incidents, maintenance"
)


def refusal(database: Database, *files: Path, replace: bool = False) -> list[str]:
    """What is said of files that must be refused; whether nothing changed is checked."""
    with database.session() as session:
        before = dump_world(session)
    with pytest.raises(SourceError) as refused:
        load_world(database, files, replace)
    with database.session() as session:
        assert dump_world(session) == before, "a refused load changes nothing"
    return [str(problem) for problem in refused.value.problems]
