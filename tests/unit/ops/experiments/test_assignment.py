"""Customers are shared out by a hash: the same everywhere, in the parts that were asked for, and independently of other experiments."""

from __future__ import annotations

from hashlib import sha256

import pytest

from actions.core.assignment import BUCKETS, Assignment, Layer, arm_in, bucket


def _assignment(name: str = "x", weights: tuple[float, ...] = (1, 1), **more: object) -> Assignment:
    arms = tuple("abcd"[: len(weights)])
    return Assignment(name, 1, more.pop("layer", Layer(name)), arms, weights, **more)  # type: ignore[arg-type]


def test_a_bucket_is_that_of_the_hash() -> None:
    assert bucket("salt", "u-1") == int(sha256(b"salt\0u-1").hexdigest()[:16], 16) % 10_000


@pytest.mark.parametrize(("weights", "ends"), [((1, 1), (5000,)), ((90, 10), (9000,)), ((1, 1, 1), (3333, 6667)), ((8, 2), (8000,))])
def test_buckets_are_shared_out_by_the_weights(weights: tuple[float, ...], ends: tuple[int, ...]) -> None:
    arms = [arm_in(at, weights) for at in range(BUCKETS)]
    assert [at for at in range(1, BUCKETS) if arms[at] != arms[at - 1]] == list(ends) and arms == sorted(arms)


@pytest.mark.broad
def test_customers_fall_into_the_arms_by_their_weights_and_stay_there() -> None:
    places = [_assignment(weights=(80, 20)).arm_of(f"u-{number}") for number in range(20_000)]
    assert 0.19 < sum(map(bool, places)) / len(places) < 0.21
    assert places == [_assignment(weights=(80, 20)).arm_of(f"u-{number}") for number in range(20_000)]


def test_the_arms_of_two_experiments_know_nothing_of_each_other() -> None:
    first, second = _assignment("x"), _assignment("y")
    both = [(first.arm_of(f"u-{number}"), second.arm_of(f"u-{number}")) for number in range(20_000)]
    assert all(0.23 < both.count(pair) / len(both) < 0.27 for pair in ((0, 0), (0, 1), (1, 0), (1, 1)))


def test_experiments_of_one_layer_never_meet() -> None:
    first, second = (_assignment(name, layer=Layer("l", *part)) for name, part in (("x", (0, 4000)), ("y", (4000, BUCKETS))))
    inside = [(first.arm_of(f"u-{number}") is None, second.arm_of(f"u-{number}") is None) for number in range(5000)]
    assert set(inside) == {(True, False), (False, True)} and 0.37 < inside.count((False, True)) / len(inside) < 0.43


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [(Layer("l", 5000), False), (Layer("l", 4999), True), (Layer("l", 0, 10), True), (Layer("m", 5000), True)],
)
def test_layers_overlap_unless_they_are_one_with_other_buckets(other: Layer, overlaps: bool) -> None:
    assert Layer("l", 0, 5000).overlaps(other) is overlaps is other.overlaps(Layer("l", 0, 5000))


def test_whoever_was_in_a_stopped_arm_is_in_none() -> None:
    stopped = _assignment(stopped=frozenset({"b"}))
    assert {stopped.arm_of(f"u-{number}") for number in range(200)} == {0, None}


def test_an_experiment_concerns_those_it_names_or_everybody() -> None:
    named = _assignment(causes=frozenset({"overdue"}), intents=frozenset({"faq_fee"}))
    assert named.concerns({"overdue", "x"}, "thanks") and named.concerns((), "faq_fee") and not named.concerns({"x"}, "thanks")
    assert _assignment().concerns((), "thanks")
