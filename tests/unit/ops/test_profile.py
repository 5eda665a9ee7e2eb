"""What is ordinary at an hour of the day."""

from __future__ import annotations

import numpy as np
import pytest

from ops.stats.profile import HourlyProfile

NOBODY = np.zeros(1, dtype=bool)


def _filled(days: int, count: float = 6.0, exposure: float = 200.0, at_night: float = 1.0) -> HourlyProfile:
    profile = HourlyProfile(1)
    for hour in range(days * 24):
        factor = at_night if hour % 24 < 6 else 1.0
        profile.add(hour, np.array([count * factor]), exposure, NOBODY)
    profile.renew()
    return profile


def test_a_rate_comes_near_what_was_seen_and_stays_above_it() -> None:
    rates = _filled(28).rates[0]
    assert rates == pytest.approx(np.full(24, 0.03), rel=0.12) and (rates > 0.03).all()


def test_less_history_is_paid_for_with_more_care() -> None:
    assert _filled(3).rates[0, 12] > _filled(28).rates[0, 12]


def test_hours_of_the_day_have_their_own_rates() -> None:
    rates = _filled(28, at_night=0.1).rates[0]
    assert rates[3] < rates[12] / 4


def test_what_is_older_than_28_days_is_forgotten() -> None:
    profile = _filled(28, count=60.0)
    for hour in range(28 * 24, 56 * 24):
        profile.add(hour, np.array([6.0]), 200.0, NOBODY)
    profile.renew()
    assert profile.rates == pytest.approx(_filled(28).rates)


def test_hours_that_were_skipped_had_nothing() -> None:
    profile = _filled(28, count=60.0)
    profile.add(60 * 24, np.array([6.0]), 200.0, NOBODY)
    profile.renew()
    assert profile.rates[0, 0] == pytest.approx(0.03, rel=0.5)


def test_hours_of_trouble_are_left_out() -> None:
    profile, quiet = _filled(20), _filled(20)
    for hour in range(20 * 24, 21 * 24):
        profile.add(hour, np.array([60.0]), 200.0, NOBODY)
        quiet.add(hour, np.array([6.0]), 200.0, np.ones(1, dtype=bool))
    profile.leave_out(0, 20 * 24, 21 * 24 - 1)
    profile.renew()
    quiet.renew()
    assert profile.rates == pytest.approx(quiet.rates)


def test_dispersion_tells_scattered_counts_from_even_ones() -> None:
    random = np.random.default_rng(1)
    even, scattered = HourlyProfile(1), HourlyProfile(1)
    for hour in range(28 * 24):
        even.add(hour, np.array([float(random.poisson(6))]), 200.0, NOBODY)
        scattered.add(hour, np.array([float(random.poisson(6 * random.gamma(5, 0.2)))]), 200.0, NOBODY)
    even.renew()
    scattered.renew()
    assert 1.0 <= even.dispersion[0] < 1.3
    assert scattered.dispersion[0] == pytest.approx(1 + 6 / 5, rel=0.25)


def test_a_stream_that_is_new_is_expected_seldom_once_much_was_seen_without_it() -> None:
    profile = _filled(28)
    profile.grow(2)
    assert profile.rates[1].max() < 1e-3 < profile.rates[0].min()
