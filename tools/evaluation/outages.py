"""How many customers of an outage come to an end without a person: while nobody has declared it, and once somebody has.

``python -m tools.evaluation.outages SEED [--customers 100]`` plays simulated customers against the assistant, each twice with the same chance: once in a world
whose state knows of nothing, while the option is missing all the same, and once with the incident declared. It fails if fewer than 80 % end without a
person once it is declared. Who reads the banner and does not write at all is in neither number.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from conversations.application import project_knowledge
from conversations.simulation.personas import personas
from conversations.simulation.scenario import Scenario, scenario
from conversations.simulation.worker import Worker
from conversations.simulation.worlds import ORDER, World, beside

WANTED = 0.8
"""Part of the affected that must end without a person once it is declared."""
OUTAGE = "incident_outage"
_PERSON = "handed_over"
_ENDS = 0.5
"""Part of the outages that end while the customer waits."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays both, prints what became of whom, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation.outages", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--customers", type=int, default=100)
    given = parser.parse_args(arguments)
    print("| the outage | customers | ended without a person | how they ended |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker.of_this_process(Path(folder))
        parts = [_played(worker, given.seed, given.customers, declared) for declared in (False, True)]
    return 0 if parts[-1] >= WANTED else 1


def _played(worker: Worker, seed: int, customers: int, declared: bool) -> float:
    ends = ended(worker, seed, customers, declared)
    part = 1 - ends[_PERSON] / customers
    listed = ", ".join(f"{name} {count}" for name, count in ends.most_common())
    print(f"| {'is declared' if declared else 'is known to nobody'} | {customers} | {part:.0%} | {listed} |", flush=True)
    return part


def ended(worker: Worker, seed: int, customers: int, declared: bool) -> Counter[str]:
    """How many customers of an outage came to each end.

    Args:
        seed: of everything they do.
        declared: whether the state knows of it.
    """
    return Counter(worker.play_out(affected(seed + number, declared))[0].end for number in range(customers))


def affected(seed: int, declared: bool) -> Scenario:
    """A customer of an outage: their option is missing, and nothing that they do brings it back."""
    names = list(personas())
    drawn = scenario(seed, names[seed % len(names)], project_knowledge().causes)
    causes = (OUTAGE,) if declared else ()
    parts = ("healthy", beside()["own"], beside()["neighbour"], {"inject": list(causes)})
    over = declared and random.Random(f"outage {seed}").random() < _ENDS
    return replace(drawn, world=World(causes, "order", parts, frozenset(), over, sees=over), token=ORDER)


if __name__ == "__main__":
    sys.exit(main())
