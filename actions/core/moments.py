"""Dates and instants as the world writes them, and when an end is over.

A *moment* is either a ``date`` (a whole day in Asia/Shanghai) or an aware ``datetime`` (an instant). The difference carries meaning:
a document that expires today is still valid today, while a pause that ends at 10:00 is over at 10:00.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Union
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Moment = Union[datetime, date]


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
    """Reads ``2026-11-22`` as a date and ``2026-11-22T10:00:00+08:00`` as an instant.

    An instant without an offset is taken as Asia/Shanghai, where the shop is.

    Raises:
        ValueError: the text is neither.
    """
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    instant = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def whole_years(birth: date, on: date) -> int:
    """Completed years between a birth date and a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
