"""One trouble, one alert: streams that share customers are put together, and where the trouble sits is worked out from its customers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ops.stats.ranking import OverRepresented, Value, over_represented
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.streams import Trouble

_TOGETHER = 30
"""Minutes within which streams that share customers tell of one trouble."""
_SHARED = 0.5
"""Part of the customers of the smaller stream."""


@dataclass
class Timeline:
    """Complaints by minute.

    Attributes:
        minutes: of each complaint, rising.
        complaints: the same, by time.
    """

    minutes: list[int] = field(default_factory=list)
    complaints: list[DiagnosedComplaint] = field(default_factory=list)

    def add(self, minute: int, complaint: DiagnosedComplaint) -> None:
        """Adds a complaint that is not before the ones that are there."""
        self.minutes.append(minute)
        self.complaints.append(complaint)

    def forget(self, before: int) -> None:
        """Drops those of minutes before one."""
        old = bisect_left(self.minutes, before)
        del self.minutes[:old], self.complaints[:old]

    def between(self, first: int, last: int) -> Sequence[DiagnosedComplaint]:
        """Those of some minutes, both inclusive."""
        return self.complaints[bisect_left(self.minutes, first) : bisect_left(self.minutes, last + 1)]


@dataclass
class JoinedTrouble:
    """What one alert tells of.

    Attributes:
        streams: in the order in which they opened.
        opened: minute.
        first: what opened it.
        since: minute in which it likely began.
        open: streams that are not over.
        closed: minute; None while it is open.
        until: last minute that still showed it; None while it is open.
    """

    streams: list[str]
    opened: int
    first: Trouble
    since: int
    open: dict[str, Trouble]
    closed: int | None = None
    until: int | None = None


class TroubleBook:
    """Which streams tell of the same trouble.

    Args:
        counted: complaints that counted, per stream; grows while the book is used.
    """

    def __init__(self, counted: dict[str, Timeline]) -> None:
        self._counted = counted
        self.troubles: list[JoinedTrouble] = []

    def open(self, stream: str, trouble: Trouble) -> None:
        """A stream's alarm opens: a new alert, unless another one is about the same customers."""
        minute = trouble.opened
        theirs = self._customers((stream,), minute)
        for joined in reversed(self.troubles):
            if joined.closed is not None and minute - joined.closed > _TOGETHER:
                continue
            ours = self._customers(joined.streams, minute)
            if len(ours & theirs) >= _SHARED * max(1, min(len(ours), len(theirs))):
                if stream not in joined.streams:
                    joined.streams.append(stream)
                joined.open[stream] = trouble
                joined.since = min(joined.since, trouble.excess.since)
                joined.closed = joined.until = None
                return
        self.troubles.append(JoinedTrouble([stream], minute, trouble, trouble.excess.since, {stream: trouble}))

    def close(self, stream: str, minute: int) -> None:
        """A stream's alarm is over."""
        for joined in self.troubles:
            if stream not in joined.open:
                continue
            trouble = joined.open.pop(stream)
            # What is looked back on to see that it is over shows it no longer.
            joined.until = max(joined.until or 0, minute - trouble.patience)
            if not joined.open:
                joined.closed = minute

    def forget(self, before: int) -> None:
        """Drops alerts that were over before a minute."""
        self.troubles = [joined for joined in self.troubles if joined.closed is None or joined.closed >= before]

    def _customers(self, streams: Iterable[str], minute: int) -> frozenset[str]:
        return frozenset(each.customer for stream in streams for each in self._counted[stream].between(minute - _TOGETHER + 1, minute))


def affected(joined: JoinedTrouble, counted: dict[str, Timeline], last: int) -> tuple[tuple[str, DiagnosedComplaint], ...]:
    """What a trouble is made of: its streams' complaints that counted since it likely began, stream by stream.

    Args:
        joined: the trouble.
        counted: complaints that counted, per stream.
        last: minute up to which a trouble that is open is looked at.
    """
    until = _until(joined, last)
    return tuple((stream, each) for stream in joined.streams for each in counted[stream].between(joined.since, until))


def _until(joined: JoinedTrouble, last: int) -> int:
    return max(joined.opened, joined.until if joined.closed is not None and joined.until else last)


def where(joined: JoinedTrouble, counted: dict[str, Timeline], everything: Timeline, last: int, least: int) -> tuple[OverRepresented, ...]:
    """Where a trouble sits: its customers against the others who complained meanwhile.

    Args:
        joined: the trouble.
        counted: complaints that counted, per stream.
        everything: all complaints.
        last: minute up to which a trouble that is open is looked at.
        least: fewest customers that say something.
    """
    until = _until(joined, last)
    customers = {each.customer for _, each in affected(joined, counted, last)}
    here: dict[str, frozenset[Value]] = {}
    elsewhere: dict[str, frozenset[Value]] = {}
    for each in everything.between(joined.since, until):
        side = here if each.customer in customers else elsewhere
        known = side.get(each.customer)
        side[each.customer] = each.values if known is None else known | each.values
    return over_represented(tuple(here.values()), tuple(elsewhere.values()), least)
