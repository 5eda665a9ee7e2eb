"""Pictures that customers and agents sent, beside the conversation they belong to: they go when it goes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, func, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import real_now, rows_as, table_of
from actions.state.conversations import begin


@dataclass(frozen=True)
class CleanPicture:
    """A JPEG without anything but what is to be seen; width and height in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """One that is stored.

    Attributes:
        content: a JPEG without anything but what is to be seen.
        width, height: in pixels.
    """

    id: str
    conversation_id: str
    content: Annotated[bytes, LargeBinary()]
    width: int
    height: int
    at: datetime


PICTURES = table_of("pictures", Picture, ForeignKeyConstraint(["conversation_id"], ["conversations.id"]), Index(None, "conversation_id"))


def keep(session: Session, conversation_id: str, picture: CleanPicture) -> str:
    """Stores a picture of a conversation; returns its id, which nobody guesses."""
    begin(session, conversation_id)
    picture_id = "p-" + secrets.token_urlsafe(18)
    row = Picture(picture_id, conversation_id, picture.content, picture.width, picture.height, real_now())
    session.execute(insert(PICTURES).values(vars(row)))
    return picture_id


def find(session: Session, conversation_id: str, picture_id: str) -> Picture | None:
    """A picture of this conversation; those of others are not found."""
    mine = (PICTURES.c.id == picture_id, PICTURES.c.conversation_id == conversation_id)
    return next(iter(rows_as(Picture, session.execute(select(PICTURES).where(*mine)))), None)


def count_since(session: Session, conversation_id: str, since: timedelta) -> int:
    """How many a conversation has got in the last while."""
    recent = (PICTURES.c.conversation_id == conversation_id, PICTURES.c.at > real_now() - since)
    return int(session.execute(select(func.count()).select_from(PICTURES).where(*recent)).scalar_one())
