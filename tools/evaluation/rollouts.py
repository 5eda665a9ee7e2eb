"""The table of before/after comparisons: how often the interval holds what was planted, and what the checks beside it see.

``python -m tools.evaluation.rollouts SEED… [--runs 1000]``; each seed gives its own draws.

Regions differ in how many customers they have and in how often the outcome happens; what all have in common moves from week to week, each region
scatters more than its customers alone would, and comes with more or fewer of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ops.rollouts.comparing import Comparer, Comparison, judged
from ops.rollouts.counting import Tally
from ops.rollouts.weeks import BEFORE_WEEKS, MATCHING_WEEKS, WEEK_MS, WeekPlan

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RolloutSetting:
    """What is drawn.

    Attributes:
        regions: how many, of which the first ``treated`` have the policy.
        after: weeks after its begin; ``before`` and those of the matching come on top.
        customers: of a middling region in a week.
        base: how often the outcome happens in a middling region.
        effect: added to it after the begin.
        scatter: of a region's weeks, as a logarithm of odds.
        walk: by how much each region drifts in a week, at random.
        trend: by how much the treated regions drift in a week, all the time.
    """

    regions: int = 12
    treated: int = 1
    before: int = BEFORE_WEEKS
    after: int = 4
    customers: int = 200
    base: float = 0.2
    effect: float = 0.0
    scatter: float = 0.1
    walk: float = 0.0
    trend: float = 0.0


NONE_PLANTED: Sequence[tuple[str, RolloutSetting]] = (
    ("20 %, four weeks after", RolloutSetting()),
    ("two weeks after", RolloutSetting(after=2)),
    ("eight weeks after", RolloutSetting(after=8)),
    ("four weeks before, two after", RolloutSetting(before=4, after=2)),
    ("5 %", RolloutSetting(base=0.05)),
    ("50 %", RolloutSetting(base=0.5)),
    ("weeks that scatter three times as much", RolloutSetting(scatter=0.3)),
    ("six regions", RolloutSetting(regions=6)),
    ("thirty regions", RolloutSetting(regions=30)),
    ("three regions together", RolloutSetting(treated=3)),
)
PLANTED: Sequence[tuple[str, RolloutSetting]] = (
    ("+5 points on 20 %, four weeks after", RolloutSetting(effect=0.05)),
    ("+8 points", RolloutSetting(effect=0.08)),
    ("+10 points", RolloutSetting(effect=0.1)),
    ("+10 points, two weeks after", RolloutSetting(effect=0.1, after=2)),
    ("+5 points, three regions together", RolloutSetting(effect=0.05, treated=3)),
)
APART: Sequence[tuple[str, RolloutSetting]] = (
    ("every region drifts at random, a little", RolloutSetting(walk=0.05)),
    ("every region drifts at random, much", RolloutSetting(walk=0.1)),
    ("the region rises by half a point a week", RolloutSetting(trend=0.03)),
    ("by a point a week", RolloutSetting(trend=0.06)),
    ("by two points a week", RolloutSetting(trend=0.12)),
)


def drawn(random: np.random.Generator, setting: RolloutSetting) -> Comparison:
    """One comparison of a world that is drawn: of all treated regions together, where there are several."""
    plan = WeekPlan(0, setting.after * WEEK_MS, setting.after * WEEK_MS, setting.before)
    names = [f"r{number:02}" for number in range(setting.regions)]
    weeks = range(-setting.before - MATCHING_WEEKS, setting.after)
    odds = np.log(setting.base / (1 - setting.base))
    levels: Numbers = odds + random.normal(0, 0.3, (setting.regions, 1)) + random.normal(0, 0.15, (1, len(weeks)))
    levels = levels + random.normal(0, setting.scatter, levels.shape) + np.cumsum(random.normal(0, setting.walk, levels.shape), axis=1)
    levels[: setting.treated] += setting.trend * np.arange(len(weeks))
    rates = 1 / (1 + np.exp(-levels))
    rates[: setting.treated, -setting.after :] += setting.effect
    usual = setting.customers * np.exp(random.normal(0, 0.6, (setting.regions, 1)))
    customers = np.maximum(1, random.poisson(usual * np.exp(random.normal(0, 0.2, levels.shape))))
    hits = random.binomial(customers, np.clip(rates, 0, 1))
    tally = Tally()
    for place, name in enumerate(names):
        for at, week in enumerate(weeks):
            of, many = int(customers[place, at]), int(hits[place, at])
            tally.of[name, week], tally.hits[name, week] = of, many
            tally.people[name, plan.period_of(week)] += many
            tally.others[name, plan.period_of(week)] += of - many
    treated = names[: setting.treated]
    return judged(Comparer("handoff", tally, plan, 0, names[setting.treated :]).compare(treated))[-1]


@dataclass(frozen=True)
class RolloutScore:
    """What came of many draws, as parts of those that could be told.

    Attributes:
        told: how many had an interval.
        held: whose interval held what was planted.
        decided: that were called more or less.
        apart: of which a check said that the regions had come apart before, drifted, or moved as much elsewhere.
    """

    told: int
    held: float
    decided: float
    apart: float


def scored(setting: RolloutSetting, runs: int, seed: int) -> RolloutScore:
    """Many draws."""
    random = np.random.default_rng(seed)
    found = [each for each in (drawn(random, setting) for _ in range(runs)) if each.change is not None]
    many = max(1, len(found))
    held = sum(each.change is not None and each.change.low <= setting.effect <= each.change.high for each in found)
    checks = sum(each.why in ("apart_before", "drifting", "as_elsewhere") for each in found)
    return RolloutScore(len(found), held / many, sum(each.verdict != "not_decided" for each in found) / many, checks / many)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--runs", type=int, default=1000)
    given = parser.parse_args()
    print("| | interval holds what was planted | called more or less | stopped by a check |\n|---|---|---|---|")
    for name, setting in (*NONE_PLANTED, *PLANTED, *APART):
        scores = [scored(setting, given.runs // len(given.seeds), seed) for seed in given.seeds]
        whole = sum(each.told for each in scores) or 1
        parts = [sum(getattr(each, part) * each.told for each in scores) / whole for part in ("held", "decided", "apart")]
        print(f"| {name} | " + " | ".join(f"{100 * part:.1f} %" for part in parts) + " |", flush=True)


if __name__ == "__main__":
    main()
