"""How many customers the same was observed of within a minute, by what is known of them; and how often it was ever observed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from actions.core.observations import Kind
from actions.state.columns import metadata
from actions.state.database import chunks

BUCKET_MS = 60_000

TALLIES = Table(
    "tallies",
    metadata,
    Column("bucket", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("dim", Text, primary_key=True),
    Column("dim_value", Text, primary_key=True),
    Column("refs", BigInteger, nullable=False),
    Index("ix_tallies_kind_value_bucket", "kind", "value", "bucket"),
)
"""``bucket`` is where the minute begins, in milliseconds of the epoch; ``refs`` counts everybody where ``dim`` is empty, else those of whom the
dimension has that value. Kinds that are nobody's in particular are counted by occurrence."""

TOTALS = Table(
    "totals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How often each was observed since the database was made: what never falls, for counters."""


def bucket_of(at: int) -> int:
    """The minute of an instant, both in milliseconds of the epoch."""
    return at - at % BUCKET_MS


def add(session: Session, table: Table, counts: Mapping[tuple[Any, ...], int]) -> None:
    """Adds to counters of one of the two tables, which begin at nothing.

    Args:
        counts: what to add, by the columns of the key.
    """
    if not counts:
        return
    *key, counter = table.columns
    insert = (postgresql if session.connection().dialect.name == "postgresql" else sqlite).insert(table)
    added = {counter.name: counter + insert.excluded[counter.name]}
    # Always in the same order, so that two who add never wait for each other in a circle.
    rows = [{**dict(zip((column.name for column in key), at)), counter.name: count} for at, count in sorted(counts.items())]
    session.execute(insert.on_conflict_do_update(index_elements=[column.name for column in key], set_=added), rows)


def count_nobodys(session: Session, at: int, counts: Mapping[tuple[Kind, str], int]) -> None:
    """Counts what no customer is observed for: by kind and value, in the minute of an instant."""
    add(session, TALLIES, {(bucket_of(at), kind, value, "", ""): count for (kind, value), count in counts.items()})


def replace_tallies(session: Session, wanted: Collection[tuple[int, str, str]], refs: Mapping[tuple[int, str, str, str, str], int]) -> None:
    """Puts counts in place of those that are there.

    Args:
        wanted: bucket, kind and value of everything that was counted anew.
        refs: the counts, by bucket, kind, value, dimension and its value.
    """
    for bucket, kind, value in sorted(wanted):
        session.execute(delete(TALLIES).where(TALLIES.c.bucket == bucket, TALLIES.c.kind == kind, TALLIES.c.value == value))
    names = [column.name for column in TALLIES.columns]
    for some in chunks({**dict(zip(names, key)), "refs": count} for key, count in refs.items()):
        session.execute(TALLIES.insert(), some)


def totals(session: Session, kinds: Collection[Kind]) -> dict[tuple[str, str], int]:
    """How often each value of some kinds was ever observed."""
    rows = session.execute(select(TOTALS).where(TOTALS.c.kind.in_(list(kinds))))
    return {(row.kind, row.value): int(row.count) for row in rows}
