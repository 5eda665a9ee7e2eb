"""The comparison of a region where a policy was begun with the regions most like it, and what speaks against believing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from ops.insight.hiding import is_hidden
from ops.rollouts.counting import Tally
from ops.rollouts.matching import Standing, nearest
from ops.rollouts.weeks import LEAST_AFTER, WeekPlan
from ops.stats.before_after import Change, carried_on, change, holm

ALPHA = 0.05
LEAST_MATCHING, LEAST_A_WEEK = 50, 10
"""Customers of a region in the weeks by which it is matched, and in each week that is compared."""
LEAST_EVENTS = 10
"""Among the customers of the region, and among those of its matches, before and after together."""
LEAST_ELSEWHERE = 5
"""Regions without the policy, below which nothing follows from how they moved."""
_AS_MUCH = 0.1
"""Part of them that may have moved as much before a change is put down to chance."""
_DRIFTED = 0.5
"""Part of a change that the drift of the weeks before may explain before it is put down to that."""

Verdict = Literal["more", "less", "not_decided"]
Why = Literal[
    "few",  # too few customers, or events, or no region to match
    "early",  # fewer than two weeks whose outcome is known
    "apart_before",  # the weeks before differ among themselves as well
    "drifting",  # going on as in the weeks before would explain much of it
    "holds_zero",  # the interval holds no change
    "many",  # one of so many comparisons may show as much by chance
    "as_elsewhere",  # regions without the policy moved as much
]


@dataclass(frozen=True)
class Week:
    """One week: its number, and the share in the region, in its matches, and between them; None: too few to be told."""

    number: int
    treated: float | None
    matched: float | None
    difference: float | None


@dataclass(frozen=True)
class Part:
    """Hits and customers of a region or its matches in a period; None: too few customers to be told.

    Attributes:
        share: of the region, or the mean of its matches by their weights.
    """

    hits: int | None
    of: int
    share: float | None


@dataclass(frozen=True)
class Comparison:
    """One outcome in one region.

    Attributes:
        region: None: all regions that were compared, together.
        matched: the regions that it is held against, the most alike first.
        before, after: the region's and the matches' part.
        change: with its interval; None where nothing may be told.
        before_itself: the same between the two halves of the weeks before, where nothing was begun.
        drift: the change that there would be had the weeks before gone on as they went.
        elsewhere: regions without the policy that could be compared likewise, and how many of these moved as much.
        weeks: what the change is told from.
    """

    outcome: str
    region: str | None
    matched: tuple[Standing, ...] = ()
    before: tuple[Part, Part] | None = None
    after: tuple[Part, Part] | None = None
    change: Change | None = None
    before_itself: Change | None = None
    drift: float = 0.0
    elsewhere: tuple[int, int] | None = None
    weeks: tuple[Week, ...] = ()
    verdict: Verdict = "not_decided"
    why: Why | None = "few"


class Comparer:
    """Compares one outcome.

    Args:
        outcome: its name.
        tally: its counts.
        plan: the weeks; ``window`` after which the outcome is known.
        untreated: regions where no policy of the kind holds in all these weeks.
    """

    def __init__(self, outcome: str, tally: Tally, plan: WeekPlan, window: int, untreated: Iterable[str]) -> None:
        self._outcome, self._tally, self._plan = outcome, tally, plan
        self._before, self._after = plan.before_weeks(), range(plan.after(window))
        standing = (self._standing(region) for region in sorted(set(untreated)))
        self.candidates = tuple(each for each in standing if self._is_enough(each))
        """Regions that others may be held against."""

    def compare(self, regions: Sequence[str]) -> list[Comparison]:
        """Each region, and where there are several all of them together as the last."""
        if len(self._after) < LEAST_AFTER:
            return [Comparison(self._outcome, region, why="early") for region in regions]
        found = [self._one(region) for region in regions]
        told = [each for each in found if each.change is not None]
        return [*found, self._together(told)] if len(told) > 1 else found

    def _one(self, region: str) -> Comparison:
        one = self._standing(region)
        if not self._is_enough(one):
            return Comparison(self._outcome, region)
        matched = nearest(one, self.candidates)
        before, after = ((self._part([one], weeks), self._part(matched, weeks)) for weeks in (self._before, self._after))
        if not matched or _is_few(before, after):
            return Comparison(self._outcome, region, matched)
        series = self._differences(one, matched)
        found = self._judged(Comparison(self._outcome, region, matched, before, after), series)
        if found.change is None:
            return found
        moved = [each for each in map(self._moved, self.candidates) if each is not None]
        as_much = sum(abs(each) >= abs(found.change.estimate) for each in moved)
        return replace(found, elsewhere=(len(moved), as_much), weeks=tuple(self._weeks(one, matched, series)))

    def _together(self, told: Sequence[Comparison]) -> Comparison:
        """All regions that could be compared, each by its customers."""
        standings = [self._standing(str(each.region)) for each in told]
        whole = sum(each.customers for each in standings)
        each_series = [self._differences(one, found.matched) for one, found in zip(standings, told)]
        weeks = (*self._before, *self._after)
        series = {week: sum(one.customers * each[week] for one, each in zip(standings, each_series)) / whole for week in weeks}
        found = self._judged(Comparison(self._outcome, None), series)
        return replace(found, weeks=tuple(Week(week, None, None, series[week]) for week in weeks))

    def _judged(self, found: Comparison, series: Mapping[int, float]) -> Comparison:
        before, after = [series[week] for week in self._before], [series[week] for week in self._after]
        half = len(before) // 2
        made = change(before, after)
        itself, drift = change(before[:half], before[half:]), carried_on(before, len(after))
        return replace(found, change=made, before_itself=itself, drift=drift, why="few" if made is None else None)

    def _moved(self, one: Standing) -> float | None:
        """By how much a region without the policy has moved against those that are most like it."""
        matched = nearest(one, [each for each in self.candidates if each is not one])
        if not matched:
            return None
        series = self._differences(one, matched)
        return fmean(series[week] for week in self._after) - fmean(series[week] for week in self._before)

    def _standing(self, region: str) -> Standing:
        hits, of = self._tally.summed(region, self._plan.matching_weeks())
        return Standing(region, of, hits)

    def _is_enough(self, one: Standing) -> bool:
        weeks = (*self._before, *self._after)
        return one.customers >= LEAST_MATCHING and all(self._tally.of[one.region, week] >= LEAST_A_WEEK for week in weeks)

    def _part(self, regions: Sequence[Standing], weeks: Sequence[int]) -> Part:
        counted = [self._tally.summed(each.region, weeks) for each in regions]
        hits, of = sum(each[0] for each in counted), sum(each[1] for each in counted)
        period = self._plan.period_of(weeks[0])
        names = [each.region for each in regions]
        behind = (sum(counts[name, period] for name in names) for counts in (self._tally.people, self._tally.others))
        if any(is_hidden(many) for many in behind) or not names:
            return Part(None, of, None)
        return Part(hits, of, fmean(self._share(regions, week) for week in weeks))

    def _share(self, regions: Sequence[Standing], week: int) -> float:
        """The share of regions in a week, each with the weight that it had before: who comes more often later must not weigh more."""
        whole = sum(each.customers for each in regions)
        parts = ((each.customers, *(counts[each.region, week] for counts in (self._tally.hits, self._tally.of))) for each in regions)
        return sum(weight * hits / of for weight, hits, of in parts) / whole

    def _differences(self, one: Standing, matched: Sequence[Standing]) -> dict[int, float]:
        return {week: self._share([one], week) - self._share(matched, week) for week in (*self._before, *self._after)}

    def _weeks(self, one: Standing, matched: Sequence[Standing], series: Mapping[int, float]) -> Iterable[Week]:
        for week, difference in series.items():
            small = [is_hidden(sum(self._tally.hits[each.region, week] for each in regions)) for regions in ([one], matched)]
            treated, others = (None if hidden else self._share(regions, week) for hidden, regions in zip(small, ([one], matched)))
            yield Week(week, treated, others, None if any(small) else difference)


def _is_few(*periods: tuple[Part, Part]) -> bool:
    # What is hidden could be found from the change, so that then nothing is told at all.
    if any(part.hits is None for period in periods for part in period):
        return True
    hits = [sum(period[place].hits or 0 for period in periods) for place in (0, 1)]
    misses = [sum(period[place].of for period in periods) - hits[place] for place in (0, 1)]
    # The rarer of what happens and what does not is what there must be enough of.
    return min(*hits, *misses) < LEAST_EVENTS


def judged(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Verdicts on all comparisons of a report, those by chance held down over all of them together."""
    told = [each for each in comparisons if each.change is not None]
    chances = dict(zip(map(id, told), holm([each.change.p for each in told if each.change is not None])))
    return [each if each.change is None else _verdict(each, each.change, chances[id(each)]) for each in comparisons]


def _verdict(found: Comparison, made: Change, for_all: float) -> Comparison:
    itself, elsewhere = found.before_itself, found.elsewhere
    reasons: tuple[tuple[Why, bool], ...] = (
        ("apart_before", itself is not None and not itself.low <= 0 <= itself.high),
        ("holds_zero", made.low <= 0 <= made.high),
        ("drifting", found.drift * made.estimate > 0 and abs(found.drift) >= _DRIFTED * abs(made.estimate)),
        ("many", for_all > ALPHA),
        ("as_elsewhere", elsewhere is not None and elsewhere[0] >= LEAST_ELSEWHERE and elsewhere[1] > _AS_MUCH * elsewhere[0]),
    )
    why = next((reason for reason, holds in reasons if holds), None)
    return replace(found, why=why, verdict="not_decided" if why else "more" if made.estimate > 0 else "less")
