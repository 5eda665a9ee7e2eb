"""A calendar as other programs read it: RFC 5545, whole days only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_LONGEST = 75
"""Octets of a line without its end."""
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class CalendarEvent:
    """One event.

    Attributes:
        uid: the same for the same event, also when it moves.
        on, until: the first and the last day.
        summary: in one line; ``description``: more; ``categories``: of which kind.
    """

    uid: str
    on: date
    until: date
    summary: str
    description: str = ""
    categories: str = ""


def written(name: str, events: Iterable[CalendarEvent], stamp: datetime) -> bytes:
    """A calendar.

    Args:
        name: that programs show.
        events: in any order.
        stamp: when it was made.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//baitiao//policies//ZH", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines.extend(_event(event, stamp))
    lines.append("END:VCALENDAR")
    return b"".join(part for line in lines for part in _folded(line))


def _event(event: CalendarEvent, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    # The end of an event is the first day that does not belong to it.
    yield f"DTEND;VALUE=DATE:{event.until + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.categories:
        yield f"CATEGORIES:{_text(event.categories)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPED.get(sign, sign) for sign in plain if sign == "\n" or sign.isprintable())


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 octets, no sign cut in two; each further piece begins with a blank."""
    piece, room = b"", _LONGEST
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > room:
            yield piece + b"\r\n "
            piece, room = b"", _LONGEST - 1
        piece += octets
    yield piece + b"\r\n"
