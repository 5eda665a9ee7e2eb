"""How long a night of advice takes, and whether many weeks keep every promise.

``python -m tests.load.advice [--customers 100000]``: what is to come is looked up for all of them in one worker, which is ended in the middle
and goes on. ``python -m tests.load.advice --walk 120 --customers 500 --seed 17``: both clocks walk that many days; no cap may be broken, and
whatever was told must be there on the day said. Exit 1 where a goal is missed.
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

MOST_MINUTES = 20.0
FEWEST_HELD_OUT, MOST_HELD_OUT = 0.08, 0.12
_AT_ONCE = 10_000
_OF_CUSTOMERS = ("users", "orders", "bills")


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
    machine = TimeMachine.of(database, customers(count, seed, days))
    machine.agree([f"u-{number}" for number in range(count)])
    for moment in machine.days(days):
        if moment.hour == 10 and moment.day % 3 == 0:
            machine.withdraw(f"u-{moment.toordinal() * 7 % count}", moment - timedelta(hours=1))
    rows = machine.advice()
    broken = broken_caps(rows, machine.here.knowledge.current, machine.withdrawn)
    results = Counter(str(row.result) for row in rows if row.sent_at is not None)
    print(f"{count} customers, {days} days, seed {seed} · {dict(Counter(row.status for row in rows))}")
    print(f"withdrew: {len(machine.withdrawn)} · what came of what was told and ignored: {dict(results)} · caps broken: {len(broken)}")
    for each in broken[:20]:
        print(f"  {each}")
    return [*(["caps"] if broken else []), *(["what was told did not come"] if set(results) - {"blocked", "None"} else [])]


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
