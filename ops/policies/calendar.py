"""What stands in the calendar of policies: begins, ends and reviews, maintenance and days of promotions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from actions.core.moments import Moment, local, start_of
from actions.core.platform import Maintenance
from actions.core.policy_stages import ends_before
from ops.policies.register import RegisteredPolicy, policy_of
from ops.watch.settings import Promotion

EntryKind = Literal["starts", "ends", "review", "maintenance", "promotion"]


@dataclass(frozen=True)
class Entry:
    """One thing on one or several days.

    Attributes:
        on, until: the first and the last day.
        what: of which kind.
        about: id of what it is about; ``title``: what people call it.
        status: of a policy.
    """

    on: date
    until: date
    what: EntryKind
    about: str
    title: str
    status: str = ""

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "on": self.on.isoformat(), "until": self.until.isoformat()}


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


def other_entries(windows: Iterable[Maintenance], promotions: Iterable[Promotion]) -> Iterator[Entry]:
    """What else stands there."""
    for window in windows:
        yield Entry(_day(window.starts_at), _day(window.ends_at), "maintenance", window.id, window.component)
    for each in promotions:
        yield Entry(each.first, each.last, "promotion", each.name, each.name)


def between(entries: Iterable[Entry], first: date, last: date) -> list[Entry]:
    """Those that are on any day from the first to the last, by time."""
    found = (each for each in entries if each.on <= last and each.until >= first)
    return sorted(found, key=lambda each: (each.on, each.what, each.about))


def _on(moment: Moment, what: EntryKind, policy: RegisteredPolicy, title: str) -> Entry:
    day = _day(moment)
    return Entry(day, day, what, policy.id, title, policy.status)


def _day(moment: Moment) -> date:
    return local(start_of(moment)).date()
