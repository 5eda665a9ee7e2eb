"""What changed in the hour before an alert likely began: what was loaded, which policies came into force, experiments, and the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.moments import has_begun, local
from actions.core.observations import milliseconds
from actions.state.experiments import changed_between
from actions.state.world.changes import RowChange, WorldChange, changes_between
from actions.state.world.rows import read_rows
from actions.state.world.tables import stored_now
from bot.engine.training import newest_model

HOUR = timedelta(hours=1)
_OF_CUSTOMERS = frozenset({"users", "orders", "bills", "contracts", "repayments", "refunds"})
"""Of which only numbers are shown: what is theirs is nobody's business here."""
_MOST_ROWS = 20


@dataclass(frozen=True)
class RowOfPlatform:
    """A row of the platform's that changed: ``fields`` holds, by name, what was there and what is."""

    section: str
    key: str
    is_new: bool
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class ChangedExperiment:
    """An experiment that began or ended: ``experiment`` is its id, ``name`` has its version, too."""

    experiment: str
    name: str
    change: Literal["started", "ended"]
    at: str


@dataclass(frozen=True)
class HourBefore:
    """The hour.

    Attributes:
        since, until: real time.
        rows: of the platform that changed, at most ``_MOST_ROWS``.
        more: how many more there are.
        customers: how many rows of customers changed, by section.
        begun: whether a new world was loaded.
        policies: ids of those that came into force, while the clock of the facts runs.
        experiments: what began (``started``) or ended (``ended``), by name, the first first.
        model: name of the model that was exchanged; None: it was not.
    """

    since: datetime
    until: datetime
    rows: tuple[RowOfPlatform, ...]
    more: int
    customers: dict[str, int] = field(default_factory=dict)
    begun: bool = False
    policies: tuple[str, ...] = ()
    experiments: tuple[ChangedExperiment, ...] = ()
    model: str | None = None

    def to_data(self) -> dict[str, Any]:
        """The hour for programs."""
        rows = [{**vars(row), "fields": {name: list(both) for name, both in row.fields.items()}} for row in self.rows]
        return {
            **vars(self),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "rows": rows,
            "policies": list(self.policies),
            "experiments": [vars(each) for each in self.experiments],
        }


def hour_before(session: Session, begin: datetime, opened: datetime) -> HourBefore:
    """What changed from an hour before an alert's likely begin until it opened.

    Args:
        begin: when it likely began, real time.
        opened: when it opened.
    """
    since = begin - HOUR
    loads = changes_between(session, since, opened)
    changed = [row for load in loads for row in load.rows or ()]
    platform = [_shown(row) for row in changed if row.section not in _OF_CUSTOMERS]
    return HourBefore(
        local(since),
        local(opened),
        tuple(platform[:_MOST_ROWS]),
        max(0, len(platform) - _MOST_ROWS),
        dict(Counter(row.section for row in changed if row.section in _OF_CUSTOMERS)),
        any(_is_new_world(load) for load in loads),
        tuple(_in_force(session, since, opened)),
        tuple(_experiments(session, since, opened)),
        _exchanged(since, opened),
    )


def _is_new_world(load: WorldChange) -> bool:
    return load.rows is None


def _shown(row: RowChange) -> RowOfPlatform:
    before, after = row.before or {}, row.after or {}
    fields = {name: (_text(before.get(name)), _text(value)) for name, value in after.items() if before.get(name) != value}
    return RowOfPlatform(row.section, str(row.key), row.before is None, {} if row.before is None else fields)


def _text(value: Any) -> str:
    return "–" if value is None else str(value)


def _in_force(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    # Where the clock of the facts stands, nothing comes into force by itself.
    if stored_now(session) is None:
        for policy in read_rows(session, "policies").values():
            if has_begun(policy.effective_from, until) and not has_begun(policy.effective_from, since):
                yield policy.id


def _experiments(session: Session, since: datetime, until: datetime) -> Iterator[ChangedExperiment]:
    for row, at in changed_between(session, milliseconds(since), milliseconds(until)):
        change: Literal["started", "ended"] = "started" if at == row.started_at else "ended"
        yield ChangedExperiment(row.id, row.name, change, local(datetime.fromtimestamp(at / 1000, timezone.utc)).isoformat())


def _exchanged(since: datetime, until: datetime) -> str | None:
    model = newest_model()
    return model.name if model is not None and since.timestamp() <= model.stat().st_mtime <= until.timestamp() else None
