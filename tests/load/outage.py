"""The end of an outage for many: each who waits is told once, what is true of them, while those that tell are killed at random.

``python -m tests.load.outage`` fails if anybody was not told, was told twice or something untrue, or if it took longer than the rate allows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from actions.recovery.incident_ends import NOTICE
from actions.state.columns import real_now
from actions.state.conversations import MESSAGES
from actions.state.database import Database
from actions.state.subscriptions import SUBSCRIPTIONS
from actions.state.world.loading import load_world_data
from actions.state.world.tables import facts_now
from conversations.application import composed, project_knowledge
from conversations.healthy_world import healthy
from ops.incidents import service

NOON = "2026-11-22T12:00:00+08:00"
"""When the outage ends."""
MARKS = {"clear": "没有查到挡着分期的原因", "other": "还有挡着的：", "late": "付款时间到"}
"""What only the text of each kind says."""
GRACE_SECONDS = 20
"""For processes to begin; at 20 a second, 10,000 are told within nine minutes with it."""


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    Attributes:
        lost, doubled, untrue: customers who were told nothing, more than once, or another text than their state proves.
        seconds: from the end of the outage until the last was told; ``idle`` of one look with all waiting and nothing changed.
    """

    customers: int
    told: dict[str, int]
    lost: int
    doubled: int
    untrue: int
    seconds: float
    idle: float
    kills: int


def expected(number: int) -> str:
    """What a customer must be told: of every ten one has an order that expires, of every three one is overdue."""
    return "late" if number % 10 == 7 else "other" if number % 3 == 1 else "clear"


def allowed(customers: int, rate: float) -> float:
    """Seconds in which all must be told."""
    return customers / rate * 1.04 + GRACE_SECONDS


def fill(database: Database, customers: int, seed: int) -> str:
    """A world with an outage for which everybody waits; its id."""
    chance = random.Random(seed)
    users, orders = [], []
    for number in range(customers):
        left = expected(number)
        users.append({"id": f"u-{number}", "baitiao": {"overdue": "88.80" if left == "other" else "0.00"}})
        hour = 11 if left == "late" else chance.randrange(13, 23)
        pay_before = f"2026-11-22T{hour}:{chance.randrange(60):02}:00+08:00"
        orders.append({"id": f"o-{number}", "user": f"u-{number}", "lines": [{"sku": "1"}], "pay_before": pay_before})
    database.migrate()
    load_world_data(database, {**healthy(), "bills": []})
    load_world_data(database, {"users": users, "orders": orders})
    with database.session() as session:
        now, knowledge = facts_now(session), project_knowledge()
        incident = service.declare(session, knowledge, now, component="installment", severity="outage", by="operator-1")
        waits = [
            {"conversation_id": user, "user": user, "order": f"o-{number}", "bill": "", "cause": "incident_outage", "status": "open"}
            | {"created_at": real_now(), "incident": ""}
            for number, user in enumerate(f"u-{number}" for number in range(customers))
        ]
        session.execute(insert(SUBSCRIPTIONS), waits)
    return incident


def read_all(database: Database) -> float:
    """Lets the state of everybody be read, and returns how long a look takes at which nothing has changed."""
    watcher = composed(database).recovery_watcher()
    unread = select(func.count()).where(SUBSCRIPTIONS.c.read_as.is_(None))
    while _count(database, unread):
        watcher.look()
    begun = time.perf_counter()
    assert watcher.look() == 0
    return time.perf_counter() - begun


def play(folder: Path, customers: int, rate: float, seed: int, kill_every: float, interval: float) -> Outcome:
    """Plays it: ``kill_every`` seconds on average, one of the two that tell is killed and begun anew."""
    chance, url = random.Random(seed), f"sqlite:///{folder}/outage.db"
    database = Database(url)
    incident = fill(database, customers, seed)
    idle = read_all(database)
    load_world_data(database, {"now": NOON})
    with database.session() as session:
        service.resolve(session, project_knowledge(), facts_now(session), incident, by="operator-1")
    begun, kills = time.monotonic(), 0
    waiting = select(func.count()).where(SUBSCRIPTIONS.c.status == "open")
    with contextlib.ExitStack() as stack:
        tellers = [stack.enter_context(_teller(url, rate, interval)) for _ in range(2)]
        next_kill = begun + chance.expovariate(1 / kill_every)
        while _count(database, waiting) and time.monotonic() - begun < 2 * allowed(customers, rate):
            time.sleep(0.05)
            if time.monotonic() > next_kill:
                which, next_kill = chance.randrange(2), time.monotonic() + chance.expovariate(1 / kill_every)
                tellers[which].kill()
                tellers[which] = stack.enter_context(_teller(url, rate, interval))
                kills += 1
        seconds = time.monotonic() - begun
    return _outcome(database, customers, seconds, idle, kills)


def _outcome(database: Database, customers: int, seconds: float, idle: float, kills: int) -> Outcome:
    with database.session() as session:
        rows = session.execute(select(MESSAGES.c.conversation_id, MESSAGES.c.text).where(MESSAGES.c.action == NOTICE)).all()
    times = Counter(row.conversation_id for row in rows)
    kinds = {row.conversation_id: next((kind for kind, mark in MARKS.items() if mark in row.text), "?") for row in rows}
    untrue = sum(kinds[f"u-{number}"] != expected(number) for number in range(customers) if f"u-{number}" in kinds)
    doubled = sum(many > 1 for many in times.values())
    return Outcome(customers, dict(Counter(kinds.values())), customers - len(times), doubled, untrue, seconds, idle, kills)


def _count(database: Database, wanted: Any) -> int:
    with database.session() as session:
        return int(session.execute(wanted).scalar_one())


@contextlib.contextmanager
def _teller(url: str, rate: float, interval: float) -> Iterator[BaseProcess]:
    # Forked, because what it needs of the knowledge is read already: it shall die at its work and not while it begins.
    process = get_context("fork").Process(target=tell, args=(url, rate, interval), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def tell(url: str, rate: float, interval: float) -> None:
    """Looks again and again, as an action server does, until killed."""
    watcher = composed(Database(url), notice_rate=rate).recovery_watcher()
    while True:
        watcher.look()
        time.sleep(interval)


def main(arguments: Sequence[str]) -> int:
    """Plays it, prints what became of it, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="make bench-ops", description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=20.0, help="customers told a second, by all that tell together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=20.0, metavar="S")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between two looks")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(Path(folder), asked.customers, asked.rate, asked.seed, asked.kill_every, asked.interval)
    print(json.dumps(vars(outcome), ensure_ascii=False))
    slow = outcome.seconds > allowed(asked.customers, asked.rate)
    return 1 if outcome.lost or outcome.doubled or outcome.untrue or outcome.idle > 1 or slow else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
