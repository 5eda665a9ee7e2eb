"""Cases given to people and what happened to each.

A conversation has at most one that is not closed. A payload, once stored, never changes, but for what turns out to be personal in the customer's words.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Index, and_, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from actions.core.handoff import Priority, Stage
from actions.core.subject import ACCOUNT, Subject
from actions.state import handoff_cards
from actions.state.columns import RowNumber, real_now, rows_as, table_of
from actions.state.database import insert_if_new

PRIORITIES = get_args(Priority)
Status = Literal["queued", "taken", "closed"]
_ALPHABET = "23456789abdefghjkmnqrstuwxy"
"""Without what looks alike, and without letters of words that announce what must be masked (pwd, yzm): what follows such a word is masked."""


@dataclass(frozen=True)
class Handoff:
    """A case for a person.

    Attributes:
        id: what the customer is told, ``h-`` and eight signs that cannot be misread.
        reason, queue: why, and whose it is, in machine words.
        priority: ``urgent``, ``high``, ``normal`` or ``low``; it may have been raised since the payload was stored.
        status: ``queued`` until a person takes it, ``taken``, ``closed``.
        payload: everything the person needs, personal numbers masked.
        told_at: when the customer was told that nobody has come yet.
        shown_as: what the customer may call the person who has taken it; None: by no name.
        choice: what the customer chose then, ``wait`` or ``leave_message``.
        ending: how it was closed: ``returned`` to the assistant, ``closed`` by a person, ``withdrawn`` by the customer, ``solved`` before a person came.
        resolved_by, root_cause, note: the outcome, a label to learn from.
        assigned_to: the agent for whom a waiting handoff is meant; nobody else takes it.
        released_at: when a person last put it back into a queue, from when on the customer waits again; its place is that of ``created_at``.
    """

    id: str
    conversation_id: str
    user: str
    order: str | None
    bill: str | None
    reason: str
    queue: str
    priority: Priority
    status: Status
    created_at: datetime
    taken_at: datetime | None
    taken_by: str | None
    closed_at: datetime | None
    payload: dict[str, Any]
    told_at: datetime | None
    choice: str | None
    ending: str | None
    resolved_by: str | None
    root_cause: str | None
    note: str | None
    assigned_to: str | None
    released_at: datetime | None
    shown_as: str | None = None

    @property
    def subject(self) -> Subject:
        """What the case is about."""
        return Subject.of(self.order, self.bill)

    @property
    def stage(self) -> Stage:
        """Who owns the conversation as far as this handoff says."""
        return stage_of(self.status, self.ending, self.told_at, self.choice)


def stage_of(status: str, ending: str | None, told_at: datetime | None, choice: str | None) -> Stage:
    """The stage of a handoff with these values; see ``Handoff``."""
    if status == "taken":
        return "person"
    if status == "closed":
        return "closed" if ending == "closed" else "bot"
    if choice is not None:
        return "waiting"
    return "queued" if told_at is None else "offered"


HANDOFFS = table_of("handoffs", Handoff, Index(None, "created_at"))
_OPEN = HANDOFFS.c.status != "closed"
_WAITS_SINCE = func.coalesce(HANDOFFS.c.released_at, HANDOFFS.c.created_at)
Index("uq_handoffs_open", HANDOFFS.c.conversation_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_handoffs_status_closed_at", HANDOFFS.c.status, HANDOFFS.c.closed_at)


def _handoffs(session: Session, *conditions: Any) -> tuple[Handoff, ...]:
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=HANDOFFS.c.priority)
    wanted = select(HANDOFFS).where(*conditions).order_by(rank, HANDOFFS.c.created_at, HANDOFFS.c.id)
    return rows_as(Handoff, session.execute(wanted))


def new_id() -> str:
    """A number for a handoff that nobody has."""
    return "h-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def queued(
    conversation_id: str,
    user: str,
    reason: str,
    queue: str,
    payload: Mapping[str, Any],
    subject: Subject,
    priority: str,
    handoff_id: str | None,
) -> Handoff:
    """A handoff as it is when it has just been made; see ``create``."""
    never: dict[str, None] = dict.fromkeys((each.name for each in fields(Handoff)), None)
    begun = {"id": handoff_id or new_id(), "conversation_id": conversation_id, "user": user, **subject.to_data(), "reason": reason}
    rest = {"queue": queue, "priority": priority, "status": "queued", "created_at": real_now(), "payload": dict(payload)}
    return Handoff(**{**never, **begun, **rest})  # type: ignore[arg-type]


def create(
    session: Session,
    conversation_id: str,
    user: str,
    reason: str,
    queue: str,
    payload: Mapping[str, Any],
    subject: Subject = ACCOUNT,
    priority: str = "normal",
    handoff_id: str | None = None,
) -> Handoff:
    """Hands a conversation to people, unless it already is: then that handoff is returned unchanged.

    Args:
        handoff_id: made by ``new_id``, for payloads that name it; by default one is made here.

    Raises:
        ValueError: an unknown priority.
        LookupError: the id is another handoff's.
    """
    if priority not in PRIORITIES:
        raise ValueError(f"priority must be one of {', '.join(PRIORITIES)}")
    row = vars(queued(conversation_id, user, reason, queue, payload, subject, priority, handoff_id))
    while True:
        inserted = insert_if_new(session, HANDOFFS, row)
        if inserted:
            handoff_cards.keep(session, str(row["id"]), payload)
        found = open_handoff(session, conversation_id)
        if found is not None:
            return found
        if not inserted and get_handoff(session, str(row["id"])) is not None:
            raise LookupError(f"{row['id']} is taken")


def open_handoff(session: Session, conversation_id: str) -> Handoff | None:
    """The handoff of a conversation that is not closed, if there is one."""
    return next(iter(_handoffs(session, HANDOFFS.c.conversation_id == conversation_id, _OPEN)), None)


def get_handoff(session: Session, handoff_id: str) -> Handoff | None:
    """A handoff by its id; ids come from addresses, and a database may refuse to look for a sign that is not text."""
    if not handoff_id.isprintable():
        return None
    return next(iter(_handoffs(session, HANDOFFS.c.id == handoff_id)), None)


def list_handoffs(
    session: Session, status: str | None = None, since: datetime | None = None, conversation_id: str | None = None
) -> tuple[Handoff, ...]:
    """Handoffs, most urgent first and then longest waiting: all, or those of a status, created since an instant, of a conversation."""
    conditions = []
    if status is not None:
        conditions.append(HANDOFFS.c.status == status)
    if since is not None:
        conditions.append(HANDOFFS.c.created_at >= since)
    if conversation_id is not None:
        conditions.append(HANDOFFS.c.conversation_id == conversation_id)
    return _handoffs(session, *conditions)


def open_handoffs(session: Session) -> tuple[Handoff, ...]:
    """The handoffs that are not closed, in the same order."""
    return _handoffs(session, _OPEN)


def untold(session: Session, waiting_before: datetime) -> tuple[Handoff, ...]:
    """Handoffs queued, or put back, long ago whose customers do not know yet that nobody has come."""
    return _handoffs(session, HANDOFFS.c.status == "queued", HANDOFFS.c.told_at.is_(None), waiting_before >= _WAITS_SINCE)


def take(session: Session, handoff_id: str, agent: str, shown_as: str | None = None) -> bool:
    """Gives a queued handoff to a person; true for exactly one of all who try, and for nobody but the one it is meant for."""
    free = or_(HANDOFFS.c.assigned_to.is_(None), HANDOFFS.c.assigned_to == agent)
    taken = {"status": "taken", "taken_at": real_now(), "taken_by": agent, "shown_as": shown_as}
    return change(session, handoff_id, ("queued",), free, assigned_to=None, **taken)


def close(session: Session, handoff_id: str, ending: str = "closed", **outcome: str | None) -> bool:
    """Closes a handoff; false if it was closed already or there is none.

    Args:
        ending: ``returned``, ``closed``, ``withdrawn`` or ``solved``.
        outcome: ``resolved_by``, ``root_cause``, ``note``.
    """
    return change(session, handoff_id, ("queued", "taken"), status="closed", closed_at=real_now(), ending=ending, **outcome)


def tell(session: Session, handoff_id: str) -> bool:
    """Notes that the customer is told nobody has come; true for exactly one of all who try."""
    return change(session, handoff_id, ("queued",), HANDOFFS.c.told_at.is_(None), told_at=real_now())


def choose(session: Session, handoff_id: str, choice: str) -> bool:
    """Notes what the customer chose; false if a person has come meanwhile."""
    return change(session, handoff_id, ("queued",), choice=choice)


def is_more_urgent(priority: str, than: str) -> bool:
    """Whether one priority comes before another."""
    return PRIORITIES.index(priority) < PRIORITIES.index(than)


def raise_priority(session: Session, handoff_id: str, priority: str, queue: str) -> bool:
    """Makes an open handoff more urgent, or as urgent in another queue, for anybody there; false if it is closed, more urgent, or there already."""
    lower = [each for each in PRIORITIES if is_more_urgent(priority, each)]
    beside = and_(HANDOFFS.c.priority == priority, HANDOFFS.c.queue != queue)
    urgent = or_(HANDOFFS.c.priority.in_(lower), beside)
    return change(session, handoff_id, ("queued", "taken"), urgent, priority=priority, queue=queue, assigned_to=None)


def change(session: Session, handoff_id: str, from_: tuple[str, ...], *conditions: Any, **values: Any) -> bool:
    """Changes a handoff if it has one of the statuses and the conditions hold; whether it did."""
    changed = update(HANDOFFS).where(HANDOFFS.c.id == handoff_id, HANDOFFS.c.status.in_(from_), *conditions).values(**values)
    return bool(session.execute(changed).rowcount)


@dataclass(frozen=True)
class HandoffEvent:
    """One thing that happened to a handoff.

    Attributes:
        kind: an event of ``core.ownership``, or ``raise`` for a priority that was raised.
        actor: ``customer``, ``assistant``, or an agent's name.
    """

    id: RowNumber
    handoff_id: str
    at: datetime
    kind: str
    actor: str
    detail: dict[str, Any]


HANDOFF_EVENTS = table_of("handoff_events", HandoffEvent, Index(None, "handoff_id"))


def append(session: Session, handoff_id: str, kind: str, actor: str, detail: Mapping[str, Any] | None = None) -> None:
    """Adds an event."""
    row = {"handoff_id": handoff_id, "at": real_now(), "kind": kind, "actor": actor, "detail": dict(detail or {})}
    session.execute(insert(HANDOFF_EVENTS).values(row))


def of(session: Session, handoff_id: str) -> tuple[HandoffEvent, ...]:
    """A handoff's events in order."""
    wanted = select(HANDOFF_EVENTS).where(HANDOFF_EVENTS.c.handoff_id == handoff_id).order_by(HANDOFF_EVENTS.c.id)
    return rows_as(HandoffEvent, session.execute(wanted))


def latest(session: Session) -> int:
    """The number of the newest event of all handoffs, 0 without any: who has seen it has seen everything."""
    return int(session.execute(select(func.coalesce(func.max(HANDOFF_EVENTS.c.id), 0))).scalar_one())
