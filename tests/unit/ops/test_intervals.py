"""Exact intervals against values of the literature."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ops.stats.intervals import median_between, rate_ratio, ratio_of_counts, share, usual_counts
from ops.stats.rates import wilson


@pytest.mark.parametrize(
    ("observed", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (100, 81.3640, 121.6266)],
)
def test_the_limits_of_a_poisson_count(observed: int, low: float, high: float) -> None:
    assert rate_ratio(observed, 1.0) == pytest.approx((low, high), abs=1e-3)
    assert rate_ratio(observed, 2.0) == pytest.approx((low / 2, high / 2), abs=1e-3)


def test_where_nothing_was_expected_any_ratio_is_infinite() -> None:
    assert rate_ratio(3, 0.0) == (inf, inf)


@pytest.mark.parametrize(
    ("hits", "of", "exact", "score"),
    [
        (0, 10, (0.0, 0.3085), (0.0, 0.2775)),
        (1, 10, (0.0025, 0.4450), (0.0179, 0.4042)),
        (5, 10, (0.1871, 0.8129), (0.2366, 0.7634)),
        (10, 10, (0.6915, 1.0), (0.7225, 1.0)),
    ],
)
def test_the_limits_of_a_share(hits: int, of: int, exact: tuple[float, float], score: tuple[float, float]) -> None:
    assert share(hits, of) == pytest.approx(exact, abs=1e-3)
    assert wilson(hits, of) == pytest.approx(score, abs=1e-3)


@pytest.mark.broad
@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_within_its_limits(case: tuple[int, int]) -> None:
    hits, of = case
    for low, high in (share(hits, of), wilson(hits, of)):
        assert 0.0 <= low <= hits / of + 1e-9 and hits / of - 1e-9 <= high <= 1.0


def test_the_limits_of_a_ratio_of_counts_are_those_of_the_binomial_part() -> None:
    part = stats.binomtest(11, 13).proportion_ci(0.95, "exact")
    low, high = ratio_of_counts(11, 1.0, 2, 1.0)
    assert (low, high) == pytest.approx((part.low / (1 - part.low), part.high / (1 - part.high)))
    assert ratio_of_counts(11, 2.0, 2, 1.0) == pytest.approx((low / 2, high / 2))
    assert ratio_of_counts(3, 1.0, 0, 1.0)[1] == inf and ratio_of_counts(0, 1.0, 3, 1.0)[0] == 0.0


def test_the_limits_of_a_median_hold_it_as_often_as_they_say() -> None:
    assert median_between([1.0, 2.0, 3.0, 4.0, 5.0]) is None
    assert median_between([6.0, 1.0, 5.0, 2.0, 4.0, 3.0]) == (1.0, 6.0)
    for many in (6, 20, 101):
        low, high = median_between([float(number) for number in range(1, many + 1)]) or (0.0, 0.0)
        # The median lies between the two unless all but fewer than that many fall on one side of it; one further in would be too narrow.
        wide, narrow = (1 - 2 * stats.binom.cdf(left_out, many, 0.5) for left_out in (low - 1, low))
        assert low + high == many + 1 and wide >= 0.95 > narrow


@pytest.mark.parametrize("expected", [0.02, 0.5, 3.0, 40.0])
@pytest.mark.parametrize("dispersion", [1.0, 1.4, 3.0])
def test_usual_counts_are_the_quantiles_of_their_law(expected: float, dispersion: float) -> None:
    law = stats.poisson(expected) if dispersion == 1 else stats.nbinom(expected / (dispersion - 1), 1 / dispersion)
    assert usual_counts(expected, dispersion) == (law.ppf(0.025), law.ppf(0.975))


def test_where_nothing_is_expected_nothing_is_usual() -> None:
    assert usual_counts(0.0, 2.0) == (0, 0)
