"""What the console writes down of its own: who looked at what. Blocking: call it in a thread."""

from __future__ import annotations

from collections.abc import Mapping

from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state import audit
from actions.state.database import Database
from bot.console.places import Place, Visit
from bot.staff.attendance import Attendance
from bot.staff.entrances import CONSOLE
from bot.staff.looks import Looks


class ConsoleWork:
    """The console's frame on the database.

    Args:
        database: where sign-outs and the audit are.
        knowledge: words of the frame.

    Attributes:
        attendance: who comes and goes.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self.attendance = Attendance(database, CONSOLE)
        self._database = database
        self._knowledge = knowledge
        self._looks = Looks()

    @property
    def knowledge(self) -> Knowledge:
        """What the assistant and its people know."""
        return self._knowledge.current

    def note_look(self, place: Place, visit: Visit) -> None:
        """Audits that somebody looks at a place, once a minute."""
        parts: Mapping[str, str] = dict(visit.parts)
        if place.audited and self._looks.is_new(visit.who.session, place.name, *parts.values()):
            with self._database.session() as session:
                audit.record(session, visit.who.name, f"console.{place.name}", detail=parts)
