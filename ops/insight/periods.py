"""Of which days a report tells: whole days of the shop's time, and weeks as ISO 8601 counts them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.core.moments import start_of, today
from actions.core.observations import milliseconds

MOST_DAYS = 400
"""What is counted is kept no longer."""
BEFORE_DAYS = 28
"""Days before the period that it is held against."""
DURABLE_DAYS = 7
"""Days without a new complaint after which an episode stays resolved."""


class PeriodRefused(ValueError):
    """There can be no report of such days, or of such a region; the message says why and what to do."""


@dataclass(frozen=True)
class Period:
    """Some days.

    Attributes:
        first: the first day.
        end: the day after the last.
        region: of whose customers alone it tells; None: of everybody.
    """

    first: date
    end: date
    region: str | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.first).days

    @property
    def begins_at(self) -> int:
        """Its first instant in milliseconds of the epoch."""
        return _midnight(self.first)

    @property
    def ends_at(self) -> int:
        """The first instant after it."""
        return _midnight(self.end)

    @property
    def before(self) -> Period:
        """The days that it is held against."""
        return Period(self.first - timedelta(days=BEFORE_DAYS), self.first, self.region)

    def check(self, now: datetime, regions: Collection[str]) -> None:
        """Makes sure that there can be a report.

        Args:
            now: real time.
            regions: where customers live.

        Raises:
            PeriodRefused: there cannot.
        """
        if self.first >= self.end:
            raise PeriodRefused(f"--from {self.first} must be before --to {self.end}, the first day that is not counted any more")
        if self.end > today(now) + timedelta(days=1):
            raise PeriodRefused(f"--to {self.end} lies in the future; the last day that can be given is {today(now) + timedelta(days=1)}")
        if self.days > MOST_DAYS:
            raise PeriodRefused(f"{self.days} days are more than {MOST_DAYS}, for which observations are counted; give fewer")
        if self.region is not None and self.region not in regions:
            known = "、".join(sorted(regions))
            raise PeriodRefused(f"nobody lives in the region {self.region}; customers live in {known or 'none, since the world has none'}")


def week_of(day: date) -> str:
    """The week of a day, such as ``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def period_of(week: str) -> Period:
    """The days of a week, from Monday to Sunday.

    Raises:
        PeriodRefused: it names no week.
    """
    try:
        first = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()
    except ValueError:
        raise PeriodRefused(f"{week} is no week; weeks are written as 2026-W47") from None
    return Period(first, first + timedelta(days=7))


def last_week(now: datetime) -> Period:
    """The last week that is over at an instant."""
    here = today(now)
    monday = here - timedelta(days=here.weekday())
    return Period(monday - timedelta(days=7), monday)


def _midnight(day: date) -> int:
    return milliseconds(start_of(day))
