"""Cases given to people. A conversation has at most one that is not closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Tuple

from sqlalchemy import JSON, CheckConstraint, Column, Index, Table, Text, case, column, select, update
from sqlalchemy.orm import Session

from actions.state.column_types import MomentText
from actions.state.metadata import metadata
from actions.state.real_time import real_now
from actions.state.sql import insert_if_new

PRIORITIES = ("urgent", "high", "normal", "low")
STATUSES = ("queued", "taken", "closed")
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

HANDOFFS = Table(
    "handoffs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("order", Text),
    Column("bill", Text),
    Column("reason", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", MomentText, nullable=False),
    Column("taken_at", MomentText),
    Column("taken_by", Text),
    Column("closed_at", MomentText),
    Column("payload", JSON, nullable=False),
    CheckConstraint(column("priority").in_(PRIORITIES), name="priority_choice"),
    CheckConstraint(column("status").in_(STATUSES), name="status_choice"),
)
_OPEN = HANDOFFS.c.status != "closed"
Index("uq_handoffs_open", HANDOFFS.c.conversation_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class Handoff:
    """A case for a person.

    Attributes:
        id: what the customer is told, ``h-`` and eight signs that cannot be misread.
        reason, queue: why, and whose it is, in machine words.
        priority: ``urgent``, ``high``, ``normal`` or ``low``.
        status: ``queued`` until a person takes it, ``taken``, ``closed``.
        payload: everything the person needs, personal numbers masked.
    """

    id: str
    conversation_id: str
    user: str
    order: Optional[str]
    bill: Optional[str]
    reason: str
    queue: str
    priority: str
    status: str
    created_at: datetime
    taken_at: Optional[datetime]
    taken_by: Optional[str]
    closed_at: Optional[datetime]
    payload: Dict[str, Any]


def _handoffs(session: Session, *conditions: Any) -> Tuple[Handoff, ...]:
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=HANDOFFS.c.priority)
    wanted = select(HANDOFFS).where(*conditions).order_by(rank, HANDOFFS.c.created_at, HANDOFFS.c.id)
    return tuple(Handoff(**row._mapping) for row in session.execute(wanted).all())


def create(
    session: Session,
    conversation_id: str,
    user: str,
    reason: str,
    queue: str,
    payload: Mapping[str, Any],
    order: Optional[str] = None,
    bill: Optional[str] = None,
    priority: str = "normal",
) -> Handoff:
    """Hands a conversation to people, unless it already is: then that handoff is returned unchanged.

    Raises:
        ValueError: an unknown priority.
    """
    if priority not in PRIORITIES:
        raise ValueError(f"priority must be one of {', '.join(PRIORITIES)}")
    row = {
        "conversation_id": conversation_id,
        "user": user,
        "order": order,
        "bill": bill,
        "reason": reason,
        "queue": queue,
        "priority": priority,
        "status": "queued",
        "created_at": real_now(),
        "payload": dict(payload),
    }
    while True:
        insert_if_new(session, HANDOFFS, {**row, "id": "h-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))})
        found = open_handoff(session, conversation_id)
        if found is not None:
            return found


def open_handoff(session: Session, conversation_id: str) -> Optional[Handoff]:
    """The handoff of a conversation that is not closed, if there is one."""
    return next(iter(_handoffs(session, HANDOFFS.c.conversation_id == conversation_id, _OPEN)), None)


def get_handoff(session: Session, handoff_id: str) -> Optional[Handoff]:
    """A handoff by its id."""
    return next(iter(_handoffs(session, HANDOFFS.c.id == handoff_id)), None)


def list_handoffs(session: Session, status: Optional[str] = None) -> Tuple[Handoff, ...]:
    """Handoffs, most urgent first and then longest waiting; all of them or those of one status."""
    return _handoffs(session, *([] if status is None else [HANDOFFS.c.status == status]))


def take(session: Session, handoff_id: str, agent: str) -> bool:
    """Gives a queued handoff to a person; true for exactly one of all who try."""
    return _change(session, handoff_id, ("queued",), status="taken", taken_at=real_now(), taken_by=agent)


def close(session: Session, handoff_id: str) -> bool:
    """Closes a handoff; false if it was closed already or there is none."""
    return _change(session, handoff_id, ("queued", "taken"), status="closed", closed_at=real_now())


def _change(session: Session, handoff_id: str, from_: Tuple[str, ...], **values: Any) -> bool:
    changed = update(HANDOFFS).where(HANDOFFS.c.id == handoff_id, HANDOFFS.c.status.in_(from_)).values(**values)
    return bool(session.execute(changed).rowcount)
