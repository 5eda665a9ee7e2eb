"""A picture as a message of the conversation, of the customer's or of the person who has the case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.core.messages import PictureData
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.state import conversations, pictures
from actions.state.conversations import Message, MessageDraft, Role
from actions.state.pictures import CleanPicture


def send(
    session: Session, knowledge: Knowledge, conversation_id: str, role: Role, picture: CleanPicture, message_id: str | None = None
) -> Message:
    """Stores a picture and the message that shows it, in the caller's transaction.

    Args:
        role: whose it is.
        message_id: the client's id of a customer's message.

    Raises:
        DuplicateMessage: the id is already taken.
    """
    picture_id = pictures.keep(session, conversation_id, picture)
    data = PictureData(id=picture_id, width=picture.width, height=picture.height).to_data()
    text = knowledge.phrases.texts(phrases.PICTURE)[0]
    (message,) = conversations.append(session, conversation_id, [MessageDraft(role=role, text=text, data=data, id=message_id)])
    return message
