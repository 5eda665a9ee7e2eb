"""Subscriptions to the end of incidents, so that ten thousand that wait cost one statement and not a snapshot each.

A wait is *read* once, under a certain scope of its incident: then it is known which incident it is, until when the order can be paid, and
which expected end the customer knows. It is *due* once that is over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state.columns import real_now, rows_as
from actions.state.incidents import Milliseconds, now_ms
from actions.state.subscriptions import SUBSCRIPTIONS, Subscription

_S = SUBSCRIPTIONS.c
_OPEN = _S.status == "open"
NOBODY = "nobody"
"""What stands in ``read_as`` for a customer or an order that the world does not know: until it changes, there is nobody to be told."""
_LONGEST_DUE_MS = 24 * 3600 * 1000
"""Milliseconds for which a wait that is over is still told of at the usual rate; it lets an index find those that were told."""
_TOLD_AGAIN = timedelta(hours=24)
"""How long after the end of a wait the customer is told that it has begun anew."""


def unread(session: Session, causes: Collection[str], scopes: Mapping[str, str], most: int) -> tuple[Subscription, ...]:
    """Waits whose customers' state is to be read: new ones, and those whose incident has another scope than when they were read.

    Args:
        causes: those that come of incidents.
        scopes: the scope of each open incident, in a word that changes with it.
    """
    changed = [and_(_S.incident == incident, _S.read_as.not_in([scope, NOBODY])) for incident, scope in scopes.items()]
    wanted = select(SUBSCRIPTIONS).where(_OPEN, _S.cause.in_(causes), _S.due_at.is_(None), or_(_S.read_as.is_(None), *changed))
    return rows_as(Subscription, session.execute(wanted.order_by(_S.id).limit(most)))


def note_read(session: Session, wait: Subscription, **values: Any) -> None:
    """Notes what was read; a wait that turns out to be one that is there already is given up."""
    incident = values.get("incident", wait.incident)
    if incident != wait.incident:
        same = (_OPEN, _S.conversation_id == wait.conversation_id, _S.cause == wait.cause, _S.order == wait.order, _S.bill == wait.bill)
        if session.execute(select(_S.id).where(*same, _S.incident == incident)).first() is not None:
            values = {"status": "cancelled", "ended_at": real_now()}
    session.execute(update(SUBSCRIPTIONS).where(_S.id == wait.id, _OPEN).values(**values))


def forget_nobody(session: Session, causes: Collection[str]) -> None:
    """Lets those be read again whom the world did not know: it has changed."""
    session.execute(update(SUBSCRIPTIONS).where(_OPEN, _S.cause.in_(causes), _S.read_as == NOBODY).values(read_as=None, due_at=None))


def mark_due(session: Session, causes: Collection[str], open_incidents: Collection[str]) -> None:
    """Notes that the waits for every other incident are over."""
    over = (_OPEN, _S.cause.in_(causes), _S.due_at.is_(None), _S.read_as != NOBODY, _S.incident.not_in(list(open_incidents)))
    session.execute(update(SUBSCRIPTIONS).where(*over).values(due_at=now_ms()))


def soonest_due(session: Session, most: int) -> list[tuple[str, str]]:
    """Conversations and causes whose waits are over, those first whose order expires first."""
    first = func.min(func.coalesce(_S.pay_before, 1 << 62))
    wanted = select(_S.conversation_id, _S.cause).where(_OPEN, _S.due_at.is_not(None)).group_by(_S.conversation_id, _S.cause)
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(first, func.min(_S.id)).limit(most))]


def due_of(session: Session, conversation_id: str, cause: str) -> tuple[Subscription, ...]:
    """A conversation's waits for one cause that are over, the order first that expires first."""
    mine = (_OPEN, _S.conversation_id == conversation_id, _S.cause == cause, _S.due_at.is_not(None))
    rows = session.execute(select(SUBSCRIPTIONS).where(*mine).order_by(func.coalesce(_S.pay_before, 1 << 62), _S.id))
    return rows_as(Subscription, rows)


def to_update(session: Session, incident: str, eta: Milliseconds, least: Milliseconds, before: Milliseconds, most: int) -> list[str]:
    """Conversations that wait for an incident and know another expected end.

    Args:
        least: by how much it must differ.
        before: who was told something since then is left alone.
    """
    moved = or_(_S.told_eta.is_(None), func.abs(_S.told_eta - eta) >= least)
    alone = or_(_S.told_at.is_(None), _S.told_at <= before)
    wanted = select(_S.conversation_id).where(_OPEN, _S.incident == incident, _S.due_at.is_(None), _S.read_as.is_not(None))
    return list(
        session.execute(
            wanted.group_by(_S.conversation_id).having(func.min(case((and_(moved, alone), 1), else_=0)) == 1).limit(most)
        ).scalars()
    )


def note_update(session: Session, incident: str, conversation_id: str, eta: Milliseconds, before: Milliseconds) -> bool:
    """Notes that a conversation is told of an expected end; true for exactly one of all who try."""
    mine = (_OPEN, _S.incident == incident, _S.conversation_id == conversation_id, or_(_S.told_at.is_(None), _S.told_at <= before))
    return bool(session.execute(update(SUBSCRIPTIONS).where(*mine).values(told_eta=eta, told_at=now_ms())).rowcount)


def told_of_the_end(session: Session, incident: str, scope: str, before: Milliseconds, most: int) -> list[str]:
    """Conversations that were told within the last day that an incident is over, before it came to this scope or was opened again."""
    busy = select(_S.conversation_id).where(_S.incident == incident, or_(_OPEN, _S.told_at > before))
    ended = (*_ended(incident), or_(_S.read_as.is_(None), _S.read_as != scope), _S.conversation_id.not_in(busy))
    return list(session.execute(select(_S.conversation_id).where(*ended).group_by(_S.conversation_id).limit(most)).scalars())


def take_ended(session: Session, incident: str, conversation_id: str, scope: str) -> tuple[Subscription, ...]:
    """A conversation's ended waits, for exactly one of all who ask under a scope; nothing for the others."""
    mine = (*_ended(incident), _S.conversation_id == conversation_id)
    noted = update(SUBSCRIPTIONS).where(*mine, or_(_S.read_as.is_(None), _S.read_as != scope)).values(read_as=scope)
    if not session.execute(noted).rowcount:
        return ()
    return rows_as(Subscription, session.execute(select(SUBSCRIPTIONS).where(*mine).order_by(_S.id.desc())))


def _ended(incident: str) -> tuple[Any, ...]:
    return _S.status == "claimed", _S.incident == incident, _S.ended_at > real_now() - _TOLD_AGAIN


def waiting(session: Session, incident: str, most: int) -> tuple[Subscription, ...]:
    """Those who wait for an incident, those first whose order expires first."""
    wanted = select(SUBSCRIPTIONS).where(_OPEN, _S.incident == incident).order_by(func.coalesce(_S.pay_before, 1 << 62), _S.id)
    return rows_as(Subscription, session.execute(wanted.limit(most)))


def who_waits(session: Session, incident: str) -> set[str]:
    """The customers who wait for an incident."""
    return set(session.execute(select(_S.user).where(_OPEN, _S.incident == incident)).scalars())


def some(session: Session, causes: Collection[str], most: int) -> tuple[Subscription, ...]:
    """A few of those who wait."""
    return rows_as(Subscription, session.execute(select(SUBSCRIPTIONS).where(_OPEN, _S.cause.in_(causes)).order_by(_S.id).limit(most)))


def told_between(session: Session, since: Milliseconds, until: Milliseconds) -> int:
    """How many customers were told something after one instant and up to another, by whichever server: that it is over, or what has changed."""
    first, last = (datetime.fromtimestamp(each / 1000, SHANGHAI) for each in (since, until))
    of_the_end = (_S.status == "claimed", _S.due_at > since - _LONGEST_DUE_MS, _S.ended_at > first, _S.ended_at <= last)
    of_changes = (_OPEN, _S.told_at > since, _S.told_at <= until)
    told = select(_S.conversation_id).where(or_(and_(*of_the_end), and_(*of_changes)))
    return int(session.execute(select(func.count()).select_from(told.distinct().subquery())).scalar() or 0)


def latest_told(session: Session) -> dict[str, Milliseconds]:
    """When somebody was told last of the end of each incident, in real time."""
    rows = select(_S.incident, func.max(_S.ended_at)).where(_S.status == "claimed", _S.incident != "").group_by(_S.incident)
    return {incident: int(at.timestamp() * 1000) for incident, at in session.execute(rows)}


def counts(session: Session, incident: str) -> dict[str, int]:
    """How many customers wait for an incident (``open``), and how many were told of its end (``claimed``)."""
    number = func.count(func.distinct(_S.conversation_id))
    rows = session.execute(select(_S.status, number).where(_S.incident == incident).group_by(_S.status))
    return {"open": 0, "claimed": 0, "cancelled": 0, **{row[0]: row[1] for row in rows}}
