"""Shrunken rates, and which of many changes are named: against other ways to the same numbers."""

from __future__ import annotations

import random

import pytest
from scipy.stats import fisher_exact

from ops.insight.counting import Counts
from ops.insight.figures import against, compared, figure, part, rate, shares
from ops.stats.changes import differ, discoveries
from ops.stats.shrinkage import shrunken


def test_a_place_with_three_complaints_does_not_lead() -> None:
    small, large, usual = shrunken([(3, 3), (400, 500), (2000, 10_000)])
    assert small.rate < 0.9 < 1.0 and small.low < large.low
    assert usual.rate == pytest.approx(0.2, abs=0.01)


def test_places_that_differ_by_chance_alone_are_drawn_together() -> None:
    drawn = random.Random(5)
    counts = [(sum(drawn.random() < 0.3 for _ in range(20)), 20) for _ in range(60)]
    rates = [each.rate for each in shrunken(counts)]
    spread = max(hits / of for hits, of in counts) - min(hits / of for hits, of in counts)
    assert max(rates) - min(rates) < spread / 2
    assert shrunken([]) == ()


def test_shrunken_intervals_hold_the_truth_where_places_do_differ() -> None:
    drawn = random.Random(6)
    held = of = 0
    for _ in range(60):
        true = [drawn.betavariate(6, 14) for _ in range(30)]
        sizes = [drawn.choice((8, 30, 120)) for _ in true]
        counts = [(sum(drawn.random() < p for _ in range(size)), size) for p, size in zip(true, sizes)]
        for each, p in zip(shrunken(counts), true):
            held, of = held + (each.low <= p <= each.high), of + 1
    assert held / of >= 0.93


@pytest.mark.parametrize("table", [(3, 20, 9, 25), (0, 12, 5, 9), (8, 8, 1, 10), (25, 40, 10, 60)])
def test_small_counts_are_tested_exactly(table: tuple[int, int, int, int]) -> None:
    hits, of, others, of_others = table
    tails = [fisher_exact([[hits, of - hits], [others, of_others - others]], side)[1] for side in ("less", "greater")]
    assert differ(*table) == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6)


def test_large_counts_take_the_test_for_proportions() -> None:
    assert differ(500, 1000, 500, 1000) == 1.0
    assert differ(400, 1000, 460, 1000) == pytest.approx(0.00675, rel=0.01)
    assert differ(5, 10, 0, 0) == 1.0


def test_of_many_changes_by_chance_few_are_named() -> None:
    drawn = random.Random(7)
    named = sum(any(discoveries([drawn.random() for _ in range(40)])) for _ in range(300))
    assert named / 300 <= 0.15
    assert discoveries([0.001, 0.03, 0.2, 0.9]) == (True, True, False, False)
    assert discoveries([]) == ()


def counts(**customers: int) -> Counts:
    made = Counts()
    for name, many in customers.items():
        made.episodes[(name,)] = made.customers[(name,)] = many
    return made


def test_what_few_customers_stand_behind_is_hidden() -> None:
    here = counts(all=100, few=4, none=0, some=30, most=97)
    assert rate(here, ("few",), ("all",)) == {"hits": None, "of": 100, "rate": None, "low": None, "high": None, "hidden": True}
    assert rate(here, ("none",), ("all",))["rate"] == 0.0
    assert rate(here, ("some",), ("few",))["of"] is None
    assert rate(here, ("some",), ("nothing",))["rate"] is None
    assert rate(here, ("most",), ("all",))["hits"] == 97 and part(here, ("most",), ("all",)).get("hidden")


def test_of_a_whole_no_single_part_is_hidden() -> None:
    here = counts(all=100, few=4, some=30, more=66)
    told = shares(here, [("few",), ("some",), ("more",)], ("all",))
    assert [each["hits"] for each in told] == [None, None, 66]


def test_a_change_is_named_only_where_both_rates_are_told() -> None:
    rows = [{"rate": figure(50, 100), "before": figure(10, 100)}, {"rate": figure(5, 10), "before": {"rate": None}}]
    compared(rows)
    assert (rows[0]["change"], rows[0]["changed"]) == (0.4, True)
    assert (rows[1]["change"], rows[1]["changed"]) == (None, False)


def test_whether_it_got_better_is_said_of_the_same_denominators_only_where_it_is_sure() -> None:
    before = figure(60, 100)
    assert against(before, figure(20, 100)) == "better"
    assert against(figure(20, 100), before) == "worse"
    assert against(before, figure(58, 100)) == "same"
    assert against(before, {"rate": None}) == "unknown"
    assert against(before, {"rate": None, "of": 50, "hidden": True}) == "better"
    assert (
        against(before, {"rate": None, "of": 6, "hidden": True})
        == against(figure(3, 60), {"rate": None, "of": 6, "hidden": True})
        == "unknown"
    )
