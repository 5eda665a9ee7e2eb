"""How long each table is kept: ``retention.yml``, by which what is old is deleted and which is shown to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import DateTime, Table, delete, select
from sqlalchemy.orm import Session

from actions.state.columns import Instant, metadata, real_now
from actions.yaml_source import Source

_FILE = Path(__file__).with_suffix(".yml")
DeletedBy = Literal["purge", "worker", "use", "replaced", "erasure", "never"]


@dataclass(frozen=True)
class Retention:
    """How long one table is kept.

    Attributes:
        by: who deletes what is old.
        of: what it holds, for people; ``why`` it is kept for good.
        days, setting: how long, or the setting that says so; neither where time does not matter.
        since: the column with the time from which a row is old; ``key``: by which rows are deleted.
    """

    table: str
    by: DeletedBy
    of: str
    days: int | None = None
    setting: str | None = None
    since: str | None = None
    key: str | None = None
    why: str | None = None

    def days_under(self, settings: Any) -> int | None:
        """The days with some settings; None where time does not matter."""
        return self.days if self.setting is None else int(getattr(settings, self.setting))


@lru_cache(maxsize=1)
def retentions() -> Mapping[str, Retention]:
    """The whole list, by table."""
    data: dict[str, dict[str, Any]] = Source.read(_FILE, shown_as=_FILE.name).data
    others = {name: {field: value for field, value in given.items() if field != "from"} for name, given in data.items()}
    return {name: Retention(name, since=data[name].get("from"), **given) for name, given in others.items()}


def kept_days(table: str) -> int:
    """The days of a table for which they are fixed.

    Raises:
        LookupError: they are not.
    """
    days = retentions()[table].days
    if days is None:
        raise LookupError(f"the days of {table} are no fixed number")
    return days


def delete_old(session: Session, kept: Retention, days: int, at_once: int) -> tuple[int, bool]:
    """Deletes the oldest rows of a table, about so many; how many went, and whether there are more.

    Args:
        kept: of a table with a time.
        at_once: so many that turns wait no longer than for a turn.
    """
    table: Table = metadata.tables[kept.table]
    time, key = table.c[kept.since or ""], table.c[kept.key or kept.since or ""]
    before: datetime | int = real_now() - timedelta(days=days)
    if not isinstance(time.type, (Instant, DateTime)):
        before = int(before.timestamp() * 1000)
    old = session.execute(select(key).where(time < before).order_by(time).limit(at_once)).scalars().all()
    gone = int(session.execute(delete(table).where(key.in_(set(old)))).rowcount) if old else 0
    return gone, len(old) == at_once
