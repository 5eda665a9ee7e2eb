"""Watches queued handoffs and tells each customer once, when nobody has come in time, what they may do."""

from __future__ import annotations

from datetime import timedelta

from actions.handoff.ownership import tell_late
from actions.knowledge.store import KnowledgeStore
from actions.state import handoffs
from actions.state.database import Database
from actions.state.real_time import real_now

LOOK_SECONDS = 2.0


class LatenessWatcher:
    """Looks for customers nobody has come for.

    Args:
        database: where handoffs and conversations are.
        knowledge: what customers are told.
        patience: seconds a customer waits before being told.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, patience: float) -> None:
        self._database = database
        self._knowledge = knowledge
        self._patience = patience

    def look(self) -> int:
        """Looks once; returns how many customers were told."""
        before = real_now() - timedelta(seconds=self._patience)
        with self._database.session() as session:
            late = handoffs.untold(session, before)
        told = 0
        for row in late:
            with self._database.session() as session:
                told += tell_late(session, self._knowledge.current, row)
        return told
