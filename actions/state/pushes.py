"""Customers who have something to read that came unasked and are not there: a shop's push service is told once, until they have read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.state.outbox import ADVICE_PUSH, OUTBOX, PUSH, PUSHES, put_push

PushKind = Literal["reply", "recovery", "advice", "notice"]
"""A person has answered; what was waited for is over; what the customer wanted to be told of before comes; something else was said, such as that a person has come or has ended the case."""

GRACE = 3.0
"""Seconds in which an open stream may bring a message, so that nobody is called who is already there."""


_KINDS: Mapping[str, PushKind] = {"check": "recovery", "advice": "advice"}
"""By the type of what a message says."""


def kind_of(role: str, data: Mapping[str, Any] | None) -> PushKind:
    """What a message that came unasked is to its reader."""
    if role == "agent":
        return "reply"
    return _KINDS.get((data or {}).get("type", ""), "notice")


def call(session: Session, conversation_id: str, seq: int, kind: PushKind) -> None:
    """Notes that a customer has something new to read, unless they were called already and have not come since.

    Whoever calls holds the conversation, so that of two messages at once only one calls.

    Args:
        seq: of the message.
    """
    if not is_called(session, conversation_id):
        event = ADVICE_PUSH if kind == "advice" else PUSH
        put_push(session, conversation_id, {"kind": kind, "seq": seq}, GRACE, event)


def is_called(session: Session, conversation_id: str) -> bool:
    """Whether something is noted that the customer has not read."""
    return session.execute(select(OUTBOX.c.id).where(*_of(conversation_id)).limit(1)).first() is not None


def uncall(session: Session, conversation_id: str) -> None:
    """Forgets it, because the customer has come; what is being sent just now arrives all the same."""
    session.execute(delete(OUTBOX).where(*_of(conversation_id)))


def _of(conversation_id: str) -> tuple[Any, ...]:
    return OUTBOX.c.conversation_id == conversation_id, OUTBOX.c.event.in_(PUSHES)
