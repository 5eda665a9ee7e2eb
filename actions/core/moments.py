"""Dates and instants as the world writes them, and when an end is over.

A *moment* is either a ``date`` (a whole day in Asia/Shanghai) or an aware ``datetime`` (an instant). The difference carries meaning:
a document that expires today is still valid today, while a pause that ends at 10:00 is over at 10:00.

At the ends of the calendar an instant has no local time: the last second of the year 9999 in London is no second any more in Shanghai.
World files may not name such an instant; what comes from elsewhere is taken for the first or the last one that there is.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Union
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Moment = Union[datetime, date]

_MOMENT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d*))?)?"
    r"[ \t]*(?P<zone>[Zz]|[-+]\d{1,2}(?::?\d{2})?(?::\d{2})?)?)?"
)

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
"""How files write a month."""

YEARS = range(2, 9999)
"""The years of instants that have a local time everywhere."""


def local(instant: datetime) -> datetime:
    """An instant in the shop's time; the first or the last one that there is for those that have none there."""
    try:
        return instant.astimezone(SHANGHAI)
    except OverflowError:
        return _end_of_calendar(instant.year > YEARS[0])


def later(instant: datetime, hours: int) -> datetime:
    """The instant some hours after another; the last one that there is if the calendar ends before."""
    try:
        return instant + timedelta(hours=hours)
    except OverflowError:
        return _end_of_calendar(hours > 0)


def _end_of_calendar(last: bool) -> datetime:
    return (datetime.max if last else datetime.min).replace(tzinfo=SHANGHAI)


def today(now: datetime) -> date:
    """The calendar day in Asia/Shanghai at the instant ``now``."""
    return local(now).date()


def day_of(moment: Moment) -> date:
    """The calendar day in Asia/Shanghai on which a moment lies."""
    return local(moment).date() if isinstance(moment, datetime) else moment


def start_of(moment: Moment) -> datetime:
    """The first instant of a moment: midnight in Asia/Shanghai for a date, the instant itself otherwise."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time.min, tzinfo=SHANGHAI)


def end_of(moment: Moment) -> datetime:
    """The instant at which an end is over: midnight after a date (a date is inclusive), the instant itself otherwise."""
    if isinstance(moment, datetime):
        return moment
    # The last day there is stands for "never": there is no day after it.
    return start_of(moment) + timedelta(days=1) if moment < date.max else _end_of_calendar(True)


def has_begun(moment: Moment, now: datetime) -> bool:
    """Whether something that starts at ``moment`` has started at ``now``."""
    return start_of(moment) <= now


def is_over(moment: Moment, now: datetime) -> bool:
    """Whether something that ends at ``moment`` is over at ``now``."""
    return end_of(moment) <= now


def parse_moment(text: str) -> Moment:
    """Reads ``2026-11-22`` as a date and ``2026-11-22T10:00:00+08:00`` as an instant, in any spelling that YAML 1.1 knows.

    An instant without an offset is taken as Asia/Shanghai, where the shop is.

    Raises:
        ValueError: the text is neither.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is neither a date nor an instant")
    parts = found.groupdict()
    day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    if parts["hour"] is None:
        return day
    clock = time(int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0), int((parts["fraction"] or "")[:6].ljust(6, "0")))
    return datetime.combine(day, clock, tzinfo=_zone(parts["zone"]))


def _zone(text: str | None) -> tzinfo:
    if not text:
        return SHANGHAI
    if text in "Zz":
        return timezone.utc
    # Before 1901 Shanghai was 8:05:43 ahead.
    hours, minutes, *seconds = text[1:].split(":") if ":" in text else (text[1:3], text[3:])
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds[0]) if seconds else 0)
    return timezone(-offset if text[0] == "-" else offset)


def whole_years(birth: date, on: date) -> int:
    """Completed years between a birth date and a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
