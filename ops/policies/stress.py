"""Stress tests: the state of every order and bill diagnosed as it would be if something happened, counted by region."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import Facts, Line, OwnOrder
from actions.core.moments import start_of
from actions.core.money import Fen
from actions.core.platform import Incident, Merchant
from actions.knowledge.model import Knowledge
from actions.state.world.tables import ORDER_LINES, TABLES, facts_now
from actions.state.world.whole import WholeWorld
from ops.policies.distinct import DistinctCounts
from ops.policies.stress_files import Scenario, StressFile
from ops.policies.stress_rates import StressRates, stress_rates

TODAY = "today"
"""The scenario in which nothing happens."""
EVERYWHERE = ""
"""All regions together."""
_BY_CARD = "pay_by_card"
_OVERDUE = Fen(10_000)
Happening = Callable[[Facts], Facts]


@dataclass
class Tally:
    """Counts of one scenario and region."""

    subjects: int = 0
    without_option: int = 0
    without_alternative: int = 0

    @property
    def share(self) -> float:
        """Of those without the option."""
        return self.without_option / self.subjects if self.subjects else 0.0

    @property
    def share_without_alternative(self) -> float:
        """Of those to whom nothing else is offered either."""
        return self.without_alternative / self.subjects if self.subjects else 0.0


@dataclass(frozen=True)
class StressResult:
    """One scenario.

    Attributes:
        by_region: counts, of all together under an empty name.
        newly: customers whose option is gone who have it today.
        handoffs: expected of them; ``peak_per_hour`` in the busiest hour.
    """

    id: str
    title: str
    by_region: Mapping[str, Tally]
    newly: int
    handoffs: float
    peak_per_hour: float

    @property
    def all(self) -> Tally:
        """Of all regions."""
        return self.by_region[EVERYWHERE]

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        regions = {region: round(tally.share, 4) for region, tally in self.by_region.items() if region != EVERYWHERE}
        return {
            "id": self.id,
            "title": self.title,
            "subjects": self.all.subjects,
            "without_option": round(self.all.share, 4),
            "without_alternative": round(self.all.share_without_alternative, 4),
            "newly_blocked_customers": self.newly,
            "handoffs": round(self.handoffs, 1),
            "peak_per_hour": round(self.peak_per_hour, 1),
            "regions": regions,
        }


@dataclass(frozen=True)
class StressRun:
    """A test.

    Attributes:
        results: that in which nothing happens first.
        exceeded: limits of the file that are exceeded, a sentence each.
        rates: what handoffs are expected from.
    """

    at: datetime
    results: tuple[StressResult, ...]
    exceeded: tuple[str, ...]
    rates: StressRates

    def regions(self, least: int = 0) -> list[str]:
        """Those with so many subjects at least, by name."""
        found = self.results[0].by_region
        return sorted(region for region, tally in found.items() if region != EVERYWHERE and tally.subjects >= least)

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        results = [each.to_data() for each in self.results]
        return {"at": self.at.isoformat(), "scenarios": results, "exceeded": list(self.exceeded), "rates": vars(self.rates)}


@dataclass
class _Counting:
    """What is counted of one scenario."""

    happen: Happening
    by_region: dict[str, Tally] = field(default_factory=lambda: {EVERYWHERE: Tally()})


def stress(session: Session, knowledge: Knowledge, file: StressFile, frozen: datetime | None = None) -> StressRun:
    """Runs every scenario over every order and bill; nothing is written.

    Args:
        session: of the world as it is.
        knowledge: what causes there are.
        file: the scenarios.
        frozen: the instant at which the clock of the facts stands, if it does.
    """
    at = start_of(file.on) if file.on is not None else facts_now(session, frozen)
    causes = tuple(knowledge.causes.values())
    counted = {TODAY: _Counting(lambda facts: facts)}
    counted.update({each.id: _Counting(_together(session, list(file.parts_of(each)), at)) for each in file.scenarios})
    blocked: DistinctCounts[str] = DistinctCounts()
    for part in WholeWorld.in_parts(session):
        for facts in part.snapshots(at):
            today = diagnose(facts, causes)
            for name, each in counted.items():
                found = today if name == TODAY else diagnose(each.happen(facts), causes)
                _count(each, found)
                if found.blocks and (name == TODAY or not today.blocks):
                    blocked.add(name, facts.user.id)
        blocked.fold()
    rates = stress_rates(session, file.assume, blocked[TODAY])
    titles = {TODAY: "", **{each.id: each.title or each.id for each in file.scenarios}}
    results = tuple(_result(name, titles[name], each, 0 if name == TODAY else blocked[name], rates) for name, each in counted.items())
    return StressRun(at, results, tuple(_exceeded(file, results)), rates)


def _count(counting: _Counting, found: Diagnosis) -> None:
    for region in (EVERYWHERE, found.facts.user.region):
        tally = counting.by_region.setdefault(region, Tally())
        tally.subjects += 1
        if found.blocks:
            tally.without_option += 1
            tally.without_alternative += not alternatives_of(found)


def alternatives_of(found: Diagnosis) -> frozenset[str]:
    """What is offered instead, topics; paying by card is none for whom has no card that can be used."""
    offered = frozenset(topic for block in found.blocks for topic in block.cause.alternatives)
    return offered if found.facts.user.bank_card == "ok" else offered - {_BY_CARD}


def _result(name: str, title: str, counting: _Counting, newly: int, rates: StressRates) -> StressResult:
    handoffs = newly * rates.complain * rates.hand_over
    return StressResult(name, title, counting.by_region, newly, handoffs, handoffs / rates.days * rates.peak)


def _exceeded(file: StressFile, results: tuple[StressResult, ...]) -> list[str]:
    found = []
    by_id = {each.id: each for each in results}
    for name, limits in file.limits.items():
        result = by_id[name]
        values: list[tuple[str, float, float | None]] = [
            ("without_option", result.all.share, limits.without_option),
            ("without_alternative", result.all.share_without_alternative, limits.without_alternative),
            ("handoffs", result.handoffs, limits.handoffs),
            ("peak_per_hour", result.peak_per_hour, limits.peak_per_hour),
        ]
        for region, limit in limits.regions.items():
            values.append((f"without_option in {region}", result.by_region.get(region, Tally()).share, limit))
        found += [
            f"{name}: {what} is {value:.4g}, more than {limit:g}" for what, value, limit in values if limit is not None and value > limit
        ]
    return found


def _together(session: Session, parts: list[Scenario], at: datetime) -> Happening:
    steps = [_happening(session, part, at) for part in parts]

    def happen(facts: Facts) -> Facts:
        for step in steps:
            facts = step(facts)
        return facts

    return happen


def _happening(session: Session, scenario: Scenario, at: datetime) -> Happening:
    policy = scenario.as_policy
    if policy is not None:
        return lambda facts: replace(
            facts,
            policies=(*(each for each in facts.policies if each.kind != policy.kind or each.category != policy.category), policy),
        )
    if scenario.outage is not None:
        incident = Incident(id=f"stress:{scenario.id}", component=scenario.outage, severity="outage", started_at=at)
        return lambda facts: replace(facts, incidents=(*facts.incidents, incident))
    if scenario.pause_shops is not None:
        shops = largest_shops(session, scenario.pause_shops)
        return lambda facts: _with_paused(facts, shops)
    assert scenario.overdue is not None, "a scenario is exactly one thing"
    late = more_overdue(session, scenario.overdue.more, scenario.overdue.seed)
    return lambda facts: _overdue(facts) if facts.user.id in late else facts


def largest_shops(session: Session, count: int) -> frozenset[str]:
    """The shops with most lines of orders; of equal ones the first by id."""
    shop = TABLES["items"].c.merchant
    lines = select(shop, func.count()).select_from(ORDER_LINES.join(TABLES["items"], ORDER_LINES.c.sku == TABLES["items"].c.sku))
    found = session.execute(lines.group_by(shop).order_by(func.count().desc(), shop).limit(count)).all()
    return frozenset(row[0] for row in found)


def more_overdue(session: Session, more: float, seed: int) -> frozenset[str]:
    """Customers who are drawn of those who owe nothing late: as many as a part of those who do."""
    users = TABLES["users"]
    rows = session.execute(select(users.c.id, users.c.baitiao_overdue).order_by(users.c.id)).all()
    late = [row.id for row in rows if row.baitiao_overdue]
    others = [row.id for row in rows if not row.baitiao_overdue]
    return frozenset(random.Random(seed).sample(others, min(len(others), round(len(late) * more))))


def _overdue(facts: Facts) -> Facts:
    baitiao = facts.user.baitiao.copy(update={"overdue": _OVERDUE})
    return replace(facts, user=facts.user.copy(update={"baitiao": baitiao}))


def _with_paused(facts: Facts, shops: Collection[str]) -> Facts:
    def paused(line: Line) -> Line:
        if line.merchant.id not in shops:
            return line
        merchant: Merchant = line.merchant.copy(update={"installment": "paused", "paused_until": None})
        return replace(line, merchant=merchant)

    orders = tuple(OwnOrder(own.order, tuple(map(paused, own.lines))) for own in facts.orders)
    return replace(facts, lines=tuple(map(paused, facts.lines)), orders=orders)
