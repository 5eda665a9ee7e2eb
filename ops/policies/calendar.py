"""What stands in the calendar of policies: begins, ends and reviews, what the law asks, maintenance, experiments and days of promotions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from actions.core.moments import Moment, local, start_of
from actions.core.platform import Maintenance
from actions.core.policy_stages import ends_before
from actions.state.experiments import ExperimentRow
from ops.compliance.obligations import Obligation
from ops.compliance.register import Standing
from ops.policies.register import RegisteredPolicy, policy_of
from ops.watch.settings import Promotion

EntryKind = Literal[
    "starts",
    "ends",
    "review",
    "obligation_starts",
    "obligation_due",
    "source_due",
    "maintenance",
    "experiment_starts",
    "experiment_ends",
    "promotion",
]


@dataclass(frozen=True)
class Entry:
    """One thing on one or several days.

    Attributes:
        on, until: the first and the last day.
        what: of which kind.
        about: id of what it is about; ``title``: what people call it.
        status: of a policy or an experiment.
        mark: what tells one from another of the same kind about the same.
    """

    on: date
    until: date
    what: EntryKind
    about: str
    title: str
    status: str = ""
    mark: str = ""

    @property
    def uid(self) -> str:
        """The same for the same thing, also when its day moves."""
        return f"{self.what}-{self.about}-{self.mark}"

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        data = {**vars(self), "on": self.on.isoformat(), "until": self.until.isoformat()}
        del data["mark"]
        return data


def entries_of(policies: Iterable[RegisteredPolicy]) -> Iterator[Entry]:
    """What policies bring: also of versions that are submitted, so that everybody sees them come."""
    for each in policies:
        version = each.approved or each.under_way
        row = each.row or (policy_of(version) if version else None)
        if row is None or each.status in ("withdrawn", "draft") or ends_before(row.effective_to, row.effective_from):
            continue
        title = version.title if version and version.title else each.id
        yield _on(row.effective_from, "starts", each, title)
        if row.effective_to is not None and row.effective_to != date.max:
            yield _on(row.effective_to, "ends", each, title)
        if version is not None and version.review_on is not None and each.status != "expired":
            yield _on(date.fromisoformat(version.review_on), "review", each, title)


def other_entries(windows: Iterable[Maintenance], promotions: Iterable[Promotion], word: Callable[[str], str] = str) -> Iterator[Entry]:
    """What else stands there.

    Args:
        word: what people call a component.
    """
    for window in windows:
        yield Entry(_day(window.starts_at), _day(window.ends_at), "maintenance", window.id, word(window.component))
    for each in promotions:
        yield Entry(each.first, each.last, "promotion", each.name, each.name, mark=each.first.isoformat())


def obligation_entries(standings: Iterable[Standing]) -> Iterator[Entry]:
    """From when an obligation is in force, and until when each is to be reviewed next; of a source, when somebody is to look at it."""
    for each in standings:
        if not isinstance(each.what, Obligation):
            yield Entry(each.due, each.due, "source_due", each.id, each.what.title)
            continue
        if each.what.in_force is not None:
            yield Entry(each.what.in_force, each.what.in_force, "obligation_starts", each.id, each.what.title)
        yield Entry(each.due, each.due, "obligation_due", each.id, each.what.title)


def experiment_entries(rows: Iterable[ExperimentRow]) -> Iterator[Entry]:
    """When experiments began and ended; of one that runs, when it ends at the latest."""
    for row in rows:
        if row.started_at is None:
            continue
        begun = _of_epoch(row.started_at)
        last = begun + timedelta(weeks=float(row.spec["longest_weeks"])) if row.ended_at is None else _of_epoch(row.ended_at)
        for at, what in ((begun, "experiment_starts"), (last, "experiment_ends")):
            yield Entry(at.date(), at.date(), what, row.id, str(row.spec["hypothesis"]), row.state, str(row.version))  # type: ignore[arg-type]


def between(entries: Iterable[Entry], first: date, last: date) -> list[Entry]:
    """Those that are on any day from the first to the last, by time."""
    found = (each for each in entries if each.on <= last and each.until >= first)
    return sorted(found, key=lambda each: (each.on, each.what, each.about))


def _on(moment: Moment, what: EntryKind, policy: RegisteredPolicy, title: str) -> Entry:
    day = _day(moment)
    return Entry(day, day, what, policy.id, title, policy.status)


def _day(moment: Moment) -> date:
    return local(start_of(moment)).date()


def _of_epoch(milliseconds: int) -> datetime:
    return local(datetime.fromtimestamp(milliseconds / 1000, timezone.utc))
