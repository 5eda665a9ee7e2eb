"""Dates and instants as the world writes them, and when an end is over.

A *moment* is either a ``date`` (a whole day in Asia/Shanghai) or an aware ``datetime`` (an instant). The difference carries meaning:
a document that expires today is still valid today, while a pause that ends at 10:00 is over at 10:00.
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


def today(now: datetime) -> date:
    """The calendar day in Asia/Shanghai at the instant ``now``."""
    return now.astimezone(SHANGHAI).date()


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
    return start_of(moment) + timedelta(days=1) if moment < date.max else datetime.max.replace(tzinfo=SHANGHAI)


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
