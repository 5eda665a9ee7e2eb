"""What is to be expected at an hour of the day: the share of each stream in the last 28 days, shrunk, with a bound that pays for guessing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]
DAYS = 28
HOURS = 24
_KEPT = DAYS * HOURS
_WEIGHT = 10.0
"""Events of the stream's own mean that every hour of the day starts with."""
_BOUND = 1.28
"""Standard deviations up to the upper 90 % bound."""
_FIRST = 1.0
"""Events of the streams' common mean that a stream starts with."""


class HourlyProfile:
    """The counts of the last 28 days by hour, and what follows from them.

    Args:
        streams: how many there are at the start.
    """

    def __init__(self, streams: int = 0) -> None:
        self._counts = np.zeros((_KEPT, 0))
        self._exposure = np.zeros((_KEPT, 1))
        self._left_out = np.zeros((_KEPT, 0), dtype=bool)
        self._hour = 0
        self.rates: Table = np.zeros((0, HOURS))
        """Events per unit of exposure to be expected at most, per stream and hour of the day."""
        self.dispersion: Table = np.ones(0)
        """Variance over mean of a stream's hourly counts, at least 1."""
        self.grow(streams)

    def grow(self, streams: int) -> None:
        """Makes room for streams that are new; until the next ``renew`` they are expected at the streams' common mean."""
        more = streams - self._counts.shape[1]
        if more <= 0:
            return
        self._counts = np.concatenate([self._counts, np.zeros((_KEPT, more))], axis=1)
        self._left_out = np.concatenate([self._left_out, np.zeros((_KEPT, more), dtype=bool)], axis=1)
        self.renew()

    def add(self, hour: int, counts: Table, exposure: float, left_out: npt.NDArray[np.bool_]) -> None:
        """Takes a whole hour, each later than the ones before; hours that are skipped had nothing.

        Args:
            hour: since some midnight, so that its rest by 24 is the hour of the day.
            counts: events per stream.
            exposure: out of which they came.
            left_out: streams in trouble, whose hour says nothing about ordinary ones.
        """
        for empty in range(max(self._hour + 1, hour - _KEPT + 1), hour + 1):
            row = empty % _KEPT
            self._counts[row], self._exposure[row], self._left_out[row] = 0.0, 0.0, False
        row, self._hour = hour % _KEPT, hour
        self._counts[row], self._exposure[row], self._left_out[row] = counts, exposure, left_out

    def leave_out(self, stream: int, first: int, last: int) -> None:
        """Takes whole hours of a stream out of what is ordinary: they turned out to be trouble."""
        for hour in range(max(first, self._hour - _KEPT + 1), min(last, self._hour) + 1):
            self._left_out[hour % _KEPT, stream] = True

    def renew(self) -> None:
        """Works out ``rates`` and ``dispersion`` anew from the hours that were added."""
        streams = self._counts.shape[1]
        used = ~self._left_out
        counts, exposure = self._counts * used, self._exposure * used
        events, out_of = counts.sum(axis=0), exposure.sum(axis=0)
        common = (events.sum() + 1.0) / (out_of.sum() + 2.0)
        mean = (events + _FIRST) / (out_of + _FIRST / common)
        of_hour = counts.reshape(DAYS, HOURS, streams).sum(axis=0)
        out_of_hour = exposure.reshape(DAYS, HOURS, streams).sum(axis=0)
        likely = (of_hour + _WEIGHT) / (out_of_hour + _WEIGHT / mean)
        self.rates = (likely * (1.0 + _BOUND / np.sqrt(of_hour + _WEIGHT))).T
        expected = exposure * np.tile(likely, (DAYS, 1))
        spread = ((counts - expected) ** 2).sum(axis=0)
        total = expected.sum(axis=0)
        self.dispersion = np.maximum(1.0, spread / np.maximum(total, 1e-9)) if streams else np.ones(0)
