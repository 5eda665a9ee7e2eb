"""What must leave the house: written in the transaction that caused it, sent later, as often as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Index, UniqueConstraint, and_, delete, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, SmallNumber, real_now, rows_as, table_of
from actions.state.database import insert_if_new


@dataclass(frozen=True)
class Delivery:
    """One thing to be delivered.

    Attributes:
        key: the same at every attempt, so that the receiver can tell a repetition.
        handoff_id: the handoff that is delivered; None for what is about a conversation.
        event: what happened, such as ``handoff.created``.
        attempts: how often it was tried, the attempt under way included.
        due: when it may be tried next; for an attempt under way, when another may take over.
        error: why the last attempt failed.
    """

    id: RowNumber
    key: str
    handoff_id: str | None
    event: str
    detail: dict[str, Any]
    status: Literal["pending", "delivered", "dead"]
    attempts: SmallNumber
    due: datetime
    error: str | None
    created_at: datetime
    delivered_at: datetime | None
    conversation_id: str | None = None


LONGEST_PAUSE = 600.0
"""Seconds between two attempts at most. What is due later than that was noted while the clock was wrong, and is due now."""

OUTBOX = table_of(
    "outbox",
    Delivery,
    UniqueConstraint("key"),
    Index(None, "handoff_id"),
    Index(None, "conversation_id"),
    Index("ix_outbox_status_due", "status", "due"),
)

PUSH = "push.due"
"""The event of a conversation whose customer has something to read and is not there."""
ADVICE_PUSH = "advice.due"
"""The same where it is advice that the customer wanted."""
PUSHES = (PUSH, ADVICE_PUSH)

Audience = Literal["desk", "shop", "operators"]
"""Who hears of a delivery: the desk's systems of handoffs, the shop's push service of customers to be called, operators of alerts, incidents, policies and compliance."""

_OF_OPERATORS = ("alert.", "incident.", "policy.", "compliance.")
"""What the events begin with that operators hear of."""


def put(session: Session, handoff_id: str, event: str, detail: Mapping[str, Any] | None = None) -> None:
    """Notes a delivery about a handoff in the caller's transaction."""
    _put(session, event, detail or {}, real_now(), handoff_id=handoff_id)


def put_push(session: Session, conversation_id: str, detail: Mapping[str, Any], grace: float, event: str = PUSH) -> None:
    """Notes in the caller's transaction that a customer has something to read; it is sent after ``grace`` seconds."""
    _put(session, event, detail, real_now() + timedelta(seconds=grace), conversation_id=conversation_id)


def put_for_operators(session: Session, event: str, detail: Mapping[str, Any], key: str) -> bool:
    """Notes in the caller's transaction what operators are to hear of, once however often it is noted; whether it is news.

    Args:
        event: ``alert.…``, ``incident.…``, ``policy.…`` or ``compliance.…``.
        key: the same for the same news.
    """
    return insert_if_new(session, OUTBOX, _row(key, event, detail, real_now()))


def _put(session: Session, event: str, detail: Mapping[str, Any], due: datetime, **about: str) -> None:
    session.execute(insert(OUTBOX).values({**_row(uuid4().hex, event, detail, due), **about}))


def _row(key: str, event: str, detail: Mapping[str, Any], due: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "event": event,
        "detail": dict(detail),
        "status": "pending",
        "attempts": 0,
        "due": due,
        "created_at": real_now(),
    }


def claim_due(session: Session, lease: float, limit: int, audience: Audience = "desk") -> tuple[Delivery, ...]:
    """Takes deliveries for an audience that are due, oldest first; nobody else gets them for ``lease`` seconds.

    Whoever dies with a claim leaves it to be taken again when the lease is over.
    """
    now = real_now()
    waiting = (
        OUTBOX.c.status == "pending",
        _goes_to(audience),
        or_(OUTBOX.c.due <= now, OUTBOX.c.due > now + timedelta(seconds=LONGEST_PAUSE)),
    )
    due = select(OUTBOX.c.id).where(*waiting).order_by(OUTBOX.c.id).limit(limit)
    claimed = []
    for number in session.execute(due).scalars().all():
        mine = update(OUTBOX).where(OUTBOX.c.id == number, *waiting)
        if session.execute(mine.values(due=now + timedelta(seconds=lease), attempts=OUTBOX.c.attempts + 1)).rowcount:
            claimed.append(number)
    return _deliveries(session, OUTBOX.c.id.in_(claimed)) if claimed else ()


def delivered(session: Session, delivery_id: int) -> None:
    """Notes that the receiver has it."""
    _set(session, delivery_id, status="delivered", delivered_at=real_now(), error=None)


def failed(session: Session, delivery_id: int, error: str, retry_after: float | None) -> None:
    """Notes a failure: try again in ``retry_after`` seconds, or never by itself if that is None."""
    if retry_after is None:
        _set(session, delivery_id, status="dead", error=error)
    else:
        _set(session, delivery_id, due=real_now() + timedelta(seconds=min(retry_after, LONGEST_PAUSE)), error=error)


def resend(session: Session, delivery_id: int) -> bool:
    """Makes a dead letter due at once, with its attempts counted anew; false if there is no such dead letter."""
    alive = {"status": "pending", "attempts": 0, "due": real_now()}
    return bool(session.execute(update(OUTBOX).where(OUTBOX.c.id == delivery_id, OUTBOX.c.status == "dead").values(alive)).rowcount)


def dead_letters(session: Session) -> tuple[Delivery, ...]:
    """What was given up, oldest first."""
    return _deliveries(session, OUTBOX.c.status == "dead")


def has_pending(session: Session, audience: Audience = "desk") -> bool:
    """Whether anything still has to be delivered to an audience, due or not."""
    return session.execute(select(OUTBOX.c.id).where(OUTBOX.c.status == "pending", _goes_to(audience)).limit(1)).first() is not None


def of(session: Session, handoff_id: str) -> tuple[Delivery, ...]:
    """A handoff's deliveries in order."""
    return _deliveries(session, OUTBOX.c.handoff_id == handoff_id)


def forget_of_operators(session: Session, before: datetime) -> int:
    """Deletes what operators were told, or were to be told, before an instant; how much that was."""
    return int(session.execute(delete(OUTBOX).where(_goes_to("operators"), OUTBOX.c.created_at < before)).rowcount)


def _goes_to(audience: Audience) -> Any:
    for_operators = or_(*(OUTBOX.c.event.startswith(prefix) for prefix in _OF_OPERATORS))
    if audience == "operators":
        return for_operators
    for_shop = OUTBOX.c.event.in_(PUSHES)
    return for_shop if audience == "shop" else and_(not_(for_shop), not_(for_operators))


def _deliveries(session: Session, *conditions: Any) -> tuple[Delivery, ...]:
    wanted = select(OUTBOX).where(*conditions).order_by(OUTBOX.c.id)
    return rows_as(Delivery, session.execute(wanted))


def _set(session: Session, delivery_id: int, **values: Any) -> None:
    # A repetition that was under way when the first attempt's success was noted must not undo it.
    session.execute(update(OUTBOX).where(OUTBOX.c.id == delivery_id, OUTBOX.c.status != "delivered").values(**values))
