"""Diagnoses of small worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.subject import Subject
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data, write_world_data
from conversations.application import project_knowledge
from conversations.healthy_world import Injection, healthy
from tests.databases import migrated

Diagnose = Callable[..., Diagnosis]


@pytest.fixture(scope="session")
def diagnosed() -> Iterator[Diagnose]:
    """Diagnoses the healthy world with patches put into it, which are taken back afterwards."""
    knowledge = project_knowledge()
    database = migrated("sqlite://")
    load_world_data(database, healthy())

    def run(*patches: Any, order: str | None = "o", bill: str | None = None) -> Diagnosis:
        with database.session() as session:
            for patch in patches:
                write_world_data(session, patch.patch if isinstance(patch, Injection) else patch)
            facts = SqlFacts(session).snapshot("u", Subject.of(None if bill else order, bill))
            session.rollback()
        return diagnose(facts, knowledge.causes.values())

    yield run
    database.close()
