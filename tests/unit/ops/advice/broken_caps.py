"""What advice must never do, looked for in what was noted: an independent reading of the rules, over all customers together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from actions.core.moments import local
from actions.knowledge.model import Knowledge
from actions.state.advice import Advice

_MONTH_MS = 30 * 24 * 3_600_000


def broken_caps(
    rows: Sequence[Advice], knowledge: Knowledge, withdrawn: Mapping[str, int], left_alone: Sequence[tuple[str, int, int, str]] = ()
) -> list[str]:
    """Every break, in words; empty if there is none.

    Args:
        withdrawn: when customers withdrew everything, epoch milliseconds.
        left_alone: who may be told nothing from when until when, and why.
    """
    told = [row for row in rows if row.status in ("sent", "held_out")]
    return [*_breaks(told, knowledge, withdrawn), *_disturbed(told, left_alone)]


def _disturbed(told: Sequence[Advice], left_alone: Sequence[tuple[str, int, int, str]]) -> Iterator[str]:
    for user, since, until, why in left_alone:
        if any(row.user == user and since <= (row.sent_at or 0) < until for row in told):
            yield f"{user}: told in spite of {why}"


def _breaks(told: Sequence[Advice], knowledge: Knowledge, withdrawn: Mapping[str, int]) -> Iterator[str]:
    rules = knowledge.advice
    of: defaultdict[str, list[Advice]] = defaultdict(list)
    for row in told:
        of[row.user].append(row)
    for user, theirs in of.items():
        times = sorted(row.sent_at or 0 for row in theirs if not row.again)
        for first, later in zip(times, times[rules.a_month :]):
            if later - first < _MONTH_MS:
                yield f"{user}: more than {rules.a_month} within a month"
        if user in withdrawn and any((row.sent_at or 0) >= withdrawn[user] for row in theirs):
            yield f"{user}: told after withdrawal"
        events = [(row.topic, row.event_on) for row in theirs if not row.again]
        if len(events) != len(set(events)):
            yield f"{user}: told twice of one event"
        again = [(row.cause, row.order, row.bill, row.event_on) for row in theirs]
        for event in set(again):
            days = knowledge.causes[event[0]].told_before
            if days is None or again.count(event) > len(days.days):
                yield f"{user}: told of {event[0]} more often than it has days"
        for row in theirs:
            at = local(datetime.fromtimestamp((row.sent_at or 0) / 1000, timezone.utc))
            ahead = knowledge.causes[row.cause].told_before
            if at.hour < 9 or at.hour >= 21:
                yield f"{user}: told at night, {at}"
            if ahead is None or date.fromisoformat(row.event_on) - date.fromisoformat(row.due_on) not in {
                timedelta(each) for each in ahead.days
            }:
                yield f"{user}: told on a day that {row.cause} does not have"
            if at.date() >= date.fromisoformat(row.event_on):
                yield f"{user}: told when it was there"
