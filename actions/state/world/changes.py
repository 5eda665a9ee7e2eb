"""What each load changed in the world, appended and never changed: with it, the world of a past conversation can be looked at again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Table, insert, select
from sqlalchemy.orm import Session

from actions.core.record import Record, to_file
from actions.state.columns import MomentText, RowNumber, metadata, real_now

WORLD_CHANGES = Table(
    "world_changes",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", MomentText, nullable=False),
    Column("rows", JSON(none_as_null=True)),
    Column("clock", JSON(none_as_null=True)),
)
"""``rows`` is NULL where a new world begins, about whose forerunner nothing is known."""

FileRow = dict[str, Any]


@dataclass(frozen=True)
class RowChange:
    """One row in file form before and after; ``before`` is None for a new row."""

    section: str
    key: Any
    before: FileRow | None
    after: FileRow


@dataclass(frozen=True)
class WorldChange:
    """One load.

    Attributes:
        at: real time.
        rows: what it changed; None if a new world began with it.
        clock: the stored instant of the facts before and after, if the load set it.
    """

    at: datetime
    rows: tuple[RowChange, ...] | None
    clock: tuple[str | None, str | None] | None


def note_new_world(session: Session) -> None:
    """Appends that the world begins anew."""
    session.execute(insert(WORLD_CHANGES).values(at=real_now(), rows=None, clock=None))


def note_changes(
    session: Session,
    before: Mapping[str, Mapping[Any, Record]],
    after: Mapping[str, Mapping[Any, Record]],
    clock: tuple[datetime | None, datetime | None] | None,
) -> None:
    """Appends what a load changed, if it changed anything.

    Args:
        before: the rows that were there, by section and key.
        after: the rows that were written.
        clock: the stored instant before and after, if it was set.
    """
    rows: list[list[Any]] = []
    for section, records in after.items():
        for key, record in records.items():
            old = before[section].get(key)
            if old != record:
                rows.append([section, key, None if old is None else to_file(old), to_file(record)])
    moved = None if clock is None or clock[0] == clock[1] else [None if each is None else each.isoformat() for each in clock]
    if rows or moved:
        # Amounts become text, which world files take as well.
        session.execute(insert(WORLD_CHANGES).values(at=real_now(), rows=json.loads(json.dumps(rows, default=str)), clock=moved))


def changes_since(session: Session, moment: datetime) -> tuple[WorldChange, ...]:
    """The loads after a moment, in order."""
    found = session.execute(select(WORLD_CHANGES).order_by(WORLD_CHANGES.c.id)).all()
    return tuple(
        WorldChange(
            at=row.at,
            rows=None if row.rows is None else tuple(RowChange(*each) for each in row.rows),
            clock=None if row.clock is None else tuple(row.clock),
        )
        for row in found
        if row.at > moment
    )
