"""Diagnoses of small worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from conversations.application import project_knowledge
from conversations.healthy_world import Injection, healthy
from tests.databases import migrated

Diagnose = Callable[..., Diagnosis]


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    database = migrated("sqlite://")
    yield database
    database.close()


@pytest.fixture(scope="session")
def diagnosed(database: Database) -> Diagnose:
    """Diagnoses the healthy world with patches put into it."""
    knowledge = project_knowledge()

    def run(*patches: Any, order: str | None = "o", bill: str | None = None) -> Diagnosis:
        load_world_data(database, healthy(), replace=True)
        for patch in patches:
            load_world_data(database, patch.patch if isinstance(patch, Injection) else patch)
        with database.session() as session:
            facts = SqlFacts(session).snapshot("u", Subject.of(None if bill else order, bill))
        return diagnose(facts, knowledge.causes.values())

    return run
