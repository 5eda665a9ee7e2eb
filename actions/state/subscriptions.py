"""Who wants to be told when a cause that time removes is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, column, select, update
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.columns import MomentText, RowNumber, metadata, real_now
from actions.state.database import insert_if_new

SUBSCRIPTIONS = Table(
    "subscriptions",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("order", Text, nullable=False),
    Column("bill", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", MomentText, nullable=False),
    Column("ended_at", MomentText),
    CheckConstraint(column("status").in_(("open", "claimed", "cancelled")), name="status_choice"),
)
"""An order or bill that is not the subject is stored as an empty text, because a unique index takes every NULL for a different value."""

_OPEN = SUBSCRIPTIONS.c.status == "open"
Index(
    "uq_subscriptions_open",
    SUBSCRIPTIONS.c.conversation_id,
    SUBSCRIPTIONS.c.cause,
    SUBSCRIPTIONS.c.order,
    SUBSCRIPTIONS.c.bill,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)


@dataclass(frozen=True)
class Subscription:
    """One customer waiting for the end of one cause on one subject.

    Attributes:
        status: ``open``, ``claimed`` (the notice is sent by whoever claimed it) or ``cancelled``.
    """

    id: int
    conversation_id: str
    user: str
    subject: Subject
    cause: str
    status: str
    created_at: datetime
    ended_at: datetime | None


def _subscriptions(session: Session, *conditions: Any) -> tuple[Subscription, ...]:
    wanted = select(SUBSCRIPTIONS).where(_OPEN, *conditions).order_by(SUBSCRIPTIONS.c.id)
    rows = session.execute(wanted).mappings().all()
    return tuple(map(_subscription, rows))


def _subscription(row: Mapping[str, Any]) -> Subscription:
    fields = {name: value for name, value in row.items() if name not in ("order", "bill")}
    return Subscription(subject=Subject.of(row["order"] or None, row["bill"] or None), **fields)


def _key(conversation_id: str, subject: Subject, cause: str) -> dict[str, str]:
    return {"conversation_id": conversation_id, "order": subject.order or "", "bill": subject.bill or "", "cause": cause}


def subscribe(session: Session, conversation_id: str, user: str, subject: Subject, cause: str) -> Subscription:
    """Subscribes to the end of a cause; while such a subscription is open, it is the one returned."""
    key = _key(conversation_id, subject, cause)
    row = {**key, "user": user, "status": "open", "created_at": real_now()}
    while True:
        insert_if_new(session, SUBSCRIPTIONS, row)
        found = _subscriptions(session, *(SUBSCRIPTIONS.c[name] == value for name, value in key.items()))
        if found:
            return found[0]


def open_subscriptions(session: Session) -> tuple[Subscription, ...]:
    """Everybody still waiting, longest first."""
    return _subscriptions(session)


def is_subscribed(session: Session, conversation_id: str, subject: Subject, cause: str) -> bool:
    """Whether a conversation waits for the end of a cause on a subject."""
    key = _key(conversation_id, subject, cause)
    return bool(_subscriptions(session, *(SUBSCRIPTIONS.c[name] == value for name, value in key.items())))


def claim(session: Session, subscription_id: int) -> bool:
    """Ends a subscription for the one who is about to send its notice; true for exactly one of all who try.

    Write the notice in the same transaction: then it is sent exactly once, whatever fails.
    """
    return _end(session, "claimed", SUBSCRIPTIONS.c.id == subscription_id) == 1


def cancel_all(session: Session, conversation_id: str) -> int:
    """Ends a conversation's open subscriptions without a notice; how many there were."""
    return _end(session, "cancelled", SUBSCRIPTIONS.c.conversation_id == conversation_id)


def _end(session: Session, status: str, condition: Any) -> int:
    ended = update(SUBSCRIPTIONS).where(_OPEN, condition).values(status=status, ended_at=real_now())
    return int(session.execute(ended).rowcount)
