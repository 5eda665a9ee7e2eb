"""The watch itself, minute by minute: what counts, which streams tell of the same trouble, and what all traffic says. Live and replayed alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.settings import WatchSettings
from ops.watch.streams import StreamMinute, WatchedStreams
from ops.watch.troubles import JoinedTrouble, Timeline, TroubleBook, affected, where

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
_LONGEST_INCIDENT = 7 * _DAY
"""Minutes after which what an incident has made of the days is what is usual, whether anybody ended it or not."""


def minute_of(at: float) -> int:
    """The minute of an instant in epoch seconds, counted from a midnight of the people watched."""
    return int(at + _AHEAD) // 60


def end_of(minute: int) -> float:
    """The end of a minute, when it is known, in epoch seconds."""
    return float((minute + 1) * 60 - _AHEAD)


@dataclass(frozen=True)
class Broken:
    """An incident that was declared: the days on which it was open say nothing about ordinary ones.

    Attributes:
        incident: its id.
        declared: minute in which it became known.
        ended: minute; None while it goes on.
    """

    incident: str
    declared: int
    ended: int | None = None

    def hours(self, minute: int) -> range:
        """The hours of its days, those that are still to come at a minute left out."""
        last = min(minute if self.ended is None else self.ended, self.declared + _LONGEST_INCIDENT)
        return range(self.declared // _DAY * 24, (last // _DAY + 1) * 24)


class Watch:
    """Takes the complaints of one minute after the other.

    Args:
        first: minute with which they begin.
        settings: when an alarm is one.
    """

    def __init__(self, first: int, settings: WatchSettings) -> None:
        self._settings = settings
        self._last = first - 1
        self._everything = Timeline()
        self._counted: dict[str, Timeline] = {}
        self._counted_at: dict[tuple[str, str], int] = {}
        self._explained: dict[str, int] = {}
        self._causes, self._traffic = self._watched(first), self._watched(first)
        self._book = TroubleBook(self._counted)
        self._informing: list[Alert] = []
        self._open_traffic: Alert | None = None
        self._blind: Alert | None = None
        self._silence = 0.0
        self._left_out: dict[str, int] = {}

    def _watched(self, first: int) -> WatchedStreams:
        given = self._settings
        return WatchedStreams(first, given.false_alarms_a_week, given.ratio, given.least_customers, given.least_customers_learning)

    @property
    def last(self) -> int:
        """The last minute that was taken."""
        return self._last

    def take(self, minute: int, complaints: Sequence[DiagnosedComplaint], broken: Sequence[Broken] = ()) -> None:
        """Takes a minute; every minute must be given, also one in which nothing came.

        Args:
            minute: later than the one before by one.
            complaints: of it, by time.
            broken: incidents that were declared so far; others are not known yet.
        """
        self._last = minute
        self._leave_out(minute, broken)
        counts: Counter[str] = Counter()
        exposed: set[str] = set()
        heard = False
        for each in complaints:
            self._everything.add(minute, each)
            if self._is_explained(each, minute):
                heard = heard or each.diagnosed
                continue
            for stream in each.streams:
                if stream not in self._settings.off and self._counts(stream, each.customer, minute):
                    counts[stream] += 1
                    if each.diagnosed:
                        exposed.add(each.customer)
                    self._counted.setdefault(stream, Timeline()).add(minute, each)
        step = self._causes.step(minute, float(len(exposed)), counts)
        for stream in step.closed:
            self._book.close(stream, minute)
        for stream in step.opened:
            self._book.open(stream, self._causes.troubles[stream])
        self._inform(minute, sum(self._counts(ALL, customer, minute) for customer in exposed), heard)

    def alerts(self) -> list[Alert]:
        """Every alert that is not forgotten, by the time it opened."""
        found = [*self._informing, *(alert for alert in (self._open_traffic, self._blind) if alert is not None)]
        found.extend(self._alert(joined) for joined in self._book.troubles)
        return sorted(found, key=lambda alert: alert.opened_at)

    def joined(self, alert: Alert) -> JoinedTrouble | None:
        """The trouble that an alert tells of; None if it only informs."""
        first = alert.streams[0]
        return next((each for each in self._book.troubles if each.streams[0] == first and end_of(each.opened) == alert.opened_at), None)

    def customers(self, joined: JoinedTrouble) -> Iterator[tuple[str, DiagnosedComplaint]]:
        """The customers of a trouble, each once: the stream and the complaint by which they became part of it."""
        seen: set[str] = set()
        for stream, each in sorted(affected(joined, self._counted, self._last), key=lambda pair: pair[1].at):
            if each.customer not in seen:
                seen.add(each.customer)
                yield stream, each

    def course(self, joined: JoinedTrouble, first: int) -> Iterator[StreamMinute]:
        """The minutes of a trouble's first stream."""
        return self._causes.course(joined.streams[0], first)

    def forget(self, minutes: int = _DAY) -> None:
        """Drops what is needed no longer: whatever is older than some minutes and belongs to no open trouble."""
        before = min([self._last - minutes, *(each.since for each in self._book.troubles if each.closed is None)])
        for timeline in (self._everything, *self._counted.values()):
            timeline.forget(before)
        self._book.forget(self._last - minutes)
        self._informing = [each for each in self._informing if each.closed_at is None or each.closed_at >= end_of(self._last - minutes)]
        self._counted_at = {key: at for key, at in self._counted_at.items() if self._last - at < _DAY}
        self._explained = {customer: at for customer, at in self._explained.items() if self._last - at < _DAY}

    def _alert(self, joined: JoinedTrouble) -> Alert:
        excess = joined.first.excess
        return Alert(
            end_of(joined.opened),
            None if joined.closed is None else end_of(joined.closed),
            tuple(joined.streams),
            int(excess.observed),
            excess.expected,
            excess.interval,
            where(joined, self._counted, self._everything, self._last, self._settings.least_customers),
            since=end_of(joined.since - 1),
            learning=self._causes.is_learning(joined.streams[0], joined.opened),
        )

    def _leave_out(self, minute: int, broken: Sequence[Broken]) -> None:
        for each in broken:
            if each.declared > minute:
                continue
            hours = each.hours(minute)
            if hours.stop > self._left_out.get(each.incident, 0):
                self._left_out[each.incident] = hours.stop
                self._causes.leave_out(hours)
                self._traffic.leave_out(hours)

    def _is_explained(self, complaint: DiagnosedComplaint, minute: int) -> bool:
        """Whether an open incident accounts for a complaint, or for what its customer does on the day after it."""
        if complaint.explained:
            self._explained[complaint.customer] = minute
        elif complaint.diagnosed:
            self._explained.pop(complaint.customer, None)
        return minute - self._explained.get(complaint.customer, minute - _DAY) < _DAY

    def _counts(self, stream: str, customer: str, minute: int) -> bool:
        """Whether a complaint counts: a customer does once a day per stream."""
        before = self._counted_at.get((stream, customer))
        if before is not None and minute - before < _DAY:
            return False
        self._counted_at[stream, customer] = minute
        return True

    def _inform(self, minute: int, customers: int, heard: bool) -> None:
        """What all traffic tells: that there is far more of it, or none where much should be."""
        usual = self._traffic.usual(ALL)
        if customers or heard or not usual:
            if self._blind is not None:
                self._informing.append(replace(self._blind, closed_at=end_of(minute), expected=self._silence))
            self._silence, self._blind = 0.0, None
        else:
            self._silence += usual
            # A quiet minute begins in every minute; all of a day together shall seldom be taken for silence.
            if self._blind is None and self._silence > _UNLIKELY + log(_DAY):
                self._blind = Alert(end_of(minute), None, (BLIND,), 0, self._silence, (0.0, 0.0), informs=True)
        step = self._traffic.step(minute, 1.0, {ALL: customers} if customers else {})
        if step.closed and self._open_traffic is not None:
            self._informing.append(replace(self._open_traffic, closed_at=end_of(minute)))
            self._open_traffic = None
        if step.opened and not self._promoted(minute):
            excess = self._traffic.troubles[ALL].excess
            self._open_traffic = Alert(end_of(minute), None, (ALL,), int(excess.observed), excess.expected, excess.interval, informs=True)

    def _promoted(self, minute: int) -> bool:
        day = _EPOCH + timedelta(minutes=minute)
        return any(each.first <= day <= each.last for each in self._settings.promotions)
