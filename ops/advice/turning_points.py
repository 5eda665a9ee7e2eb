"""An instant that remembers until when everything asked of it stays as it is, so that the days between need not be looked at.

Whether a cause holds rests on the clock by comparisons with moments alone. None of them comes out otherwise before the earliest moment that
lies ahead is reached; what asks more of an instant than a comparison, such as its day, is asked anew every day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from actions.core.moments import local, start_of

_NEXT = timedelta(microseconds=1)


class WatchedInstant(datetime):
    """An instant of the facts' clock.

    Attributes:
        turns_at: until then, everything that was asked of it so far would be answered alike at any instant between.
    """

    turns_at: datetime | None

    @classmethod
    def at(cls, instant: datetime) -> WatchedInstant:
        """A watched one."""
        made = cls.combine(instant.date(), instant.timetz())
        made.turns_at = None
        return made

    @property
    def plain(self) -> datetime:
        """The same, not watched."""
        return datetime.combine(datetime.date(self), datetime.timetz(self))

    def _turns(self, moment: datetime) -> None:
        if self.turns_at is None or moment < self.turns_at:
            self.turns_at = moment

    def _compared_with(self, other: Any) -> None:
        if isinstance(other, datetime):
            if datetime.__gt__(other, self.plain):
                self._turns(other)
            elif datetime.__eq__(other, self.plain):
                self._turns(other + _NEXT)

    def _looked_into(self) -> None:
        self._turns(start_of(local(self.plain).date() + timedelta(days=1)))

    def __lt__(self, other: Any) -> bool:
        self._compared_with(other)
        return datetime.__lt__(self, other)

    def __le__(self, other: Any) -> bool:
        self._compared_with(other)
        return datetime.__le__(self, other)

    def __gt__(self, other: Any) -> bool:
        self._compared_with(other)
        return datetime.__gt__(self, other)

    def __ge__(self, other: Any) -> bool:
        self._compared_with(other)
        return datetime.__ge__(self, other)

    def __eq__(self, other: object) -> bool:
        self._compared_with(other)
        return datetime.__eq__(self, other)

    def __hash__(self) -> int:
        return datetime.__hash__(self)

    def __sub__(self, other: Any) -> Any:
        self._looked_into()
        return self.plain - other

    def __rsub__(self, other: Any) -> Any:
        self._looked_into()
        return other - self.plain

    def __add__(self, other: Any) -> Any:
        self._looked_into()
        return self.plain + other

    def date(self) -> date:
        """Its day in its own time zone."""
        self._looked_into()
        return datetime.date(self)

    def timestamp(self) -> float:
        """Its epoch seconds."""
        self._looked_into()
        return datetime.timestamp(self)

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The same in another time zone, not watched."""
        self._looked_into()
        return self.plain.astimezone(tz)
