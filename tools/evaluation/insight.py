"""Whether insight reports say what is true, over many generated months: ``python -m tools.evaluation.insight SEED``.

A month has one step at which customers fail far more often than at others; it must lead the work list. And in small worlds without one,
the intervals must hold the rates that were chosen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.core.observations import milliseconds
from actions.knowledge.loading import load
from actions.knowledge.model import Knowledge
from ops.insight.counting import ALL, Cell, Tellings, count
from ops.insight.episodes import Episode, ObservedRow, episodes_of
from ops.stats.intervals import rate_ratio
from ops.stats.rates import wilson
from ops.stats.shrinkage import shrunken
from tools.evaluation.insight_month import REGIONS, Planted, SimulatedMonth, midnight, observed

MONTHS, WORLDS = 100, 300
_CUSTOMERS_OF_A_MONTH, _CUSTOMERS_OF_A_WORLD = 900, 300
_UNTIL = midnight(2026, 11, 23)
_LATER = _UNTIL + timedelta(days=2)
_REGION_WEIGHTS = dict(zip(REGIONS, (0.40, 0.25, 0.15, 0.12, 0.08)))


@dataclass
class Held:
    """How many intervals hold what is true, of how many."""

    held: int = 0
    of: int = 0

    def look(self, low: float, true: float, high: float) -> None:
        """Counts one interval."""
        self.of += 1
        self.held += low <= true <= high

    @property
    def part(self) -> float:
        """Of them all."""
        return self.held / self.of


def told_of(month: SimulatedMonth, customers: int, knowledge: Knowledge, until: datetime = _UNTIL, days: int = 28) -> Tellings:
    """What a month is counted as."""
    proving = {name: meaning.causes for name, meaning in knowledge.intents.items()}
    begin = until - timedelta(days=days)
    return count(_episodes(month, customers), milliseconds(begin), milliseconds(until), milliseconds(_LATER), proving)


def leading_step(told: Tellings, days: int = 28) -> Cell:
    """Where most customers are lost, as the work list ranks places."""
    lost = [cell for kind in ("stopped", "lost_untold", "off_lost") for cell in told.now.of(kind)]
    return max(lost, key=lambda cell: (rate_ratio(told.now.customers[cell], days / 7)[0], cell))


def months_led_by_the_broken_step(knowledge: Knowledge, seeds: Sequence[int]) -> int:
    """In how many generated months the broken step leads the list."""
    led = 0
    for seed in seeds:
        month = SimulatedMonth(knowledge, seed, _UNTIL)
        broken = month.walkable[seed % len(month.walkable)]
        step = seed % broken.steps + 1
        month.planted = Planted(broken=(broken.id, step), nothing_found=0.02)
        led += leading_step(told_of(month, _CUSTOMERS_OF_A_MONTH, knowledge)) == ("stopped", broken.id, str(step))
    return led


def coverage(knowledge: Knowledge, seeds: Sequence[int]) -> dict[str, Held]:
    """Of generated worlds without a broken step, how many intervals hold the truth: of rates, and of shrunken ones."""
    found = {"steps": Held(), "regions": Held(), "shrunken": Held()}
    for seed in seeds:
        month = SimulatedMonth(knowledge, seed, _UNTIL)
        now = told_of(month, _CUSTOMERS_OF_A_WORLD, knowledge).now
        steps = [(now.episodes[("stopped", *cell[1:])], now.episodes[cell]) for cell in now.of("shown")]
        for hits, of in steps:
            low, high = wilson(hits, of)
            found["steps"].look(low, month.planted.lost_per_step, high)
        for each in shrunken(steps):
            found["shrunken"].look(each.low, month.planted.lost_per_step, each.high)
        for region, true in _REGION_WEIGHTS.items():
            low, high = wilson(now.customers["region", region], now.customers[ALL])
            found["regions"].look(low, true, high)
    return found


def main(seed: int) -> int:
    """Looks at everything; 0 if all of it is as it must be."""
    knowledge = load()
    led = months_led_by_the_broken_step(knowledge, range(seed, seed + MONTHS))
    print(f"the broken step leads the list in {led} of {MONTHS} months")
    held = coverage(knowledge, range(seed + MONTHS, seed + MONTHS + WORLDS))
    for name, each in held.items():
        print(f"{name}: {each.part:.1%} of {each.of} intervals of {WORLDS} worlds hold the truth")
    return 0 if led >= 0.95 * MONTHS and all(each.part >= 0.93 for each in held.values()) else 1


def _episodes(month: SimulatedMonth, customers: int) -> Iterator[list[Episode]]:
    for messages, dims in month.conversations(customers):
        if messages:
            yield from episodes_of(_row(row) for row in observed(messages, dims, _LATER) if row["episode"] is not None)


def _row(row: dict[str, Any]) -> ObservedRow:
    return ObservedRow(row["at"], row["ref"], row["episode"], row["seq"], row["kind"], row["value"], json.dumps(row["dims"]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 11))
