"""Applications for tests: the project's knowledge, read once, over a database of the test's own."""

from __future__ import annotations

from typing import Any

from actions.bootstrap import Application, bootstrap
from actions.knowledge import Knowledge, KnowledgeStore
from actions.settings import Settings
from actions.state.database import Database
from actions.state.world.facts import FactsFactory


class SharedKnowledge(KnowledgeStore):
    """The project's knowledge, or for a while another one: what an arm of an experiment would say."""

    instead: Knowledge | None = None

    @property
    def current(self) -> Knowledge:
        """What is said now."""
        return super().current if self.instead is None else self.instead


STORE = SharedKnowledge()
"""Everybody's: reading the folder for each test would take longer than most of them."""


def project_knowledge() -> Knowledge:
    """The project's own."""
    return STORE.current


def composed(database: Database, facts_source: FactsFactory | None = None, **settings: Any) -> Application:
    """What a process is made of, whatever this one's environment says.

    Args:
        facts_source: default: the world in the database.
        settings: those that differ from their defaults.
    """
    return bootstrap(Settings.construct(**settings), facts_source, database, STORE)
