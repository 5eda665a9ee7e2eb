"""What a cause says before it begins or ends: on which days, in what words, and what to do until then."""

from __future__ import annotations

from typing import Any

from pydantic import ConstrainedInt, validator

from actions.core.fields import Strict

MOST_DAYS_AHEAD = 30
"""So far ahead the calendar is looked at."""


class AheadStep(Strict):
    """One thing that a customer can do before a cause begins; ``path`` as of a ``Step``."""

    text: str
    path: str | None = None


class DayAhead(ConstrainedInt):
    """How many days before something begins or ends."""

    ge, le = 1, MOST_DAYS_AHEAD


class CauseAhead(Strict):
    """What a customer can be told before the cause begins, or before it ends, where the calendar alone brings that.

    Attributes:
        days: how many days before that it may be told, the earliest first.
        text: what comes, and when; lines as in ``CauseWait.text``.
        steps: what to do until then, in order.
        free_days: the fewest and the most days before that an arm of an experiment may tell it; None: the days are the same in every arm.
        tried_days: what an arm has in the place of ``days`` when it tells of its own accord; what customers may choose stays ``days``.
    """

    days: tuple[DayAhead, ...]
    text: str
    steps: tuple[AheadStep, ...] = ()
    free_days: tuple[DayAhead, DayAhead] | None = None
    tried_days: tuple[DayAhead, ...] | None = None

    @validator("days", "tried_days")
    def _earliest_first(cls, value: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if value is not None and (not value or list(value) != sorted(set(value), reverse=True)):
            raise ValueError("needs at least one day, the earliest first, each once")
        return value

    @validator("free_days")
    def _around_the_usual(cls, value: tuple[int, int] | None, values: dict[str, Any]) -> tuple[int, int] | None:
        days = values.get("days")
        if value is not None and days and not value[0] <= min(days) <= max(days) <= value[1]:
            raise ValueError("goes from the fewest to the most days, and the usual ones lie between")
        return value

    @property
    def told_days(self) -> tuple[int, ...]:
        """How many days before it is told unasked."""
        return self.tried_days or self.days
