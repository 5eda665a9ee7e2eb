"""The alarm: a mixture Shiryaev-Roberts e-detector on counts, for many streams at once.

While a stream's counts stay at or below their expected rate, every factor of the statistic has a mean of at most 1, so the mean time to a
false alarm is at least the threshold in ticks, however the streams depend on each other. For counts that scatter more than a Poisson
count, the logarithm is divided by their dispersion; that is a quasi-likelihood, checked by simulation and not guaranteed.

Source: Shin, Ramdas, Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", 2024.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ops.stats.intervals import rate_ratio

Counts = npt.NDArray[np.float64]
RATIOS = (1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0)
"""How many times the expected rate a trouble may bring; the statistic is the mean over them."""
MINUTES_OF_A_WEEK = 10_080
_CEILING = 1e150
"""The statistic grows no further: it is long beyond any threshold, and a float ends at 1e308."""
_STEEPEST = 300.0
"""Highest logarithm of a factor, so that the product stays a float."""


def threshold(streams: int, false_alarms_a_week: float, ticks_a_week: int = MINUTES_OF_A_WEEK) -> float:
    """The statistic at which an alarm keeps the budget.

    Args:
        streams: how many are watched at once, at least 1.
        false_alarms_a_week: over all of them, above 0.
        ticks_a_week: how often the statistic is renewed.
    """
    return max(1, streams) * ticks_a_week / false_alarms_a_week


@dataclass(frozen=True)
class Excess:
    """What one stream has had since it probably changed.

    Attributes:
        since: tick of the likely change.
        observed: count since then.
        expected: count that was to be expected since then.
        ratio: observed to expected, above 1 for an excess.
        interval: exact 95 % interval of the ratio.
    """

    since: int
    observed: float
    expected: float

    @property
    def ratio(self) -> float:
        """How many times the expected count."""
        return self.observed / self.expected if self.expected > 0 else float("inf")

    @property
    def interval(self) -> tuple[float, float]:
        """Exact 95 % interval of the ratio."""
        return rate_ratio(self.observed, self.expected)


class EDetector:
    """The statistics of all streams; ``step`` is called once a tick.

    Args:
        streams: how many there are at the start.
    """

    def __init__(self, streams: int = 0) -> None:
        # A row per ratio: what is given per stream then fits every row as it is.
        self._log_ratios = np.log(np.array(RATIOS))[:, None]
        self._slopes = np.array(RATIOS)[:, None] - 1.0
        self._statistic = np.zeros((len(RATIOS), 0))
        self._climb = np.zeros((len(RATIOS), 0))
        self._since = np.zeros((len(RATIOS), 0), dtype=np.int64)
        self._observed = np.zeros((len(RATIOS), 0))
        self._expected = np.zeros((len(RATIOS), 0))
        self.grow(streams)

    def grow(self, streams: int) -> None:
        """Makes room for streams that are new; they start without evidence."""
        more = streams - self._statistic.shape[1]
        if more <= 0:
            return
        for name in ("_statistic", "_climb", "_since", "_observed", "_expected"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros((len(RATIOS), more), dtype=old.dtype)], axis=1))

    def step(self, tick: int, counts: Counts, expected: Counts, dispersion: Counts) -> Counts:
        """Takes one tick of every stream.

        Args:
            tick: its number; ``Excess.since`` is one of them.
            counts: what came, per stream.
            expected: what was to be expected, per stream.
            dispersion: variance over mean of the stream's counts, at least 1.

        Returns:
            The statistic per stream, to be held against ``threshold``.
        """
        gain = counts * self._log_ratios
        gain -= expected * self._slopes
        gain /= dispersion
        # Where the sum of gains was last nothing is where the change most likely began; so it is of streams that are new or start anew.
        self._since[self._climb == 0] = tick
        self._climb += gain
        self._observed += counts
        self._expected += expected
        goes_on = (self._climb > 0).astype(np.float64)
        self._climb *= goes_on
        self._observed *= goes_on
        self._expected *= goes_on
        np.minimum(gain, _STEEPEST, out=gain)
        np.exp(gain, out=gain)
        self._statistic += 1.0
        self._statistic *= gain
        np.minimum(self._statistic, _CEILING, out=self._statistic)
        mean: Counts = np.add.reduce(self._statistic, axis=0) / len(RATIOS)
        return mean

    def excess(self, stream: int) -> Excess:
        """What a stream has had since its likely change, by the ratio that explains it best."""
        best = int(np.argmax(self._climb[:, stream]))
        return Excess(int(self._since[best, stream]), float(self._observed[best, stream]), float(self._expected[best, stream]))

    def restart(self, stream: int) -> None:
        """Forgets a stream's evidence, as after an alarm that is over."""
        for part in (self._statistic, self._climb, self._observed, self._expected):
            part[:, stream] = 0.0
