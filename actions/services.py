"""What the action server needs from outside, made at first use and never at import: the database and the knowledge."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

from sqlalchemy.orm import Session

from actions.dialogue.assistant import Assistant
from actions.handoff.desk import SqlDesk
from actions.knowledge.loading import knowledge_for
from actions.knowledge.model import Knowledge
from actions.recovery.notices import SqlNotices
from actions.state.database import Database
from actions.state.facts_source import SqlFacts


class Services:
    """The parts a turn is made of.

    Args:
        database: where the state and the conversations are.
        knowledge_root: the knowledge folder; the project's own by default.
    """

    def __init__(self, database: Optional[Database] = None, knowledge_root: Optional[Path] = None) -> None:
        self.database = database or Database()
        self._root = knowledge_root

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge, read again when a file has changed."""
        return knowledge_for(self._root)

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """An assistant on one database transaction, which ends with the turn."""
        with self.database.session() as session:
            yield self.assistant_on(session)

    def assistant_on(self, session: Session) -> Assistant:
        """An assistant on a session of the caller's."""
        knowledge = self.knowledge
        return Assistant(knowledge, SqlFacts(session), SqlDesk(session, knowledge), SqlNotices(session))


_current: Optional[Services] = None


def services() -> Services:
    """The services of this process."""
    global _current
    if _current is None:
        _current = Services()
    return _current


def use_services(replacement: Optional[Services]) -> None:
    """Puts other services in place, for processes that make their own; None goes back to the default at next use."""
    global _current
    _current = replacement
