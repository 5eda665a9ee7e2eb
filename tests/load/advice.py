"""How long a night of advice takes, and whether many weeks keep every promise.

``python -m tests.load.advice [--customers 100000]``: what is to come is looked up for all of them in one worker, which is ended in the middle
and goes on. ``python -m tests.load.advice --walk 120 --customers 500 --seed 17``: both clocks walk that many days, in which customers withdraw,
answer, get into trouble, are with a person, and something is broken; no cap may be broken, whatever was told must be there on the day said and
not the day before, and nothing may come of which nothing was noted. Exit 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from actions.state.database import Database
from actions.state.world.loading import load_world_data
from ops.advice.planning import plan_ahead
from ops.advice.restraint import is_held_out
from tests.unit.ops.advice.broken_caps import broken_caps
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at, customers
from tests.unit.ops.advice.walking import not_as_said, not_noted, walked

MOST_MINUTES = 20.0
FEWEST_HELD_OUT, MOST_HELD_OUT = 0.08, 0.12
_AT_ONCE = 10_000
_OF_CUSTOMERS = ("users", "orders", "bills")
_LOOKED_AT = 25
"""Customers who are gone through day by day after a walk."""


def loaded(database: Database, count: int, seed: int) -> TimeMachine:
    """A machine with so many customers who have said yes to everything, loaded some at a time."""
    world = customers(count, seed, 60)
    shared = {name: rows for name, rows in world.items() if name not in _OF_CUSTOMERS}
    machine = TimeMachine.of(database, shared)
    of: dict[str, dict[str, list[Any]]] = {}
    for name in _OF_CUSTOMERS:
        for row in world[name]:
            of.setdefault(row["id"] if name == "users" else row["user"], {}).setdefault(name, []).append(row)
    everybody = list(of)
    for start in range(0, count, _AT_ONCE):
        some = everybody[start : start + _AT_ONCE]
        load_world_data(database, {name: [row for user in some for row in of[user].get(name, [])] for name in _OF_CUSTOMERS})
        machine.agree(some)
    return machine


def night(database: Database, count: int, seed: int) -> list[str]:
    """Looks up what is to come for everybody; what is missed of the goals."""
    machine = loaded(database, count, seed)
    moment = at(FIRST + timedelta(days=1), 3)
    begun, worked = time.monotonic(), time.process_time()
    first = plan_ahead(machine.here, seconds=min(10.0, count / 1000), now=moment)
    # The worker is ended and another one goes on: nobody is looked up twice, and nobody is left out.
    looked = first + plan_ahead(machine.here, seconds=86_400.0, now=moment)
    minutes, busy = (time.monotonic() - begun) / 60, (time.process_time() - worked) / 60
    again = plan_ahead(machine.here, seconds=60.0, now=moment)
    rows = machine.advice()
    share = sum(is_held_out(f"u-{number}", 0.1) for number in range(count)) / count
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} customers, {len(rows)} things to tell · {minutes:.1f} min, {busy:.1f} min of one processor · {memory:.0f} MB")
    print(f"ended after {first}, went on with {looked - first}, looked up twice: {again} · held out {share:.1%}")
    goals = {
        f"{busy / count * 100_000:.1f} min for 100,000, at most {MOST_MINUTES:.0f}": busy / count * 100_000 <= MOST_MINUTES,
        "everybody once": (looked, again) == (count, 0),
        "something to tell": bool(rows),
        "a tenth is held out": count < 1000 or FEWEST_HELD_OUT <= share <= MOST_HELD_OUT,
    }
    return [goal for goal, met in goals.items() if not met]


def walk(database: Database, count: int, days: int, seed: int) -> list[str]:
    """Lets days go by; what is missed of the goals."""
    machine = walked(database, count, days, seed)
    rows = machine.advice()
    broken = broken_caps(rows, machine.here.knowledge.current, machine.withdrawn, machine.left_alone)
    otherwise = not_as_said(machine, days)
    stayed = [f"u-{number}" for number in range(count) if f"u-{number}" not in machine.withdrawn]
    missed = not_noted(machine, stayed[:: max(1, len(stayed) // _LOOKED_AT)], days)
    results = Counter(str(row.result) for row in rows if row.sent_at is not None)
    print(f"{count} customers, {days} days, seed {seed} · {dict(Counter(row.status for row in rows))}")
    print(f"kept back: {dict(Counter(row.reason for row in rows if row.reason))} · told once more: {sum(row.again for row in rows)}")
    print(f"withdrew: {len(machine.withdrawn)} · what came of what was told and ignored: {dict(results)}")
    print(f"caps broken: {len(broken)} · not so on the day said: {len(otherwise)} · came and nothing noted: {len(missed)}")
    for each in (*broken[:20], *otherwise[:20], *missed[:20]):
        print(f"  {each}")
    told = sum(row.sent_at is not None for row in rows)
    goals = {
        "caps": not broken,
        # The world does not change in a walk.
        "all that was foreseen comes": not any(row.status == "not_coming" for row in rows),
        "what was told comes on its day": not otherwise,
        "what comes is noted": not missed,
        "something was told": told > 0,
    }
    return [goal for goal, met in goals.items() if not met]


def main() -> int:
    """Runs what is asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=None, help="default: 100,000, or 500 for a walk")
    parser.add_argument("--walk", type=int, default=0, metavar="DAYS")
    parser.add_argument("--seed", type=int, default=17)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="advice-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'advice.db'}")
        database.migrate()
        count = given.customers or (500 if given.walk else 100_000)
        missed = walk(database, count, given.walk, given.seed) if given.walk else night(database, count, given.seed)
        database.close()
    for goal in missed:
        print(f"missed: {goal}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
