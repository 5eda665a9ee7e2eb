"""What the action server needs from outside, made at first use and never at import: the database and the knowledge."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

import structlog
from sqlalchemy.orm import Session

from actions.dialogue.assistant import Assistant
from actions.handoff.desk import SqlDesk
from actions.knowledge.loading import knowledge_for
from actions.knowledge.model import Knowledge
from actions.recovery.notices import SqlNotices
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.yaml_source import SourceError

log = structlog.get_logger()


class Services:
    """The parts a turn is made of.

    Args:
        database: where the state and the conversations are.
        knowledge_root: the knowledge folder; the project's own by default.
    """

    def __init__(self, database: Optional[Database] = None, knowledge_root: Optional[Path] = None) -> None:
        self.database = database or Database()
        self._root = knowledge_root
        self._good: Optional[Knowledge] = None
        self._complaint = ""

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge, read again when a file has changed; a change that cannot be used is logged, and what was good stays.

        Raises:
            SourceError: it could not be used from the beginning.
        """
        try:
            self._good = knowledge_for(self._root)
        except SourceError as error:
            if self._good is None:
                raise
            if str(error) != self._complaint:
                self._complaint = str(error)
                log.error("knowledge.not_usable", problems=[str(problem) for problem in error.problems])
        return self._good

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """An assistant on one database transaction, which ends with the turn."""
        with self.database.session() as session:
            yield self.assistant_on(session)

    def assistant_on(self, session: Session) -> Assistant:
        """An assistant on a session of the caller's."""
        knowledge = self.knowledge
        source = SqlFacts(session)
        return Assistant(knowledge, source, SqlDesk(session, knowledge, source), SqlNotices(session))


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
