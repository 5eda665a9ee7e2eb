"""Comparisons that may be looked at after every unit."""

from __future__ import annotations

import numpy as np
import pytest

from ops.stats.sequential import LEAST_EVENTS, LEAST_UNITS, difference, split, worse

ALPHA = 0.05


def _looks(events: np.ndarray) -> np.ndarray:
    return events.cumsum().astype(float)


def _draw(
    random: np.random.Generator, control: float, variant: float, pairs: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    units = np.arange(1, pairs + 1, dtype=float)
    return (units, units), (_looks(random.random(pairs) < control), _looks(random.random(pairs) < variant))


@pytest.mark.parametrize("base", [0.05, 0.3, 0.6, 0.95])
def test_the_truth_stays_within_the_limits_at_all_looks(base: float) -> None:
    random = np.random.default_rng(7)
    left = 0
    for _ in range(400):
        units, events = _draw(random, base, base, 1500)
        found = difference(units, events, ALPHA, 3000)
        left += bool(np.nanmax(np.nan_to_num(found.low, nan=-1.0)) > 0 or np.nanmin(np.nan_to_num(found.high, nan=1.0)) < 0)
    assert left / 400 <= 0.05


def test_a_difference_of_five_points_is_mostly_found_with_the_planned_units() -> None:
    random = np.random.default_rng(8)
    found = 0
    for _ in range(200):
        units, events = _draw(random, 0.60, 0.65, 3000)
        low = difference(units, events, ALPHA, 6000).low
        found += bool(np.nanmax(low) > 0)
    assert found / 200 >= 0.8


def test_the_limits_are_those_of_the_formula() -> None:
    found = difference((np.array([500.0]), np.array([500.0])), (np.array([300.0]), np.array([350.0])), ALPHA, 3000)
    tuned = (-2 * np.log(0.05) + np.log(-2 * np.log(0.05) + 1)) / 1000
    spread = np.sqrt(1000 * (0.6 * 0.4 / 500 + 0.7 * 0.3 / 500))
    radius = spread * np.sqrt((1000 * tuned + 1) / (1e6 * tuned) * np.log((1000 * tuned + 1) / 0.0025))
    assert (found.estimate[0], found.low[0], found.high[0]) == pytest.approx((0.1, 0.1 - radius, 0.1 + radius))


@pytest.mark.parametrize(
    ("units", "events"),
    [
        ((LEAST_UNITS - 1, 1000), (100, 500)),
        ((1000, LEAST_UNITS - 1), (500, 100)),
        ((1000, 1000), (LEAST_EVENTS - 1, 500)),
        ((1000, 1000), (500, 1000 - LEAST_EVENTS + 1)),
    ],
)
def test_too_little_says_nothing(units: tuple[int, int], events: tuple[int, int]) -> None:
    given = tuple((np.array([float(first)]), np.array([float(second)])) for first, second in (units, events))
    assert np.isnan(difference(*given, ALPHA, 3000).low).all()


def test_a_right_split_is_seldom_called_wrong() -> None:
    random = np.random.default_rng(9)
    called = sum(_highest_of_split(random, 0.2, 1500) >= 1000 for _ in range(500))
    assert called <= 3


def test_a_wrong_split_is_found_soon() -> None:
    random = np.random.default_rng(10)
    found = sum(_highest_of_split(random, 0.33, 1000) >= 1000 for _ in range(100))
    assert found >= 98


def _highest_of_split(random: np.random.Generator, real: float, units: int) -> float:
    variant = random.random(units) < real
    looks = np.stack([_looks(~variant), _looks(variant)], axis=1)
    return float(split(looks, np.array([8.0, 2.0])).max())


@pytest.mark.broad
def test_equal_harm_seldom_stops_and_double_harm_does() -> None:
    random = np.random.default_rng(11)
    stopped = {0.10: 0, 0.20: 0}
    for rate in stopped:
        for _ in range(200):
            bad = _looks(random.random(2500) < 0.10), _looks(random.random(2500) < rate)
            stopped[rate] += bool(worse(*bad, share=0.5).max() >= 100)
    assert stopped[0.10] <= 5 and stopped[0.20] >= 195


def test_fewer_bad_events_of_the_variant_are_no_harm() -> None:
    assert worse(_looks(np.ones(300)), np.zeros(300), share=0.5).max() <= 1.0
