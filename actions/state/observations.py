"""The observations of every conversation, written with the messages they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Session

from actions.core.observations import Kind, Observation, Uttered, milliseconds, rated
from actions.core.observations import observe as observed
from actions.state import episodes
from actions.state.columns import metadata, real_now
from actions.state.database import SERVED, insert_new

OBSERVATIONS = Table(
    "observations",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("ref", Text, nullable=False),
    Column("episode", BigInteger),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("dims", JSON, nullable=False),
    Column("rolled", Boolean, nullable=False),
    UniqueConstraint("ref", "seq", "kind", "value"),
    Index("ix_observations_kind_value_at", "kind", "value", "at"),
    Index("ix_observations_at", "at"),
)
"""``at`` is real time in milliseconds of the epoch; ``ref`` what ``episodes`` calls the customer, which leads nowhere once they
are erased; ``rolled`` whether the worker has filled ``dims`` and counted the row."""
Index(
    "ix_observations_to_roll",
    OBSERVATIONS.c.id,
    sqlite_where=OBSERVATIONS.c.rolled == false(),
    postgresql_where=OBSERVATIONS.c.rolled == false(),
)


def observe(session: Session, user: str, messages: Sequence[Uttered]) -> None:
    """Observes messages that are being written, in the same transaction; whoever writes them holds the conversation."""
    if not any(message.role == "user" or message.data for message in messages):
        return
    ref, before = episodes.standing(session, user)
    found, after = observed(messages, before)
    if after != before:
        episodes.keep(session, user, after)
    if after.episode is not None and after.episode != before.episode:
        found = (*found, *_versions(session, found[-1]))
    insert_new(session, OBSERVATIONS, rows(ref, found))


def _versions(session: Session, last: Observation) -> Iterator[Observation]:
    """What answers in an episode that begins, as it is in this process."""
    served: Callable[[], Sequence[str]] = session.info.get(SERVED, tuple)
    return (Observation(last.at, last.seq, last.episode, "version", version) for version in served())


def observe_rating(session: Session, user: str, seq: int, score: int, at: datetime) -> None:
    """Observes how a customer rated an end; what they had said of it before stays, since it has happened, too."""
    ref, _ = episodes.standing(session, user)
    end = (OBSERVATIONS.c.ref == ref, OBSERVATIONS.c.seq == seq, OBSERVATIONS.c.kind == "end")
    ends = session.execute(select(OBSERVATIONS.c.seq, OBSERVATIONS.c.episode).where(*end)).all()
    insert_new(session, OBSERVATIONS, rows(ref, [rated(score, seq, at, ((row.seq, row.episode) for row in ends))]))


def note(session: Session, user: str, kind: Kind, value: str, seq: int, dims: Mapping[str, Any] | None = None) -> None:
    """Observes what no message tells, such as a banner that was shown; what is noted already stays.

    Args:
        seq: of the message it belongs to, or the conversation's last.
    """
    ref, state = episodes.standing(session, user)
    insert_new(session, OBSERVATIONS, rows(ref, [Observation(milliseconds(real_now()), seq, state.episode, kind, value, dims or {})]))


def rows(ref: str, found: Iterable[Observation]) -> list[dict[str, Any]]:
    """Observations as rows that nobody has rolled up yet."""
    return [{**vars(each), "dims": dict(each.dims), "ref": ref, "rolled": False} for each in found]
