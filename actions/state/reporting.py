"""What a period's conversations and handoffs came to, as rows to count: each function is one statement over an index, and bounded.

A conversation is a customer's, so rows of the same conversation are the same customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import distinct, func, literal_column, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as
from actions.state.conversations import MESSAGES, PROVEN
from actions.state.handoffs import HANDOFFS
from actions.state.ratings import RATINGS

MOST_ROWS = 20_000
"""Of one statement; who gets as many must say that there may be more."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A handoff that nobody has closed."""

    queue: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A handoff of the period, without what anybody said."""

    conversation_id: str
    reason: str
    queue: str
    status: str
    created_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    ending: str | None
    root_cause: str | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened in a conversation."""

    conversation_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IntentCount:
    """How many messages were understood as something, and of how many customers."""

    intent: str
    messages: int
    customers: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer said, masked as it is stored."""

    conversation_id: str
    intent: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """A rating."""

    conversation_id: str
    score: int
    at: datetime


def open_cases(session: Session) -> tuple[OpenCase, ...]:
    """The handoffs that are not closed."""
    # As a literal: SQLite would not see that a parameter is what the index of the open ones was made for.
    wanted = select(HANDOFFS.c.queue, HANDOFFS.c.created_at).where(HANDOFFS.c.status != literal_column("'closed'"))
    return rows_as(OpenCase, session.execute(wanted.limit(MOST_ROWS)))


def handed_over(session: Session, start: datetime, end: datetime) -> tuple[HandedOver, ...]:
    """The handoffs made in the period, oldest first."""
    columns = [HANDOFFS.c[name] for name in HandedOver.__dataclass_fields__]
    wanted = select(*columns).where(HANDOFFS.c.created_at >= start, HANDOFFS.c.created_at < end).order_by(HANDOFFS.c.created_at)
    return rows_as(HandedOver, session.execute(wanted.limit(MOST_ROWS)))


def first_said(session: Session, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
    """The customers who wrote in the period, each with their first message of it."""
    first = func.min(MESSAGES.c.at, type_=MESSAGES.c.at.type).label("at")
    wanted = select(MESSAGES.c.conversation_id, first).where(*_said_by("user", start, end)).group_by(MESSAGES.c.conversation_id)
    return rows_as(Occurrence, session.execute(wanted.limit(MOST_ROWS)))


def first_resolved(session: Session, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
    """The customers whom the assistant could show in the period that nothing blocks them any more, each with the first such message."""
    first = func.min(MESSAGES.c.at, type_=MESSAGES.c.at.type).label("at")
    # Literally: SQLite would not see by a parameter that the index of just these is of use.
    proven = literal_column(str(PROVEN.compile(session.get_bind(), compile_kwargs={"literal_binds": True})))
    wanted = select(MESSAGES.c.conversation_id, first).where(*_said_by("bot", start, end), proven).group_by(MESSAGES.c.conversation_id)
    return rows_as(Occurrence, session.execute(wanted.limit(MOST_ROWS)))


def said_by_agents(session: Session, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
    """When people of the desk said something, oldest first."""
    wanted = select(MESSAGES.c.conversation_id, MESSAGES.c.at).where(*_said_by("agent", start, end)).order_by(MESSAGES.c.at)
    return rows_as(Occurrence, session.execute(wanted.limit(MOST_ROWS)))


def intents(session: Session, start: datetime, end: datetime, names: tuple[str, ...]) -> tuple[IntentCount, ...]:
    """How often customers were understood as one of these."""
    counts = (func.count().label("messages"), func.count(distinct(MESSAGES.c.conversation_id)).label("customers"))
    wanted = select(MESSAGES.c.intent, *counts).where(*_said_by("user", start, end), MESSAGES.c.intent.in_(names))
    return rows_as(IntentCount, session.execute(wanted.group_by(MESSAGES.c.intent)))


def said_as(session: Session, start: datetime, end: datetime, names: tuple[str, ...], most: int) -> tuple[Said, ...]:
    """What customers said that was understood as one of these, latest first."""
    columns = [MESSAGES.c[name] for name in Said.__dataclass_fields__]
    wanted = select(*columns).where(*_said_by("user", start, end), MESSAGES.c.intent.in_(names)).order_by(MESSAGES.c.at.desc())
    return rows_as(Said, session.execute(wanted.limit(most)))


def scores(session: Session, start: datetime, end: datetime) -> tuple[Score, ...]:
    """The ratings given in the period, oldest first."""
    columns = [RATINGS.c[name] for name in Score.__dataclass_fields__]
    wanted = select(*columns).where(RATINGS.c.at >= start, RATINGS.c.at < end).order_by(RATINGS.c.at)
    return rows_as(Score, session.execute(wanted.limit(MOST_ROWS)))


def _said_by(role: str, start: datetime, end: datetime) -> tuple[Any, ...]:
    return MESSAGES.c.role == role, MESSAGES.c.at >= start, MESSAGES.c.at < end
