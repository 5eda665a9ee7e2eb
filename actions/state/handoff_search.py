"""Handoffs as the desk's queue lists them: filtered, searched, and in the order in which customers should be answered, each list one statement.

A customer waits from the moment of the handoff until a person has taken it and answered, and again from their first message after a person's last one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import Session

from actions.core.due import Due, due_of
from actions.core.handoff import Stage
from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS, MESSAGES
from actions.state.handoff_cards import HANDOFF_CARDS
from actions.state.handoffs import HANDOFFS, PRIORITIES, stage_of
from actions.state.reasons import given_for

PAGE = 50
"""Cases on one page of the list."""
CLOSED_IN_REACH = 500
"""How many of the latest closed handoffs are searched by words; by number and reference all are."""
_OPEN = ("queued", "taken")
_NUMBER = re.compile(r"h-\w+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """Which handoffs a list holds; what is empty does not matter.

    Attributes:
        words: the beginning of a number, a customer's reference, or words of the conversation or the summary.
        called: causes whose titles the words are part of.
        why: reasons whose titles they are part of: of the handover, or of what came later.
        taken_by: an agent.
        cause: one that was found, or the outcome's.
        waiting: only those whose customer waits for an answer.
        soon: only those whose customer will soon have waited too long.
        late: only those whose customer has.
        closed: those that have ended; without it those that have not, or with words both.
    """

    words: str = ""
    called: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    taken_by: str = ""
    queue: str = ""
    priority: str = ""
    cause: str = ""
    waiting: bool = False
    soon: bool = False
    late: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Listed:
    """A line of a list.

    Attributes:
        since: since when the customer waits for an answer; None if a person wrote last, or it has ended.
        due: until when they should have one, and from when on that is close.
        late, soon: whether that is over, or close.
    """

    id: str
    headline: str
    reason: str
    priority: str
    queue: str
    stage: Stage
    ending: str | None
    created_at: datetime
    closed_at: datetime | None
    taken_by: str | None
    since: datetime | None
    due: Due | None
    late: bool
    soon: bool


@dataclass(frozen=True)
class Counts:
    """How many open handoffs there are of each kind."""

    open: int
    waiting: int
    soon: int
    late: int
    mine: int


def find_listed(session: Session, wanted: Wanted, minutes: Mapping[str, int], page: int = 1) -> tuple[tuple[Listed, ...], bool]:
    """One page of a list, and whether there is another.

    The order: customers who wait before those whom a person answered last; of these what is urgent, then what is late, then by priority,
    then who waits longest. Closed ones follow, the latest first.

    Args:
        minutes: within how many a customer is to be answered, by priority.
        page: counts from 1.
    """
    now, listed = real_now(), _waits(_scope(wanted), wanted.words)
    columns = listed.c
    late, soon = (_since_before(columns, limits) for limits in _limits(minutes, now))
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=columns.priority)
    conditions = [
        *([columns.taken_by == wanted.taken_by] if wanted.taken_by else []),
        *([columns.queue == wanted.queue] if wanted.queue else []),
        *([columns.priority == wanted.priority] if wanted.priority else []),
        *([or_(columns.causes.contains(f",{wanted.cause},", autoescape=True), columns.root_cause == wanted.cause)] if wanted.cause else []),
        *([columns.since.is_not(None)] if wanted.waiting else []),
        *([late] if wanted.late else []),
        *([and_(soon, not_(late))] if wanted.soon else []),
        *([_says(columns, wanted)] if wanted.words else []),
    ]
    order = (
        columns.status == "closed",
        columns.closed_at.desc(),
        columns.since.is_(None),
        columns.priority != "urgent",
        case((late, 0), else_=1),
        rank,
        func.coalesce(columns.since, columns.taken_at, columns.created_at),
        columns.id,
    )
    found = session.execute(select(listed).where(*conditions).order_by(*order).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return tuple(_listed(row, minutes, now) for row in found[:PAGE]), len(found) > PAGE


def count_open(session: Session, agent: str, minutes: Mapping[str, int]) -> Counts:
    """How many open handoffs there are, for the links that lead to them."""
    open_ = _waits(HANDOFFS.c.status.in_(_OPEN), "")
    late, soon = (_since_before(open_.c, limits) for limits in _limits(minutes, real_now()))
    kinds = (open_.c.since.is_not(None), and_(soon, not_(late)), late, open_.c.taken_by == agent)
    sums = (func.coalesce(func.sum(case((kind, 1), else_=0)), 0) for kind in kinds)
    total, *others = session.execute(select(func.count(), *sums).select_from(open_)).one()
    return Counts(int(total), *(int(each) for each in others))


def urgent_waiting(session: Session) -> tuple[str, ...]:
    """The open handoffs that are urgent and whose customers wait, the newest last, so that somebody can be called."""
    urgent = _waits(and_(HANDOFFS.c.status.in_(_OPEN), HANDOFFS.c.priority == "urgent"), "")
    wanted = select(urgent.c.id).where(urgent.c.since.is_not(None)).order_by(urgent.c.created_at).limit(PAGE)
    return tuple(session.execute(wanted).scalars())


def said_in_open(session: Session) -> str:
    """Changes whenever something is said in an open case, or one is added or deleted."""
    open_ = HANDOFFS.join(CONVERSATIONS, CONVERSATIONS.c.id == HANDOFFS.c.conversation_id)
    wanted = select(func.count(), func.sum(CONVERSATIONS.c.last_seq)).select_from(open_).where(HANDOFFS.c.status.in_(_OPEN))
    return ".".join(str(each or 0) for each in session.execute(wanted).one())


def _scope(wanted: Wanted) -> Any:
    closed = HANDOFFS.c.status == "closed"
    if not wanted.words:
        return closed if wanted.closed else HANDOFFS.c.status.in_(_OPEN)
    latest = select(HANDOFFS.c.id).where(closed).order_by(HANDOFFS.c.closed_at.desc()).limit(CLOSED_IN_REACH).subquery()
    reach = [
        select(latest.c.id),
        select(HANDOFFS.c.id).where(HANDOFFS.c.id == wanted.words),
        select(HANDOFF_CARDS.c.handoff_id).where(HANDOFF_CARDS.c.reference == wanted.words),
    ]
    if wanted.closed:
        return and_(closed, HANDOFFS.c.id.in_(union_all(*reach)))
    return HANDOFFS.c.id.in_(union_all(select(HANDOFFS.c.id).where(HANDOFFS.c.status.in_(_OPEN)), *reach))


def _waits(scope: Any, words: str) -> Any:
    """The handoffs of a scope with their cards and ``since``."""
    mine = MESSAGES.c.conversation_id == HANDOFFS.c.conversation_id
    answered = (
        select(MESSAGES.c.seq)
        .where(mine, MESSAGES.c.role == "agent", MESSAGES.c.at >= HANDOFFS.c.created_at)
        .order_by(MESSAGES.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    names = ("id", "conversation_id", "reason", "priority", "queue", "status", "ending", "created_at", "closed_at", "told_at", "choice")
    columns = [HANDOFFS.c[name] for name in (*names, "taken_at", "taken_by", "root_cause")]
    shown = [func.coalesce(HANDOFF_CARDS.c[name], "").label(name) for name in ("headline", "causes", "reference")]
    # Sentences are read where they are searched, and nowhere else.
    searched = [func.coalesce(HANDOFF_CARDS.c.words, "").label("words")] if words else []
    taken = HANDOFFS.c.status == "taken"
    joined = HANDOFFS.outerjoin(HANDOFF_CARDS, HANDOFF_CARDS.c.handoff_id == HANDOFFS.c.id)
    inner = (
        select(*columns, *shown, *searched, case((taken, answered)).label("answered")).select_from(joined).where(scope).subquery("handoff")
    )
    again = (
        select(MESSAGES.c.at)
        .where(MESSAGES.c.conversation_id == inner.c.conversation_id, MESSAGES.c.role == "user", MESSAGES.c.seq > inner.c.answered)
        .order_by(MESSAGES.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    first = and_(inner.c.status != "closed", inner.c.answered.is_(None))
    since = case((first, inner.c.created_at), (inner.c.status == "taken", again))
    return select(inner, since.label("since")).subquery("listed")


def _limits(minutes: Mapping[str, int], now: datetime) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Since when at the latest somebody waits who has waited too long by now, and who soon will have, by priority."""
    due = {name: due_of(now, name, minutes) for name in PRIORITIES}
    return {name: now - (each.at - now) for name, each in due.items()}, {name: now - (each.soon - now) for name, each in due.items()}


def _since_before(columns: Any, limits: Mapping[str, datetime]) -> Any:
    cut = {name: literal(limit, HANDOFFS.c.created_at.type) for name, limit in limits.items()}
    return and_(columns.since.is_not(None), columns.since <= case(cut, value=columns.priority))


def _says(columns: Any, wanted: Wanted) -> Any:
    number = columns.id.ilike(f"{_literally(wanted.words)}%", escape="\\")
    if _NUMBER.fullmatch(wanted.words):
        # A customer's other handoffs are of the same conversation, in which each was told.
        return number
    pattern = f"%{_literally(wanted.words)}%"
    said = exists().where(MESSAGES.c.conversation_id == columns.conversation_id, MESSAGES.c.text.ilike(pattern, escape="\\"))
    return or_(
        number,
        columns.reference == wanted.words,
        columns.words.ilike(pattern, escape="\\"),
        *(columns.causes.contains(f",{cause},", autoescape=True) for cause in wanted.called),
        *([columns.root_cause.in_(wanted.called)] if wanted.called else []),
        *([columns.id.in_(given_for(wanted.why))] if wanted.why else []),
        said,
    )


def _literally(words: str) -> str:
    for sign in "\\%_":
        words = words.replace(sign, f"\\{sign}")
    return words


def _listed(row: Any, minutes: Mapping[str, int], now: datetime) -> Listed:
    due = due_of(row.since, row.priority, minutes) if row.since else None
    return Listed(
        id=row.id,
        headline=row.headline,
        reason=row.reason,
        priority=row.priority,
        queue=row.queue,
        stage=stage_of(row.status, row.ending, row.told_at, row.choice),
        ending=row.ending,
        created_at=row.created_at,
        closed_at=row.closed_at,
        taken_by=row.taken_by,
        since=row.since,
        due=due,
        late=due is not None and due.at <= now,
        soon=due is not None and due.soon <= now < due.at,
    )
