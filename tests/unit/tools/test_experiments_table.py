"""A slice of the table of experiments, with a look after every unit; the whole is made by ``python -m tools.evaluation.experiments``."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from ops.stats.sequential import Numbers, difference, split, worse
from tools.evaluation.experiments import BASES, SPLITS, Drawn, blocked, crossing, drawn, main, plain_crossing, stopped, upper_bound

pytestmark = pytest.mark.broad

RUNS = 40


def _draws(base: float, effect: float, share: float, units: int = 2500, runs: int = RUNS) -> list[Drawn]:
    return [drawn(np.random.default_rng([7, run]), units, base, effect, share) for run in range(runs)]


@pytest.mark.parametrize("weights", SPLITS)
@pytest.mark.parametrize("base", BASES)
def test_arms_that_are_the_same_are_seldom_called_different_blocked_or_stopped(base: float, weights: tuple[int, int]) -> None:
    share = weights[1] / sum(weights)
    draws = _draws(base, 0.0, share)
    assert sum(crossing(each, 2500) is not None for each in draws) <= 4
    assert not any(blocked(each, weights) for each in draws)
    assert sum(stopped(each, share) is not None for each in draws) <= 1


def test_a_plain_test_that_is_looked_at_so_often_calls_many_of_them_different() -> None:
    assert sum(plain_crossing(each) is not None for each in _draws(0.6, 0.0, 0.5)) > RUNS / 4


def test_eight_points_more_are_found() -> None:
    assert sum(crossing(each, 6000) is not None for each in _draws(0.6, 0.08, 0.5, 6000)) == RUNS


def test_eighty_to_twenty_served_as_two_to_one_is_blocked_within_a_thousand() -> None:
    found = [blocked(each, (80, 20)) for each in _draws(0.6, 0.0, 0.33, 1000)]
    assert all(each is not None and each <= 1000 for each in found)


def test_the_table_is_made_by_one_command_with_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    main(["1", "2", "--runs", "2", "--units", "400", "--planted", "2"])
    printed = capsys.readouterr().out
    assert "90/10" in printed and "80/20 served as 67/33" in printed
    assert 0.05 < upper_bound(1, 60) < upper_bound(5, 60) < 1 == upper_bound(3, 3)


def test_the_values_are_those_of_the_formulas_written_out() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        arms = [int(n) for n in random.integers(300, 4000, 2)]
        events = [int(random.integers(40, n - 40)) for n in arms]
        alpha, planned = float(random.choice([0.05, 0.01])), int(random.integers(1000, 20_000))
        units, happened = ((np.array([float(a)]), np.array([float(b)])) for a, b in (arms, events))
        found = difference(units, happened, alpha, planned)
        (n_a, n_b), (p_a, p_b) = arms, (events[0] / arms[0], events[1] / arms[1])
        t, rho2 = n_a + n_b, (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / (planned / 3)
        sigma = sqrt(t * (p_b * (1 - p_b) / n_b + p_a * (1 - p_a) / n_a))
        radius = sigma * sqrt((t * rho2 + 1) / (t * t * rho2) * log((t * rho2 + 1) / alpha**2))
        assert (found.low[0], found.high[0]) == pytest.approx((p_b - p_a - radius, p_b - p_a + radius), abs=1e-9)


def test_the_e_values_are_the_integrals_they_stand_for() -> None:
    theta = np.linspace(0, 1, 400_001)[1:-1]

    def density(a: float, b: float) -> Numbers:
        found: Numbers = np.exp((a - 1) * np.log(theta) + (b - 1) * np.log1p(-theta))
        return found

    for share, k_a, k_b in ((0.5, 40, 70), (0.2, 400, 130), (0.33, 12, 9)):
        prior = density(100 * share, 100 * (1 - share))
        ratio = np.exp(k_b * np.log(theta / share) + k_a * np.log1p(-theta) - k_a * np.log(1 - share))
        assert split(np.array([[k_a, k_b]], dtype=float), np.array([1 - share, share]))[0] == pytest.approx(
            float((prior * ratio).sum() / prior.sum()), rel=1e-4
        )
        above = density(10 * share, 10 * (1 - share)) * (theta > share)
        assert worse(np.array([float(k_a)]), np.array([float(k_b)]), share)[0] == pytest.approx(
            float((above * ratio).sum() / above.sum()), rel=1e-3
        )
