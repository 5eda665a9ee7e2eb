"""Pictures at the desk: agents see those of their cases and send some; every look is audited."""

from __future__ import annotations

from collections.abc import Iterable

from actions.handoff import ownership
from actions.knowledge.store import KnowledgeStore
from actions.state import audit, pictures
from actions.state.conversations import Message
from actions.state.database import Database
from actions.state.pictures import CleanPicture, Picture
from bot.staff.sessions import Agent

CSRF_HEADER = "x-baitiao-csrf"
"""Carries what every form carries, where the body is a picture."""


def pictures_in(messages: Iterable[Message]) -> dict[int, dict[str, int | str]]:
    """The pictures that messages show, by the number of the message: id, width and height."""
    return {message.seq: message.data for message in messages if message.data and message.data["type"] == "picture"}


class DeskPictures:
    """The desk's work on pictures, each function one transaction and blocking.

    Args:
        database: where handoffs and conversations are.
        knowledge: what a picture is called in words.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database = database
        self._knowledge = knowledge

    def look(self, agent: Agent, handoff_id: str, picture_id: str) -> Picture | None:
        """A picture of a case's conversation, None if it has none of that id.

        Raises:
            UnknownHandoff: there is no such handoff.
        """
        with self._database.session() as session:
            row = ownership.find(session, handoff_id)
            found = pictures.find(session, row.conversation_id, picture_id)
            if found is not None:
                audit.record(session, agent.name, "desk.picture", row.id, {"picture": picture_id})
            return found

    def send(self, agent: Agent, handoff_id: str, picture: CleanPicture) -> None:
        """Sends the customer a picture; see ``ownership.reply_with_picture`` for its errors."""
        with self._database.session() as session:
            ownership.reply_with_picture(session, self._knowledge.current, handoff_id, agent.name, picture)
            audit.record(session, agent.name, "desk.reply", handoff_id)
