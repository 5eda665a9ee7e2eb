"""The alarm: what it promises while nothing is wrong, and what it says once something is."""

from __future__ import annotations

import numpy as np
import pytest

from ops.stats.detector import EDetector, threshold


def _one(value: float) -> np.ndarray:
    return np.array([value])


def test_the_threshold_keeps_the_budget_over_all_streams() -> None:
    assert threshold(60, 1.0) == 60 * 10_080
    assert threshold(60, 2.0) == threshold(60, 1.0) / 2
    assert threshold(0, 1.0) == 10_080


def test_a_quiet_stream_seldom_reaches_the_threshold() -> None:
    random = np.random.default_rng(6)
    streams, ticks = 300, 2000
    detector = EDetector(streams)
    reached = np.zeros(streams, dtype=bool)
    for tick in range(ticks):
        reached |= detector.step(tick, random.poisson(0.5, streams).astype(float), np.full(streams, 0.5), np.ones(streams)) >= 100_000
    # At a threshold of A, the mean time to a false alarm is at least A ticks: of 300 streams no more than 300 · 2000 / 100 000 = 6.
    assert reached.sum() <= 6


def test_an_excess_says_since_when_and_how_much() -> None:
    detector = EDetector(1)
    for tick in range(50):
        detector.step(tick, _one(0.0), _one(0.2), _one(1.0))
    for tick in range(50, 60):
        evidence = detector.step(tick, _one(2.0), _one(0.2), _one(1.0))
    found = detector.excess(0)
    assert (found.since, found.observed) == (50, 20.0)
    assert found.expected == pytest.approx(2.0) and found.ratio == pytest.approx(10.0)
    assert found.interval[0] < 10 < found.interval[1]
    assert evidence[0] > 1e9


def test_what_scatters_more_needs_more_evidence() -> None:
    plain, scattered = EDetector(1), EDetector(1)
    for tick in range(10):
        high = plain.step(tick, _one(3.0), _one(0.5), _one(1.0))[0]
        low = scattered.step(tick, _one(3.0), _one(0.5), _one(3.0))[0]
    assert low < high / 1000


def test_streams_that_come_later_start_without_evidence_and_leave_the_others_theirs() -> None:
    detector = EDetector(1)
    detector.step(0, _one(3.0), _one(0.1), _one(1.0))
    before = detector.excess(0)
    detector.grow(3)
    evidence = detector.step(1, np.array([0.0, 0.0, 0.0]), np.full(3, 0.1), np.ones(3))
    assert evidence[0] > 1 > evidence[1] == evidence[2]
    assert detector.excess(0).since == before.since


def test_what_rises_at_once_began_when_it_came_or_started_anew() -> None:
    detector = EDetector(1)
    for tick in range(10):
        detector.step(tick, _one(2.0), _one(0.2), _one(1.0))
    detector.grow(2)
    detector.restart(0)
    for tick in range(10, 15):
        detector.step(tick, np.full(2, 2.0), np.full(2, 0.2), np.ones(2))
    assert [(detector.excess(stream).since, detector.excess(stream).observed) for stream in (0, 1)] == [(10, 10.0), (10, 10.0)]


def test_after_a_restart_evidence_is_gone() -> None:
    detector = EDetector(2)
    detector.step(0, np.array([5.0, 5.0]), np.array([0.1, 0.1]), np.ones(2))
    detector.restart(0)
    evidence = detector.step(1, np.zeros(2), np.full(2, 0.1), np.ones(2))
    assert evidence[0] < 1 < evidence[1]


def test_no_count_is_too_much_for_it() -> None:
    detector = EDetector(1)
    for tick in range(100):
        evidence = detector.step(tick, _one(10_000.0), _one(0.001), _one(1.0))
    assert np.isfinite(evidence).all()
