"""What each load changed in the world, appended and never changed: with it, the world of a past conversation can be looked at again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from actions.core.record import Record, to_file
from actions.state.columns import RowNumber, TupleJson, real_now, rows_as, table_of

FileRow = dict[str, Any]


class RowChange(NamedTuple):
    """One row in file form before and after; ``before`` is None for a new row."""

    section: str
    key: Any
    before: FileRow | None
    after: FileRow


class _RowChanges(TupleJson):
    """Changes of rows, each as a list of its fields."""

    cache_ok = True
    restore: Any = staticmethod(lambda rows: tuple(RowChange(*row) for row in rows))


@dataclass(frozen=True)
class WorldChange:
    """One load.

    Attributes:
        at: real time.
        rows: what it changed; None where a new world begins, about whose forerunner nothing is known.
        clock: the stored instant of the facts before and after, if the load set it.
    """

    id: RowNumber
    at: datetime
    rows: Annotated[tuple[RowChange, ...], _RowChanges()] | None
    clock: tuple[str | None, str | None] | None


WORLD_CHANGES = table_of("world_changes", WorldChange)


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
    rows: list[RowChange] = []
    for section, records in after.items():
        for key, record in records.items():
            old = before[section].get(key)
            if old != record:
                rows.append(RowChange(section, key, None if old is None else _stored(old), _stored(record)))
    moved = None if clock is None or clock[0] == clock[1] else tuple(None if each is None else each.isoformat() for each in clock)
    if rows or moved:
        session.execute(insert(WORLD_CHANGES).values(at=real_now(), rows=rows, clock=moved))


def _stored(record: Record) -> FileRow:
    # Amounts become text, which world files take as well.
    row: FileRow = json.loads(json.dumps(to_file(record), default=str))
    return row


def latest_change(session: Session) -> int:
    """The number of the latest load, 0 without any: while it stays the same, nobody has changed the world."""
    return int(session.execute(select(func.max(WORLD_CHANGES.c.id))).scalar() or 0)


def changes_since(session: Session, moment: datetime) -> tuple[WorldChange, ...]:
    """The loads after a moment, in order."""
    wanted = select(WORLD_CHANGES).where(WORLD_CHANGES.c.at > moment).order_by(WORLD_CHANGES.c.id)
    return rows_as(WorldChange, session.execute(wanted))


def changes_after(session: Session, number: int) -> tuple[WorldChange, ...]:
    """The loads after the one of that number, in order."""
    wanted = select(WORLD_CHANGES).where(WORLD_CHANGES.c.id > number).order_by(WORLD_CHANGES.c.id)
    return rows_as(WorldChange, session.execute(wanted))


def changes_between(session: Session, since: datetime, until: datetime) -> tuple[WorldChange, ...]:
    """The loads of a time, both ends inclusive, in order."""
    wanted = select(WORLD_CHANGES).where(WORLD_CHANGES.c.at >= since, WORLD_CHANGES.c.at <= until).order_by(WORLD_CHANGES.c.id)
    return rows_as(WorldChange, session.execute(wanted))
