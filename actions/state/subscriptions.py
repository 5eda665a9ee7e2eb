"""Who wants to be told when a cause that time removes is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.columns import RowNumber, real_now, rows_as, table_of
from actions.state.database import insert_if_new


@dataclass(frozen=True)
class Subscription:
    """One customer waiting for the end of one cause on one subject.

    Attributes:
        order, bill: empty for what is not the subject, because a unique index takes every NULL for a different value.
        status: ``open``, ``claimed`` (the notice is sent by whoever claimed it) or ``cancelled``.
        incident: the one that is waited for; empty for other causes, and until the state of who asked in the chat has been read.
        pay_before: when the order expires, told_eta: the expected end that the customer knows, both on the clock of the facts;
            told_at: when an update was sent last, due_at: since when the wait is over, in real time; all in milliseconds since the epoch.
        read_as: the scope of the incident under which the customer's state was read last; None: not yet.
    """

    id: RowNumber
    conversation_id: str
    user: str
    order: str
    bill: str
    cause: str
    status: Literal["open", "claimed", "cancelled"]
    created_at: datetime
    ended_at: datetime | None
    incident: str = ""
    pay_before: int | None = None
    told_eta: int | None = None
    told_at: int | None = None
    read_as: str | None = None
    due_at: int | None = None

    @property
    def subject(self) -> Subject:
        """What the cause is about."""
        return Subject.of(self.order or None, self.bill or None)


SUBSCRIPTIONS = table_of("subscriptions", Subscription)
_OPEN = SUBSCRIPTIONS.c.status == "open"
Index(
    "uq_subscriptions_open",
    SUBSCRIPTIONS.c.conversation_id,
    SUBSCRIPTIONS.c.cause,
    SUBSCRIPTIONS.c.order,
    SUBSCRIPTIONS.c.bill,
    SUBSCRIPTIONS.c.incident,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_subscriptions_incident", SUBSCRIPTIONS.c.incident, SUBSCRIPTIONS.c.status)
Index("ix_subscriptions_due", SUBSCRIPTIONS.c.status, SUBSCRIPTIONS.c.due_at)


def _subscriptions(session: Session, *conditions: Any) -> tuple[Subscription, ...]:
    wanted = select(SUBSCRIPTIONS).where(_OPEN, *conditions).order_by(SUBSCRIPTIONS.c.id)
    return rows_as(Subscription, session.execute(wanted))


def _key(conversation_id: str, subject: Subject, cause: str) -> dict[str, str]:
    return {"conversation_id": conversation_id, "order": subject.order or "", "bill": subject.bill or "", "cause": cause}


def subscribe(session: Session, conversation_id: str, user: str, subject: Subject, cause: str, incident: str = "") -> Subscription:
    """Subscribes to the end of a cause; while such a subscription is open, it is the one returned.

    Args:
        incident: the one of which the cause comes, if that is known.
    """
    key = {**_key(conversation_id, subject, cause), **({"incident": incident} if incident else {})}
    row = {**key, "incident": incident, "user": user, "status": "open", "created_at": real_now()}
    if incident and not _subscriptions(session, *(SUBSCRIPTIONS.c[name] == value for name, value in key.items())):
        # Who has just asked in the chat waits for this one, and is not to be told twice.
        unnamed = (SUBSCRIPTIONS.c[name] == value for name, value in {**key, "incident": ""}.items())
        session.execute(update(SUBSCRIPTIONS).where(_OPEN, *unnamed).values(incident=incident))
    while True:
        if incident or not is_subscribed(session, conversation_id, subject, cause):
            insert_if_new(session, SUBSCRIPTIONS, row)
        found = _subscriptions(session, *(SUBSCRIPTIONS.c[name] == value for name, value in key.items()))
        if found:
            return found[0]


def open_subscriptions(session: Session, without: Collection[str] = ()) -> tuple[Subscription, ...]:
    """Everybody still waiting, longest first; ``without`` those who wait for one of these causes."""
    return _subscriptions(session, SUBSCRIPTIONS.c.cause.not_in(list(without)))


def waiting_for(session: Session, conversation_id: str, cause: str) -> tuple[Subscription, ...]:
    """A conversation's open subscriptions to the end of a cause, whatever they are about."""
    return _subscriptions(session, SUBSCRIPTIONS.c.conversation_id == conversation_id, SUBSCRIPTIONS.c.cause == cause)


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
    ended = update(SUBSCRIPTIONS).where(_OPEN, condition).values(status=status, ended_at=real_now(), read_as=None)
    return int(session.execute(ended).rowcount)
