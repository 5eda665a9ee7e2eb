"""Telling other processes, through PostgreSQL, that a conversation has something new, or soon will; with SQLite they look for themselves."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

NEWS = "baitiao_news"
"""The channel on which the numbers of conversations with new messages are told."""


TYPING = "baitiao_typing"
"""The channel on which the numbers of conversations are told in which a person is writing to the customer."""


def number_of(conversation_id: str) -> int:
    """A number for a conversation: what PostgreSQL locks and tells, and which names no customer."""
    return int.from_bytes(hashlib.blake2b(conversation_id.encode(), digest_size=8).digest(), "big", signed=True)


def announce(session: Session, conversation_id: str) -> None:
    """Tells everybody who listens, once the transaction is committed."""
    _notify(session, NEWS, conversation_id)


def announce_typing(session: Session, conversation_id: str) -> None:
    """Tells everybody who listens that a person writes just now; nobody keeps it."""
    _notify(session, TYPING, conversation_id)


def _notify(session: Session, channel: str, conversation_id: str) -> None:
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(channel, str(number_of(conversation_id)))))
