"""How long badges take: `python -m tests.load.badges [--skus 100000]`.

A catalogue of random products is loaded, the worker's pass builds all of its badges and builds them anew after a policy has changed, and a
shop's program asks over HTTP for 500 products at a time: for other ones each time, and for the same ones again. Exit 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from actions.knowledge.store import KnowledgeStore
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from bot.catalog import PATH, register
from bot.channel.locks import LocalLocks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import ROLE_CATALOG, TokenVerifier, issue
from bot.web.site import add_site
from conversations.application import composed
from ops.badges.keeping import BadgeKeeper
from tests.unit.demo.serving import Serving

NOW = "2026-11-22T10:00:00+08:00"
SECRET = "a secret of the measurement, of more than 32 characters"
AT_ONCE = 500
MOST_MINUTES = 2.0
WARM_MS, COLD_MS = 20.0, 1000.0
SHOPS_PER_SKU, CATEGORIES = 0.02, 40
ROUNDS, WARM_UP = 200, 20


def catalogue(skus: int, seed: int) -> dict[str, Any]:
    """A world file's content: shops and products as they come, none like the next."""
    draw = random.Random(seed)
    shops = max(1, int(skus * SHOPS_PER_SKU))
    days = [f"2026-{month}-{day:02}" for month in (11, 12) for day in range(1, 31)]

    def shop(number: int) -> dict[str, Any]:
        standing = draw.choices(("enabled", "not_enrolled", "paused"), (90, 7, 3))[0]
        until = {"paused_until": draw.choice(days)} if standing == "paused" else {}
        return {
            "id": f"m-{number}",
            "name": f"店铺{number}号",
            "installment": standing,
            "contract": draw.choices(("active", "expired"), (98, 2))[0],
            "integration": draw.choices(("ok", "error"), (99, 1))[0],
            "risk_block": draw.random() < 0.01,
            **until,
        }

    def item(number: int) -> dict[str, Any]:
        presale = draw.random() < 0.02
        return {
            "sku": f"{number:08}",
            "title": f"商品{number}号",
            "category": f"c-{draw.randrange(CATEGORIES)}",
            "merchant": f"m-{draw.randrange(shops)}",
            "price": f"{draw.lognormvariate(5.5, 1.4):.2f}",
            "installment": draw.choices(("allowed", "excluded", "full_payment"), (93, 5, 2))[0],
            "tenors": draw.choices(([3, 6, 12, 24], [3, 6], [3, 6, 12]), (85, 8, 7))[0],
            "min_down_payment": draw.choices(("0", "0.2", "0.3"), (94, 3, 3))[0],
            "promotion_excluded": draw.random() < 0.03,
            **({"presale": "deposit", "presale_balance_from": draw.choice(days)} if presale else {}),
            **({"interest_free": {"tenors": [3, 6], "until": draw.choice(days)}} if draw.random() < 0.1 else {}),
        }

    begun = {"effective_from": "2026-01-01"}
    return {
        "now": NOW,
        "users": [{"id": "u-1"}],
        "categories": [{"id": f"c-{n}", "name": f"品类{n}", "installment": "excluded" if n < 3 else "allowed"} for n in range(CATEGORIES)],
        "merchants": [shop(number) for number in range(shops)],
        "items": [item(number) for number in range(skus)],
        "plans": [{"tenor": tenor, "fee_rate_per_period": "0.006"} for tenor in (3, 6, 12, 24)],
        "policies": [
            {"id": "p-min", "kind": "min_amount", "amount": "100.00", **begun},
            {"id": "p-min-next", "kind": "min_amount", "amount": "300.00", "effective_from": "2026-12-01"},
            {"id": "p-max", "kind": "max_amount", "amount": "50000.00", **begun},
            {"id": "p-region", "kind": "region", "regions": ["海南", "青海"], **begun},
            {"id": "p-channel", "kind": "channel", "allowed": ["app", "web"], **begun},
        ],
    }


@contextmanager
def served(database: Database, knowledge: KnowledgeStore) -> Iterator[str]:
    """The address of a server with the catalogue's API."""
    here = composed(database)
    store = ChannelStore(database, here.facts)
    service = ChannelService(store, TokenVerifier({"HS256": SECRET}), RateLimiter("100000/minute"), LocalLocks())

    def furnish(app: Any) -> None:
        add_site(app, service.metrics, {})
        register(app, service, store.badges(knowledge))

    server = Serving(furnish)
    try:
        yield server.address
    finally:
        server.close()


def asked(address: str, skus: int) -> tuple[list[float], list[float]]:
    """Milliseconds of answers for products that were not asked for before, and for the same again."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {issue(SECRET, 'shop-1', roles=[ROLE_CATALOG])}"

    def ask(first: int) -> float:
        body = {"skus": [f"{number % skus:08}" for number in range(first, first + AT_ONCE)]}
        begun = time.perf_counter()
        answer = session.post(f"{address}{PATH}", json=body, timeout=30)
        took = (time.perf_counter() - begun) * 1000
        assert answer.status_code == 200 and len(answer.json()["badges"]) == min(AT_ONCE, skus)
        return took

    cold = [ask(at * AT_ONCE) for at in range(10)]
    warm = [ask(0) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    return cold, warm


def measure(skus: int, seed: int, address: str | None) -> bool:
    """Prints what was measured; whether every goal is reached."""
    knowledge = KnowledgeStore()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(address or f"sqlite:///{Path(folder) / 'badges.db'}")
        database.migrate()
        load_world_data(database, catalogue(skus, seed), replace=True)
        keeper = BadgeKeeper()
        at = time.process_time()
        first = keeper.keep_up(database, knowledge.current)
        processor = time.process_time() - at
        load_world_data(database, {"policies": [{"id": "p-min", "amount": "200.00"}]})
        second = keeper.keep_up(database, knowledge.current)
        load_world_data(database, {"items": [{"sku": f"{number:08}", "installment": "excluded"} for number in range(min(50, skus))]})
        few = keeper.keep_up(database, knowledge.current)
        with served(database, knowledge) as at:
            cold, warm = asked(at, skus)
        database.close()
    worst = max(first.seconds, second.seconds)
    p95 = statistics.quantiles(warm, n=20)[-1]
    rows = [
        (
            f"{skus} badges built by the worker",
            f"{first.seconds:.1f} s, of which {processor:.1f} s of one processor",
            first.seconds <= MOST_MINUTES * 60,
        ),
        (f"after a policy changed: {second.changed} of them another", f"{second.seconds:.1f} s", worst <= MOST_MINUTES * 60),
        (f"after {few.looked} products changed", f"{few.seconds:.2f} s", few.seconds <= 5),
        (f"{AT_ONCE} asked for over HTTP, warm, p95", f"{p95:.1f} ms", p95 <= WARM_MS),
        (f"{AT_ONCE} asked for over HTTP, warm, median", f"{statistics.median(warm):.1f} ms", True),
        (f"{AT_ONCE} asked for over HTTP, cold, worst", f"{max(cold):.0f} ms", max(cold) <= COLD_MS),
        ("memory of all this in one process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", True),
    ]
    for what, much, good in rows:
        print(f"{'ok  ' if good else 'MISS'} {what}: {much}")
    return all(good for _, _, good in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skus", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="address of an empty database; default: a SQLite file that is removed again")
    given = parser.parse_args()
    sys.exit(0 if measure(given.skus, given.seed, given.database) else 1)
