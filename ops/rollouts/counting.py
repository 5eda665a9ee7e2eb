"""How many customers of a region were diagnosed in a week, and to how many of them an outcome happened: one pass over all, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ops.experiments.measures import Seen
from ops.rollouts.outcomes import Outcome
from ops.rollouts.weeks import Period, WeekPlan


@dataclass
class Tally:
    """Counts for one outcome. A customer counts once a week, with the first diagnosis of it.

    Attributes:
        of: customers by region and week.
        hits: of those, to whom it happened.
        people: different customers to whom it happened, by region and period; for what may be told.
        others: different customers to whom it did not, likewise.
    """

    of: Counter[tuple[str, int]] = field(default_factory=Counter)
    hits: Counter[tuple[str, int]] = field(default_factory=Counter)
    people: Counter[tuple[str, Period]] = field(default_factory=Counter)
    others: Counter[tuple[str, Period]] = field(default_factory=Counter)

    def regions(self) -> list[str]:
        """Those of which there is anything."""
        return sorted({region for region, _ in self.of})

    def summed(self, region: str, weeks: Iterable[int]) -> tuple[int, int]:
        """Hits and customers of some weeks together."""
        some = list(weeks)
        return sum(self.hits[region, week] for week in some), sum(self.of[region, week] for week in some)


def count(
    customers: Iterable[Sequence[Seen]], outcomes: Sequence[Outcome], plans: Mapping[str, WeekPlan], residents: Mapping[str, int]
) -> dict[str, Tally]:
    """Counts every outcome.

    Args:
        customers: what was observed of each, in order.
        plans: the weeks of each outcome, by its name.
        residents: how many customers live in each region.
    """
    tallies = {outcome.name: Tally() for outcome in outcomes}
    for seen in customers:
        found = [(each.at, region) for each in seen if each.kind == "found" and isinstance(region := each.dims.get("region"), str)]
        for outcome in outcomes:
            _add(tallies[outcome.name], outcome, plans[outcome.name], seen, found)
    for outcome in outcomes:
        if outcome.measure is None:
            _of_residents(tallies[outcome.name], plans[outcome.name], residents)
    return tallies


def _add(tally: Tally, outcome: Outcome, plan: WeekPlan, seen: Sequence[Seen], found: Sequence[tuple[int, str]]) -> None:
    first: dict[int, tuple[int, str]] = {}
    for at, region in found:
        week = plan.week_of(at, outcome.window)
        if week is not None:
            first.setdefault(week, (at, region))
    hit: set[tuple[str, Period]] = set()
    missed: set[tuple[str, Period]] = set()
    for week, (at, region) in first.items():
        happened = outcome.happened(seen, at)
        tally.of[region, week] += 1
        tally.hits[region, week] += happened
        (hit if happened else missed).add((region, plan.period_of(week)))
    tally.people.update(hit)
    tally.others.update(missed)


def _of_residents(tally: Tally, plan: WeekPlan, residents: Mapping[str, int]) -> None:
    """Of those who live there, whoever came is a hit; where nobody is known to live, nothing is said."""
    weeks = [*plan.matching_weeks(), *plan.before_weeks(), *range(plan.after(0))]
    tally.of = Counter({(region, week): many for region, many in residents.items() for week in weeks})
    tally.hits = Counter({cell: min(many, tally.of[cell]) for cell, many in tally.hits.items() if cell in tally.of})
    compared: tuple[Period, ...] = ("before", "after")
    tally.others = Counter(
        {(region, period): many - tally.people[region, period] for region, many in residents.items() for period in compared}
    )
