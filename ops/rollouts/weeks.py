"""Which weeks a comparison counts: whole ones from the instant at which the policy began, so that each has every day of the week once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

DAY_MS = 24 * 60 * 60 * 1000
WEEK_MS = 7 * DAY_MS
MATCHING_WEEKS = 4
"""By which regions are matched. They are no part of what is compared: a region that was like another by chance would go its own way afterwards."""
BEFORE_WEEKS, LEAST_BEFORE = 8, 4
"""Before the begin that are compared: as a rule, and at least."""
LONGEST_BEFORE = 12
AFTER_WEEKS, LEAST_AFTER = 8, 2
"""After it: at most, since more else happens meanwhile, and at least."""

Period = Literal["matching", "before", "after"]


@dataclass(frozen=True)
class WeekPlan:
    """The weeks around a begin.

    Attributes:
        start: when the policy began, in milliseconds of the epoch.
        until: until when it is looked at whom it concerns: its own end, or now.
        known: until when it is known what happened; now.
        before: weeks before it that are compared.
    """

    start: int
    until: int
    known: int
    before: int = BEFORE_WEEKS

    def begin(self, window: int) -> int:
        """When the first week of all begins, for an outcome that is known after a window."""
        return self.start - window - (self.before + MATCHING_WEEKS) * WEEK_MS

    def after(self, window: int) -> int:
        """How many weeks after the begin are over, with what came of their customers."""
        return max(0, min(AFTER_WEEKS, (min(self.until, self.known - window) - self.start) // WEEK_MS))

    def week_of(self, at: int, window: int) -> int | None:
        """The number of an instant's week: negative before the begin, from 0 on after it; None: it is in none.

        What came of a customer just before the begin would be known after it only: so many days before the begin are left out.
        """
        if at >= self.start:
            week = (at - self.start) // WEEK_MS
            return week if week < self.after(window) else None
        week = (at - self.start + window) // WEEK_MS
        return week if -self.before - MATCHING_WEEKS <= week < 0 else None

    def period_of(self, week: int) -> Period:
        """To which part of the comparison a week belongs."""
        return "after" if week >= 0 else "before" if week >= -self.before else "matching"

    def matching_weeks(self) -> range:
        """Numbers of the weeks by which regions are matched."""
        return range(-self.before - MATCHING_WEEKS, -self.before)

    def before_weeks(self) -> range:
        """Numbers of the weeks before the begin that are compared."""
        return range(-self.before, 0)

    def week_begin(self, week: int, window: int) -> int:
        """When a week begins, in milliseconds of the epoch."""
        return self.start + week * WEEK_MS - (window if week < 0 else 0)

    def reaching_back(self, first: int, window: int) -> WeekPlan:
        """The same with as many weeks before as have been observed.

        Args:
            first: since when customers are observed, in milliseconds of the epoch.
        """
        return replace(self, before=min(self.before, (self.start - window - first) // WEEK_MS - MATCHING_WEEKS))
