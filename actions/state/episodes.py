"""Where each customer stands in their episodes, kept so that a turn need not read its past to be counted; and what observations call them.

That name is not the customer's reference of ``references``, which the audit keeps: it leads nowhere at all once the customer is erased.
"""

from __future__ import annotations

import secrets
from dataclasses import fields
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Table, Text, bindparam, select, update
from sqlalchemy.orm import Session

from actions.core.observations import EpisodeState
from actions.state.columns import metadata
from actions.state.database import insert_if_new

EPISODES = Table(
    "episodes",
    metadata,
    Column("user", Text, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),
    Column("episode", BigInteger),
    Column("end", Text),
    Column("said_seq", BigInteger),
    Column("said_at", BigInteger),
    Column("step", Text),
    Column("handoff", Text),
    Column("order", Text),
    Column("bill", Text),
    Index("ix_episodes_said_at", "said_at"),
)

_STATE = [EPISODES.c[field.name] for field in fields(EpisodeState)]
_OF_ONE = EPISODES.c.user == bindparam("whose")
_STANDING = select(EPISODES.c.ref, *_STATE).where(_OF_ONE)
_KEEPING = update(EPISODES).where(_OF_ONE).values({column: bindparam(column.name) for column in _STATE})


def standing(session: Session, user: str) -> tuple[str, EpisodeState]:
    """What observations call the customer, from now on if not before, and where the customer stands."""
    # On the connection itself: the session would look in every statement for mapped classes, of which there are none.
    row = session.connection().execute(_STANDING, {"whose": user}).first()
    if row is None:
        insert_if_new(session, EPISODES, {"user": user, "ref": secrets.token_hex(8), **vars(EpisodeState())})
        row = session.connection().execute(_STANDING, {"whose": user}).one()
    return row.ref, state_in(row)


def state_in(row: Any) -> EpisodeState:
    """Where the customer of a row of the table stands."""
    return EpisodeState(**{column.name: getattr(row, column.name) for column in _STATE})


def keep(session: Session, user: str, state: EpisodeState) -> None:
    """Stores where the customer stands."""
    session.connection().execute(_KEEPING, {"whose": user, **vars(state)})


def user_of(session: Session, ref: str) -> str | None:
    """Whom observations call so; None: somebody who was erased, or nobody."""
    found: str | None = session.execute(select(EPISODES.c.user).where(EPISODES.c.ref == ref)).scalar()
    return found
