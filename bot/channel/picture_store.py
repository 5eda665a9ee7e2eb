"""What the channel reads and writes of customers' pictures, each function one transaction and blocking: call it in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.core.handoff import is_silent
from actions.core.turn import PERSON
from actions.handoff import picture_messages
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state import pictures
from actions.state.conversations import Message, MessageDraft, append, offered_buttons, replies_to
from actions.state.database import Database
from actions.state.handoffs import open_handoff
from actions.state.pictures import CleanPicture, Picture
from bot.web.responses import ProblemError

MOST_PICTURES = 20
_WHILE = timedelta(hours=24)
"""So many pictures in so long are enough for any case."""
_LATER = 3600


class PictureStore:
    """Customers' pictures in the database.

    Args:
        database: where conversations are.
        knowledge: what customers are told.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database = database
        self._knowledge = knowledge

    def find(self, conversation: str, picture_id: str) -> Picture | None:
        """A picture of a conversation, None if it has none of that id."""
        with self._database.session() as session:
            return pictures.find(session, conversation, picture_id)

    def replies(self, conversation: str, message_id: str) -> tuple[Message, ...] | None:
        """The stored replies to a picture, None if it was not taken."""
        with self._database.session() as session:
            return replies_to(session, conversation, message_id)

    def take(self, conversation: str, message_id: str, picture: CleanPicture) -> tuple[Message, ...]:
        """Stores a picture as the customer's message, with what the assistant says to it, which cannot look at it.

        Rasa's state stays as it was, so the case does. Nothing is said once a person has the case, or if the message was taken before.

        Returns:
            The replies as stored.

        Raises:
            ProblemError: 429 too many pictures.
        """
        known = self._knowledge.current
        with self._database.session() as session:
            before = replies_to(session, conversation, message_id)
            if before is not None:
                return before
            if pictures.count_since(session, conversation, _WHILE) >= MOST_PICTURES:
                raise ProblemError("too_many_pictures", retry_after=_LATER)
            offered = offered_buttons(session, conversation)
            picture_messages.send(session, known, conversation, "user", picture, message_id)
            # The message holds the conversation, so nobody takes the case between this and the answer.
            handoff = open_handoff(session, conversation)
            if handoff is not None and is_silent(handoff.stage):
                return ()
            return append(session, conversation, [_answer(known, offered, handoff is not None)], reply_to=message_id)


def _answer(known: Knowledge, offered: Sequence[dict[str, str]], queued: bool) -> MessageDraft:
    phrase = phrases.PICTURE_QUEUED if queued else phrases.PICTURE_KEPT
    # What could be pressed before can be pressed now: the case goes on where it was.
    buttons = list({button["payload"]: button for button in offered if button["payload"] != PERSON}.values())
    person = {"title": known.phrases.title(phrases.BUTTON_PERSON), "payload": PERSON}
    return MessageDraft(role="bot", text=known.phrases.texts(phrase)[0], buttons=[*buttons, person])
