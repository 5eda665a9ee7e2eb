"""Days that a customer names: which of the calendar each is, which of several is meant, and how it lies to the day on which a bill is due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions.core.facts import Facts
from actions.core.moments import Moment, day_of, today
from actions.core.plans import due_bills, running_contracts

SAID_OF_DAYS = ("said.day", "said.day_in_time", "said.day_late", "said.day_is_due", "said.number_not_due", "said.late_by")
"""Placeholders of texts about a day that the customer names."""

_NEAR = timedelta(days=31)
"""How far from the day on which a bill is due a day may lie to have to do with it: what is further off is about something else."""


@dataclass(frozen=True)
class NamedDay:
    """A day as it was named; what is None was not said.

    Attributes:
        offset: days from today.
        weekday: 0 for Monday; ``weeks`` from this one, where that was said.
        months: from the present one.
        month: of the year.
        day: of the month, 0 for its last.
    """

    offset: int | None = None
    weekday: int | None = None
    weeks: int | None = None
    months: int | None = None
    month: int | None = None
    day: int | None = None


def day_meant(named: Sequence[NamedDay], facts: Facts, past: bool) -> date | None:
    """The day among several that the customer tells of: the one that does not stand on record; None if none was named, or it cannot be told which.

    Args:
        past: whether the message tells of what has happened.
    """
    known, now = days_on_record(facts), today(facts.now)
    days = list(dict.fromkeys(day for each in named if (day := _day(each, now, known, past)) is not None))
    if len(days) > 1:
        days = [day for day in days if day not in known]
    return days[0] if len(days) == 1 else None


def days_on_record(facts: Facts) -> frozenset[date]:
    """The days that the record holds of what customers speak of: when something is due, begins again, or ends."""
    baitiao = facts.user.baitiao
    found: list[Moment | None] = [bill.due_on for bill in facts.bills]
    found += [contract.next_due_on for contract in running_contracts(facts)]
    found += [baitiao.retry_after, baitiao.temporary_limit.expires_on, facts.order.pay_before if facts.order is not None else None]
    found += [line.item.presale_balance_from for line in facts.lines]
    found += [line.merchant.paused_until for line in facts.lines]
    return frozenset(day_of(moment) for moment in found if moment)


def what_of_day(facts: Facts, day: date | None) -> Mapping[str, Any]:
    """The day, and how it lies to the earliest due date of what is left to pay.

    Args:
        day: the one that is meant; None if there is none.
    """
    if day is None:
        return {}
    due = next((day_of(bill.due_on) for bill in due_bills(facts) if bill.due_on is not None), None)
    said: dict[str, Any] = {"said.day": day}
    if due is not None and abs(day - due) <= _NEAR:
        # What is late already is not made so by a day to come.
        late = day > due and not due < today(facts.now) < day
        said |= {
            "said.day_in_time": day if day < due else None,
            "said.day_late": day if late else None,
            "said.day_is_due": day if day == due else None,
            "said.number_not_due": day.day if day != due else None,
            "said.late_by": (day - due).days if late else None,
        }
    return said


def _day(named: NamedDay, now: date, known: Collection[date], past: bool) -> date | None:
    if named.offset is not None:
        return now + timedelta(days=named.offset)
    if named.weekday is not None:
        monday = now - timedelta(days=now.weekday())
        if named.weeks is not None:
            return monday + timedelta(weeks=named.weeks, days=named.weekday)
        return _nearest([monday + timedelta(weeks=weeks, days=named.weekday) for weeks in (-1, 0, 1)], now, (), past)
    if named.day is None:
        return None
    if named.month is not None:
        days = [day for years in (-1, 0, 1) if (day := _of_month(now.year + years, named.month, named.day))]
        return min(days, key=lambda day: abs(day - now)) if days else None
    if named.months is not None:
        return _of_month(now.year, now.month + named.months, named.day)
    return _nearest(list(_around(named.day, now)), now, known, past)


def _around(day: int, now: date) -> Iterator[date]:
    for months in (-1, 0, 1):
        found = _of_month(now.year, now.month + months, day)
        if found is not None:
            yield found


def _nearest(days: Sequence[date], now: date, known: Collection[date], past: bool) -> date | None:
    """The day that stands on record, else the latest that is over, or the first that is to come."""
    recorded = [day for day in days if day in known]
    if recorded:
        return min(recorded, key=lambda day: abs(day - now))
    if past:
        return max((day for day in days if day <= now), default=None)
    return min((day for day in days if day >= now), default=None)


def _of_month(year: int, month: int, day: int) -> date | None:
    """A day of a month, which may be counted beyond the year; None if the month has no such day."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
