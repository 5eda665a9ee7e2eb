"""The words by which customers name days, as they stand in ``locale.yml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Match
from typing import Any

from pydantic import StrictInt, StrictStr, validator

from actions.core.fields import Expression, Strict
from actions.core.named_days import NamedDay

_GROUPS = {"weekday": {"weeks", "weekday"}, "month_day": {"month", "day"}, "day": {"months", "day"}, "month_end": {"months"}}
"""What each expression must name."""


class DayWords(Strict):
    """How days are named.

    Attributes:
        digits: the words of one to nine; ``ten``: that of ten.
        shifts: words that lead to another week or month, by how far.
        weekdays: the words of Monday to Sunday; a character that means the same may stand in the same place, divided by ``|``.
        offsets: words of days near today, by how far.
        holidays: days of the year that have a name, as ``12-25``.
        weekday, month_day, day, month_end: how they are named otherwise.
        past: what says that something has happened.
    """

    digits: StrictStr
    ten: StrictStr
    shifts: Mapping[StrictStr, StrictInt]
    weekdays: tuple[StrictStr, ...]
    offsets: Mapping[StrictStr, StrictInt]
    holidays: Mapping[StrictStr, StrictStr]
    weekday: Expression
    month_day: Expression
    day: Expression
    month_end: Expression
    past: Expression

    @validator(*_GROUPS)
    def _names_its_parts(cls, value: Expression, field: Any) -> Expression:
        if set(value.groupindex) != _GROUPS[field.name]:
            raise ValueError(f"needs exactly the groups {', '.join(sorted(_GROUPS[field.name]))}")
        return value

    def named_in(self, text: str) -> tuple[NamedDay, ...]:
        """The days that a text names, in its order; what stands within a longer name is not named itself."""
        found: list[tuple[int, int, NamedDay]] = []
        for start, end, day in sorted(self._all(text), key=lambda each: (each[0], -each[1])):
            if not found or start >= found[-1][1]:
                found.append((start, end, day))
        return tuple(dict.fromkeys(day for _, _, day in found))

    def tells_past(self, text: str) -> bool:
        """Whether a text tells of something that has happened."""
        return self.past.search(text) is not None

    def _all(self, text: str) -> Iterator[tuple[int, int, NamedDay]]:
        for word, offset in self.offsets.items():
            yield from _at(text, word, NamedDay(offset=offset))
        for word, written in self.holidays.items():
            month, day = map(int, written.split("-"))
            yield from _at(text, word, NamedDay(month=month, day=day))
        for match in self.weekday.finditer(text):
            weekday = next(place for place, words in enumerate(self.weekdays) if match["weekday"] in words)
            yield match.start(), match.end(), NamedDay(weekday=weekday, weeks=self._shift(match, "weeks"))
        for match in self.month_day.finditer(text):
            month, day = self._number(match["month"]), self._number(match["day"])
            if month in range(1, 13) and day in range(1, 32):
                yield match.start(), match.end(), NamedDay(month=month, day=day)
        for match in self.day.finditer(text):
            day = self._number(match["day"])
            if day in range(1, 32):
                yield match.start(), match.end(), NamedDay(months=self._shift(match, "months"), day=day)
        for match in self.month_end.finditer(text):
            yield match.start(), match.end(), NamedDay(months=self._shift(match, "months") or 0, day=0)

    def _shift(self, match: Match[str], group: str) -> int | None:
        return self.shifts.get(match[group] or "")

    def _number(self, text: str) -> int:
        if text.isdecimal():
            return int(text)
        tens, ten, ones = text.rpartition(self.ten)
        return (10 * (self._digit(tens) or 1) if ten else 0) + self._digit(ones)

    def _digit(self, text: str) -> int:
        return self.digits.find(text) + 1 if text else 0


def _at(text: str, word: str, day: NamedDay) -> Iterator[tuple[int, int, NamedDay]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word), day
        start = text.find(word, start + 1)
