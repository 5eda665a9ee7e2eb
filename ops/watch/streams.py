"""Streams under watch: counts minute by minute, what is ordinary hour by hour, and when an alarm opens and closes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ops.stats.detector import Counts, EDetector, Excess, threshold
from ops.stats.profile import HourlyProfile

MINUTES_OF_AN_HOUR = 60
_DAY = 24 * MINUTES_OF_AN_HOUR
_LEARNING = 7 * _DAY
_UNKNOWN = 3 * _DAY
"""Minutes for which nothing is ordinary yet."""
_QUIET = 30
"""Minutes that must be ordinary again before an alarm is over, at least."""
_ENOUGH = 5.0
"""Customers that the trouble would have brought in the time that decides that it is over."""
_ORDINARY = 1.3
"""Times the expected count that count as ordinary again."""
_SETTLED = _DAY
"""Minutes after which what goes on is the new ordinary."""
_REMEMBERED = _DAY
"""Minutes whose counts can be looked at again."""


@dataclass
class Trouble:
    """A stream whose alarm is open.

    Attributes:
        opened: minute.
        excess: what opened it; ``since`` is a minute.
        patience: minutes that are looked back on to see whether it is over.
    """

    opened: int
    excess: Excess
    patience: int
    _counts: list[float] = field(default_factory=list)
    _expected: list[float] = field(default_factory=list)

    def is_over(self, count: float, expected: float) -> bool:
        """Takes one more minute."""
        self._counts.append(count)
        self._expected.append(expected)
        if len(self._counts) < self.patience:
            return False
        return sum(self._counts[-self.patience :]) < _ORDINARY * sum(self._expected[-self.patience :])


@dataclass(frozen=True)
class StreamMinute:
    """One minute of one stream: what came, what was to be expected at most, and how its counts scatter (variance over mean)."""

    minute: int
    observed: int
    expected: float
    dispersion: float


@dataclass(frozen=True)
class Step:
    """What a minute has brought: streams whose alarm opens, and streams whose alarm is over."""

    opened: tuple[str, ...]
    closed: tuple[str, ...]


class WatchedStreams:
    """Any number of streams with one exposure.

    Args:
        first: minute with which the observations begin; minutes count from a midnight of the people watched.
        false_alarms_a_week: budget over all streams.
        ratio: least times the expected count.
        least: fewest counts of an alarm.
        least_learning: the same for a stream that is younger than a week.
    """

    def __init__(self, first: int, false_alarms_a_week: float, ratio: float, least: int, least_learning: int) -> None:
        self._first = first
        self._budget = false_alarms_a_week
        self._ratio = ratio
        self._least, self._least_learning = least, least_learning
        self._places: dict[str, int] = {}
        self._born: list[int] = []
        self._detector = EDetector()
        self._profile = HourlyProfile()
        self._hour = first // MINUTES_OF_AN_HOUR
        self._counts = np.zeros(0)
        self._exposure = 0.0
        self._course: deque[tuple[int, Counts, Counts, Counts]] = deque(maxlen=_REMEMBERED)
        self._untypical: set[int] = set()
        self.troubles: dict[str, Trouble] = {}
        """Streams whose alarm is open."""

    def step(self, minute: int, exposure: float, counts: Mapping[str, int]) -> Step:
        """Takes a minute; every minute must be given, also one in which nothing came.

        Args:
            minute: later than the one before by one.
            exposure: out of which the counts come.
            counts: by stream; a stream never seen before is a new one.
        """
        self._turn_hour(minute // MINUTES_OF_AN_HOUR)
        for name in counts:
            if name not in self._places:
                self._add(name, minute)
        now = np.zeros(len(self._places))
        for name, count in counts.items():
            now[self._places[name]] = count
        expected = exposure * self._profile.rates[:, self._hour % 24]
        self._counts += now
        self._exposure += exposure
        if minute - self._first < _UNKNOWN:
            return Step((), ())
        self._course.append((minute, now, expected, self._profile.dispersion))
        evidence = self._detector.step(minute, now, expected, self._profile.dispersion)
        closed = tuple(self._close(now, expected, minute))
        limit = threshold(len(self._places), self._budget)
        opened = tuple(self._open(np.nonzero(evidence >= limit)[0], minute)) if len(evidence) and evidence.max() >= limit else ()
        return Step(opened, closed)

    def usual(self, name: str) -> float:
        """How many are to be expected in a minute of this hour per unit of exposure, made careful for what scatters; 0 while nothing is known."""
        place = self._places.get(name)
        if place is None or self._hour * MINUTES_OF_AN_HOUR - self._first < _UNKNOWN:
            return 0.0
        return float(self._profile.rates[place, self._hour % 24] / self._profile.dispersion[place])

    def course(self, name: str, first: int) -> Iterator[StreamMinute]:
        """The minutes of a stream from one on, as far as they are remembered."""
        place = self._places[name]
        for minute, now, expected, dispersion in self._course:
            if minute >= first and place < len(now):
                yield StreamMinute(minute, int(now[place]), float(expected[place]), float(dispersion[place]))

    def is_learning(self, name: str, minute: int) -> bool:
        """Whether a stream is too young to be known well."""
        return minute - self._born[self._places[name]] < _LEARNING

    def leave_out(self, hours: range) -> None:
        """Hours, also some that are still to come, say nothing about ordinary ones: something was known to be broken."""
        past = range(hours.start, min(hours.stop, self._hour))
        for place in range(len(self._places)):
            self._profile.leave_out(place, past.start, past.stop - 1)
        self._untypical.update(range(max(hours.start, self._hour), hours.stop))

    def _add(self, name: str, minute: int) -> None:
        self._places[name] = len(self._places)
        # What comes on the first day was probably there before.
        self._born.append(minute if minute - self._first >= _DAY else self._first)
        self._detector.grow(len(self._places))
        self._profile.grow(len(self._places))
        self._counts = np.append(self._counts, 0.0)

    def _turn_hour(self, hour: int) -> None:
        if hour == self._hour:
            return
        left_out = np.zeros(len(self._places), dtype=bool)
        for name, trouble in self.troubles.items():
            left_out[self._places[name]] = hour * MINUTES_OF_AN_HOUR - trouble.opened <= _SETTLED
        if self._hour in self._untypical:
            self._untypical.discard(self._hour)
            left_out[:] = True
        self._profile.add(self._hour, self._counts, self._exposure, left_out)
        self._profile.renew()
        self._hour, self._counts, self._exposure = hour, np.zeros(len(self._places)), 0.0

    def _open(self, high: npt.NDArray[np.int64], minute: int) -> Iterator[str]:
        names = list(self._places)
        for place in high:
            name = names[place]
            if name in self.troubles:
                continue
            excess = self._detector.excess(place)
            least = self._least_learning if self.is_learning(name, minute) else self._least
            if excess.observed < least or excess.ratio < self._ratio:
                continue
            usual = max(excess.expected / (minute + 1 - excess.since), 1e-9)
            patience = min(_DAY, max(_QUIET, int(_ENOUGH / (excess.ratio * usual)) + 1))
            self.troubles[name] = Trouble(minute, excess, patience)
            self._profile.leave_out(place, excess.since // MINUTES_OF_AN_HOUR, self._hour - 1)
            yield name

    def _close(self, now: Counts, expected: Counts, minute: int) -> Iterator[str]:
        for name, trouble in list(self.troubles.items()):
            place = self._places[name]
            if trouble.is_over(now[place], expected[place]):
                del self.troubles[name]
                self._detector.restart(place)
                yield name
