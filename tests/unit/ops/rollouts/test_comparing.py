"""Before and after against matched regions, on counts of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ops.rollouts.comparing import Comparer, Comparison, judged
from ops.rollouts.counting import Tally
from ops.rollouts.matching import Standing, nearest
from ops.rollouts.weeks import DAY_MS, WEEK_MS, WeekPlan
from ops.stats.before_after import carried_on, change, holm
from tools.evaluation.rollouts import RolloutSetting, drawn, scored

START = 1_800_000_000_000


@pytest.mark.parametrize(
    ("days", "window", "week"),
    [
        (0, 0, 0),
        (6.9, 0, 0),
        (7, 0, 1),
        (27.9, 0, 3),
        (28, 0, None),
        (-0.1, 0, -1),
        (-7.1, 0, -2),
        (-84, 0, -12),
        (-84.1, 0, None),
        (-0.1, 3, None),
        (-2.9, 3, None),
        (-3.1, 3, -1),
        (-10.1, 3, -2),
        (24.9, 3, None),
        (20.9, 3, 2),
    ],
)
def test_weeks_are_whole_and_what_came_of_them_is_known_before_the_begin_or_by_now(days: float, window: int, week: int | None) -> None:
    plan = WeekPlan(START, START + 28 * DAY_MS, START + 28 * DAY_MS)
    assert plan.week_of(START + int(days * DAY_MS), window * DAY_MS) == week


def test_a_policy_that_ended_is_looked_at_until_then_and_none_for_longer_than_eight_weeks() -> None:
    assert WeekPlan(START, START + 15 * DAY_MS, START + 100 * DAY_MS).after(3 * DAY_MS) == 2
    assert WeekPlan(START, START + 100 * DAY_MS, START + 100 * DAY_MS).after(0) == 8


def test_as_many_weeks_before_are_taken_as_were_observed() -> None:
    plan = WeekPlan(START, START, START)
    assert plan.reaching_back(START - 9 * WEEK_MS, 0).before == 5
    assert plan.reaching_back(START - 9 * WEEK_MS, DAY_MS).before == 4
    assert plan.reaching_back(START - 90 * WEEK_MS, 0).before == 8


def test_the_nearest_in_volume_and_level_are_matched_and_names_settle_what_is_as_near() -> None:
    one = Standing("甲", 400, 80)
    others = [
        Standing("远", 4000, 800),
        Standing("高", 400, 240),
        Standing("丙", 420, 84),
        Standing("乙", 420, 84),
        Standing("丁", 380, 76),
    ]
    found = [each.region for each in nearest(one, others)]
    assert set(found) == {"丁", "乙", "丙"} and found.index("丙") < found.index("乙")
    assert nearest(one, others) == nearest(one, list(reversed(others)))
    assert nearest(one, []) == ()


def test_the_change_is_the_test_of_student_and_needs_two_weeks_on_either_side() -> None:
    before, after = [0.01, 0.03, -0.02, 0.0], [0.06, 0.04, 0.09]
    found = change(before, after)
    known = stats.ttest_ind(after, before)
    assert found is not None and found.p == pytest.approx(known.pvalue)
    assert found.low < found.estimate < found.high
    assert change([0.1], after) is None and change(before, [0.1]) is None and change([0.0, 0.0], [0.0, 0.0]) is None


def test_a_line_that_goes_on_brings_the_change_that_it_would() -> None:
    assert carried_on([0, 1, 2, 3], 2) == pytest.approx(3.0)
    assert carried_on([1.0, 1.0, 1.0], 4) == 0.0


def test_probabilities_are_held_down_over_all_that_were_tried() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([]) == ()


def test_a_planted_effect_is_found_with_its_matches_shown() -> None:
    found = drawn(np.random.default_rng(3), RolloutSetting(effect=0.12, customers=400))
    assert found.change is not None and found.change.low > 0 and (found.verdict, found.why) == ("more", None)
    assert len(found.matched) == 3 and found.region == "r00" and found.elsewhere is not None and found.elsewhere[0] == 11
    assert found.before is not None and found.after is not None
    moved = [found.after[place].share - found.before[place].share for place in (0, 1)]  # type: ignore[operator]
    assert moved[0] - moved[1] == pytest.approx(found.change.estimate)


def test_less_is_found_as_well() -> None:
    assert drawn(np.random.default_rng(4), RolloutSetting(base=0.4, effect=-0.15, customers=400)).verdict == "less"


@pytest.mark.parametrize(
    "setting", [RolloutSetting(), RolloutSetting(treated=3), RolloutSetting(regions=6, before=4, after=2)], ids=["one", "three", "few"]
)
def test_without_an_effect_the_interval_holds_nought_in_93_of_100_and_a_verdict_is_rare(setting: RolloutSetting) -> None:
    score = scored(setting, 100, 5)
    assert score.told >= 95 and score.held >= 0.93 - 2 * (0.93 * 0.07 / score.told) ** 0.5 and score.decided <= 0.09


def test_a_region_that_rose_before_is_seen_to_have_risen_and_not_called_an_effect() -> None:
    score = scored(RolloutSetting(trend=0.12), 60, 7)
    assert score.held < 0.3, "the interval alone would take the trend for an effect"
    assert score.apart > 0.8 and score.decided < 0.2


def test_chance_among_many_comparisons_is_held_down() -> None:
    random = np.random.default_rng(1)
    draws = (drawn(random, RolloutSetting(effect=0.05)) for _ in range(200))
    alone = next(each for each in draws if each.verdict == "more" and each.change is not None and each.change.p > 0.02)
    plain = next(each for each in (drawn(random, RolloutSetting()) for _ in range(50)) if each.why == "holds_zero")
    assert [each.why for each in judged([alone, *[plain] * 5])][0] == "many"


def _tally(plan: WeekPlan, customers: dict[str, int], hits: dict[str, int]) -> Tally:
    tally = Tally()
    for region, many in customers.items():
        for week in range(-12, 4):
            # A little more in every other week, so that something varies.
            tally.of[region, week], tally.hits[region, week] = many, min(many, hits[region] + (hits[region] > 1) * (week % 3))
            tally.people[region, plan.period_of(week)] += tally.hits[region, week]
            tally.others[region, plan.period_of(week)] += many - tally.hits[region, week]
    return tally


PLAN = WeekPlan(0, 4 * WEEK_MS, 4 * WEEK_MS)


def _compared(customers: dict[str, int], hits: dict[str, int], plan: WeekPlan = PLAN) -> Comparison:
    (found,) = judged(Comparer("handoff", _tally(plan, customers, hits), plan, 0, ["乙", "丙"]).compare(["甲"]))
    return found


ENOUGH = {"甲": 40, "乙": 40, "丙": 60}


@pytest.mark.parametrize(
    ("customers", "hits", "why"),
    [
        (ENOUGH, {"甲": 8, "乙": 8, "丙": 20}, "holds_zero"),
        ({**ENOUGH, "甲": 9}, {"甲": 3, "乙": 8, "丙": 20}, "few"),
        ({**ENOUGH, "乙": 5, "丙": 5}, {"甲": 8, "乙": 2, "丙": 2}, "few"),
        (ENOUGH, {"甲": 0, "乙": 8, "丙": 20}, "few"),
        (ENOUGH, {"甲": 8, "乙": 0, "丙": 0}, "few"),
        (ENOUGH, {"甲": 40, "乙": 8, "丙": 20}, "few"),
    ],
    ids=["enough", "region", "matches", "no events", "none elsewhere", "nothing else"],
)
def test_where_there_are_too_few_there_is_no_number(customers: dict[str, int], hits: dict[str, int], why: str) -> None:
    found = _compared(customers, hits)
    assert (found.verdict, found.why) == ("not_decided", why)
    assert (found.change is None) == (why == "few")


def test_what_too_few_people_are_behind_is_not_told_although_it_happened_often() -> None:
    tally = _tally(PLAN, ENOUGH, {"甲": 8, "乙": 8, "丙": 20})
    tally.people["甲", "after"] = 4
    (found,) = Comparer("handoff", tally, PLAN, 0, ["乙", "丙"]).compare(["甲"])
    assert found.why == "few" and found.change is None


def test_before_two_weeks_are_known_it_is_early() -> None:
    found = _compared(ENOUGH, {"甲": 8, "乙": 8, "丙": 20}, replace(PLAN, until=WEEK_MS))
    assert (found.why, found.change) == ("early", None)


def test_regions_without_it_that_moved_as_much_speak_against_it() -> None:
    plan, names = PLAN, ["甲", *"乙丙丁戊己庚"]
    random = np.random.default_rng(11)
    tally = _tally(plan, dict.fromkeys(names, 200), dict.fromkeys(names, 40))
    for place, name in enumerate(names):
        for week in range(4):
            # Half of them rise and half of them fall when it begins, where there is nothing of it, too.
            tally.hits[name, week] += 20 * (1 if place % 2 == 0 else -1)
        for week in range(-12, 4):
            tally.hits[name, week] += int(random.integers(0, 4))
    (found,) = judged(Comparer("handoff", tally, plan, 0, names[1:]).compare(["甲"]))
    assert found.change is not None and found.change.low > 0
    assert (found.verdict, found.why) == ("not_decided", "as_elsewhere")
