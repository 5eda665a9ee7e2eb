"""When a customer who waits for a person should be answered, when that is close, and when it is over; from the minutes allowed by priority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

SOON_SHARE = 3
"""The last of so many parts of the time allowed is short: 40 seconds of 2 minutes, 10 minutes of 30."""


class Due(NamedTuple):
    """Until when, and from when on that is close."""

    at: datetime
    soon: datetime


def due_of(since: datetime, priority: str, minutes: Mapping[str, int]) -> Due:
    """By when somebody should be answered.

    Args:
        since: since when they wait.
        minutes: allowed, by priority.
    """
    allowed = timedelta(minutes=minutes[priority])
    return Due(since + allowed, since + allowed - allowed / SOON_SHARE)
