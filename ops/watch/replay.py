"""The watch over complaints of the past: pure, offline, the time is in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ops.watch.alerts import Alert
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.settings import WatchSettings
from ops.watch.watching import Watch, minute_of


def by_minute(complaints: Sequence[DiagnosedComplaint], first: int, last: int) -> Iterator[tuple[int, Sequence[DiagnosedComplaint]]]:
    """Every minute from one to another with its complaints, of which there may be none.

    Args:
        complaints: by time, all of these minutes.
        first, last: both inclusive.
    """
    there = {minute: tuple(some) for minute, some in groupby(complaints, key=lambda each: minute_of(each.at))}
    for minute in range(first, last + 1):
        yield minute, there.get(minute, ())


class Replay:
    """A run over complaints; ``alerts`` is its outcome.

    Args:
        complaints: by time.
        settings: when an alarm is one.
    """

    def __init__(self, complaints: Sequence[DiagnosedComplaint], settings: WatchSettings) -> None:
        self._complaints = complaints
        self._settings = settings

    def alerts(self) -> list[Alert]:
        """The alerts that would have been, by the time they opened."""
        if not self._complaints:
            return []
        first, last = minute_of(self._complaints[0].at), minute_of(self._complaints[-1].at)
        watch = Watch(first, self._settings)
        for minute, complaints in by_minute(self._complaints, first, last):
            watch.take(minute, complaints)
        return watch.alerts()
