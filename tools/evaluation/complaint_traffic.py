"""Complaints of a simulated service, week after week, with troubles put in at known minutes: what the alarm is measured on.

Nothing of it is known to the detector: shares, patterns, scatter and troubles are drawn here alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ops.watch.complaints import NOTHING_FOUND, DiagnosedComplaint

MINUTES_OF_A_WEEK = 10_080
BEGIN = 1_767_196_800 - 8 * 3600
"""A midnight in Shanghai, in epoch seconds."""
_REGIONS = tuple(f"region-{number}" for number in range(31))
_MERCHANTS = tuple(f"m-{number}" for number in range(400))
_CHANNELS = ("app", "web", "wechat", "offline")
_CHANNEL_SHARES = (0.7, 0.12, 0.15, 0.03)


@dataclass(frozen=True)
class Setting:
    """How a service behaves while nothing is wrong.

    Attributes:
        per_hour: complaints in an average hour.
        streams: causes and ``none`` together.
        daily: how far the hours of a day lie from their mean, 0 to 1.
        weekly: how far weekends lie above working days.
        scatter: variance of the hourly factor of each stream; 0 for Poisson counts.
        drift: growth of a stream's share in 28 days.
        promotion: (first minute, minutes, times) with more of everything.
    """

    per_hour: float = 200.0
    streams: int = 60
    daily: float = 0.0
    weekly: float = 0.0
    scatter: float = 0.0
    drift: float = 0.0
    promotion: tuple[int, int, float] | None = None


CALM = Setting()
PATTERNED = Setting(daily=0.5, weekly=0.2)
SCATTERED = Setting(daily=0.5, weekly=0.2, scatter=0.2)
STRONG = Setting(daily=0.5, weekly=0.2, scatter=0.5)


@dataclass(frozen=True)
class Injected:
    """A trouble.

    Attributes:
        stream: that grows.
        start: minute.
        minutes: how long.
        times: how many times its usual rate, all together.
        merchant: where it sits; None for everywhere.
        region: the same.
        ramp: minutes until it is whole.
    """

    stream: str
    start: int
    minutes: int
    times: float
    merchant: str | None = None
    region: str | None = None
    ramp: int = 0


class ComplaintTraffic:
    """Draws complaints.

    Args:
        setting: of the service.
        seed: of everything that is drawn.
        shares: of streams that are given, by name; the others share the rest unevenly.
    """

    def __init__(self, setting: Setting, seed: int, shares: dict[str, float] | None = None) -> None:
        self._setting = setting
        self._random = np.random.default_rng(seed)
        self._given = shares or {}
        names = [*self._given, *(f"cause_{number}" for number in range(setting.streams - 1 - len(self._given)))]
        self.names = tuple(names if NOTHING_FOUND in names else [*names, NOTHING_FOUND])
        rest = 1.0 / np.arange(2, len(self.names) - len(self._given) + 2) ** 1.1
        rest *= (1 - sum(self._given.values())) / rest.sum()
        self.shares = np.array([*self._given.values(), *rest])
        self._customer = 0
        self._merchant_shares = 1.0 / np.arange(1, len(_MERCHANTS) + 1) ** 0.8
        self._merchant_shares /= self._merchant_shares.sum()
        self._region_shares = self._random.dirichlet(np.full(len(_REGIONS), 3.0))

    def complaints(self, weeks: float, injected: Sequence[Injected] = ()) -> list[DiagnosedComplaint]:
        """All complaints of some weeks, by time."""
        minutes = int(weeks * MINUTES_OF_A_WEEK)
        rates = self._rates(minutes)
        found: list[DiagnosedComplaint] = []
        for place, name in enumerate(self.names):
            counts = self._random.poisson(rates[:, None] * self.shares[place] * self._factors(minutes)[:, None])[:, 0]
            found.extend(self._draw(counts, name, None, None))
        for trouble in injected:
            usual = rates * self.shares[self.names.index(trouble.stream)] if trouble.stream in self.names else rates * 0.003
            more = np.zeros(minutes)
            span = slice(trouble.start, min(minutes, trouble.start + trouble.minutes))
            rise = np.minimum(1.0, (np.arange(span.stop - span.start) + 1) / trouble.ramp) if trouble.ramp else 1.0
            more[span] = usual[span] * (trouble.times - 1) * rise
            found.extend(self._draw(self._random.poisson(more), trouble.stream, trouble.merchant, trouble.region))
        return sorted(found, key=lambda each: each.at)

    def _rates(self, minutes: int) -> np.ndarray:  # type: ignore[type-arg]
        """Complaints of each minute to be expected."""
        setting, minute = self._setting, np.arange(minutes)
        day = 1 + setting.daily * np.sin(2 * np.pi * (minute % 1440) / 1440 - 2.0)
        week = 1 + setting.weekly * ((minute // 1440) % 7 >= 5)
        rates = setting.per_hour / 60 * day * week
        if setting.promotion:
            first, long, times = setting.promotion
            rates[first : first + long] *= times
        return np.asarray(rates)

    def _factors(self, minutes: int) -> np.ndarray:  # type: ignore[type-arg]
        """What an hour does to one stream, and where it drifts."""
        hours = minutes // 60 + 1
        scatter = self._setting.scatter
        factor = self._random.gamma(1 / scatter, scatter, hours) if scatter else np.ones(hours)
        drift = (1 + self._setting.drift) ** (np.arange(minutes) / (4 * MINUTES_OF_A_WEEK))
        return np.asarray(np.repeat(factor, 60)[:minutes] * drift)

    def _draw(self, counts: np.ndarray, stream: str, merchant: str | None, region: str | None) -> list[DiagnosedComplaint]:  # type: ignore[type-arg]
        minute = np.repeat(np.arange(len(counts)), counts)
        many = len(minute)
        at = BEGIN + minute * 60 + self._random.uniform(0, 60, many)
        regions = self._random.choice(len(_REGIONS), many, p=self._region_shares)
        merchants = self._random.choice(len(_MERCHANTS), many, p=self._merchant_shares)
        channels = self._random.choice(len(_CHANNELS), many, p=_CHANNEL_SHARES)
        also = self._random.random(many) < 0.1
        found = []
        for place in range(many):
            self._customer += 1
            streams: tuple[str, ...] = (stream,)
            if also[place] and stream != NOTHING_FOUND and merchant is None and region is None:
                other = self.names[int(self._random.integers(len(self.names) - 1))]
                streams = (stream, other) if other not in (stream, NOTHING_FOUND) else streams
            values = frozenset(
                {
                    ("region", region or _REGIONS[regions[place]]),
                    ("merchant", merchant or _MERCHANTS[merchants[place]]),
                    ("channel", _CHANNELS[channels[place]]),
                }
            )
            found.append(DiagnosedComplaint(float(at[place]), f"c-{self._customer}", streams, values))
        return found
