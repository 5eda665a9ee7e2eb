"""The detector over complaints of the past: pure, offline, the time is in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import log

from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.settings import WatchSettings
from ops.watch.streams import WatchedStreams
from ops.watch.troubles import Timeline, TroubleBook, where

ALL = "all"
"""The stream of all complaints, which only informs."""
BLIND = "blind"
"""Silence where complaints should come, which only informs."""
_DAY = 24 * 60
_UNLIKELY = log(1e4)
"""Expected complaints that fail to come by chance once in ten thousand times."""
_EPOCH = date(1970, 1, 1)
_AHEAD = 8 * 3600
"""Seconds by which the people's clock is ahead of UTC, all year; hours of the day are theirs."""


class Replay:
    """A run over complaints; ``alerts`` is its outcome.

    Args:
        complaints: by time.
        settings: when an alarm is one.
    """

    def __init__(self, complaints: Sequence[DiagnosedComplaint], settings: WatchSettings) -> None:
        self._settings = settings
        self._everything = Timeline([int(each.at + _AHEAD) // 60 for each in complaints], list(complaints))
        minutes = self._everything.minutes
        self._first, self._last = (minutes[0], minutes[-1]) if minutes else (0, -1)
        self._causes, self._traffic = self._watched(), self._watched()
        self._counted: dict[str, Timeline] = {}
        self._counted_at: dict[tuple[str, str], int] = {}
        self._book = TroubleBook(self._counted)
        self._informing: list[Alert] = []
        self._open_traffic: Alert | None = None
        self._blind: Alert | None = None
        self._silence = 0.0

    def _watched(self) -> WatchedStreams:
        given = self._settings
        return WatchedStreams(self._first, given.false_alarms_a_week, given.ratio, given.least_customers, given.least_customers_learning)

    def alerts(self) -> list[Alert]:
        """The alerts that would have been, by the time they opened."""
        begin = 0
        for minute in range(self._first, self._last + 1):
            end = begin
            while end < len(self._everything.minutes) and self._everything.minutes[end] == minute:
                end += 1
            self._take(minute, self._everything.complaints[begin:end])
            begin = end
        self._informing.extend(alert for alert in (self._open_traffic, self._blind) if alert is not None)
        least = self._settings.least_customers
        for joined in self._book.troubles:
            excess = joined.first.excess
            self._informing.append(
                Alert(
                    self._at(joined.opened),
                    None if joined.closed is None else self._at(joined.closed),
                    tuple(joined.streams),
                    int(excess.observed),
                    excess.expected,
                    excess.interval,
                    where(joined, self._counted, self._everything, self._last, least),
                )
            )
        return sorted(self._informing, key=lambda alert: alert.opened_at)

    def _at(self, minute: int) -> float:
        """The end of a minute, when it is known, in epoch seconds."""
        return (minute + 1) * 60 - _AHEAD

    def _take(self, minute: int, complaints: Sequence[DiagnosedComplaint]) -> None:
        counts: Counter[str] = Counter()
        exposed: set[str] = set()
        for each in complaints:
            for stream in each.streams:
                if stream not in self._settings.off and self._counts(stream, each.customer, minute):
                    counts[stream] += 1
                    exposed.add(each.customer)
                    self._counted.setdefault(stream, Timeline()).add(minute, each)
        step = self._causes.step(minute, float(len(exposed)), counts)
        for stream in step.closed:
            self._book.close(stream, minute)
        for stream in step.opened:
            self._book.open(stream, self._causes.troubles[stream])
        self._inform(minute, sum(self._counts(ALL, customer, minute) for customer in exposed))

    def _counts(self, stream: str, customer: str, minute: int) -> bool:
        """Whether a complaint counts: a customer does once a day per stream."""
        before = self._counted_at.get((stream, customer))
        if before is not None and minute - before < _DAY:
            return False
        self._counted_at[stream, customer] = minute
        return True

    def _inform(self, minute: int, customers: int) -> None:
        """What all traffic tells: that there is far more of it, or none where much should be."""
        usual = self._traffic.usual(ALL)
        if customers or not usual:
            if self._blind is not None:
                self._informing.append(replace(self._blind, closed_at=self._at(minute), expected=self._silence))
            self._silence, self._blind = 0.0, None
        else:
            self._silence += usual
            # A quiet minute begins in every minute; all of a day together shall seldom be taken for silence.
            if self._blind is None and self._silence > _UNLIKELY + log(_DAY):
                self._blind = Alert(self._at(minute), None, (BLIND,), 0, self._silence, (0.0, 0.0), informs=True)
        step = self._traffic.step(minute, 1.0, {ALL: customers} if customers else {})
        if step.closed and self._open_traffic is not None:
            self._informing.append(replace(self._open_traffic, closed_at=self._at(minute)))
            self._open_traffic = None
        if step.opened and not self._promoted(minute):
            excess = self._traffic.troubles[ALL].excess
            self._open_traffic = Alert(self._at(minute), None, (ALL,), int(excess.observed), excess.expected, excess.interval, informs=True)

    def _promoted(self, minute: int) -> bool:
        day = _EPOCH + timedelta(minutes=minute)
        return any(each.first <= day <= each.last for each in self._settings.promotions)
