"""``make bench``: what a diagnosis, a chat turn, a start and the memory cost on this machine.

Medians and 95th percentiles, so that a noisy machine shows as a wide gap between the two.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from actions.core.diagnosis import diagnose
from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from bot.channel.tokens import issue
from conversations.application import project_knowledge

ORDERS = 2000
TURNS = 300
SECRET = "a secret of the bench, longer than 32 characters"
SENTENCES = ("付款时没有分期选项", "为什么这件商品不能分期", "分期手续费怎么算", "5000 块分 12 期每期多少", "你好", "账单不能分期了")


def main() -> None:
    """Measures everything and prints a line each."""
    with tempfile.TemporaryDirectory() as folder:
        measure_diagnosis(Path(folder))
        measure_server(Path(folder))


def measure_diagnosis(folder: Path) -> None:
    """Queries and rules for many orders of many customers in one process."""
    database = Database(f"sqlite:///{folder}/diagnosis.db")
    database.migrate()
    load_world_data(database, _world())
    causes = tuple(project_knowledge().causes.values())
    times: list[float] = []
    for number in range(ORDERS):
        begun = time.perf_counter()
        with database.session() as session:
            diagnose(SqlFacts(session).snapshot(f"u-{number % 200}", Subject("order", f"o-{number}")), causes)
        times.append(time.perf_counter() - begun)
    _report(f"diagnosis of an order, queries included ({ORDERS} orders, SQLite)", times)


def measure_server(folder: Path) -> None:
    """Start to first answer, chat turns over HTTP, and resident memory of everything started."""
    port, actions_port = _free_port(), _free_port()
    environment = {
        **os.environ,
        "BAITIAO_DATABASE_URL": f"sqlite:///{folder}/server.db",
        "BAITIAO_ACTIONS_PORT": str(actions_port),
        "BAITIAO_TOKEN_SECRET": SECRET,
    }
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bot.cli", "up", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(lambda: _get(f"{base}/health/ready"), process)
        _post(base, "u-1001", SENTENCES[0])
        print(f"start to first answer: {time.perf_counter() - begun:.1f} s (training, if any, included)")
        times: list[float] = []
        for number in range(TURNS):
            # Few turns per customer and minute: the limit of messages must not be what is measured.
            user = f"u-{1001 + number % 10}"
            at = time.perf_counter()
            _post(base, user, SENTENCES[number % len(SENTENCES)])
            times.append(time.perf_counter() - at)
        _report(f"chat turn with an action, over HTTP ({TURNS} turns)", times)
        print(f"resident memory of all processes: {_resident(process.pid) / 1024:.0f} MB")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _world() -> dict[str, Any]:
    users = [{"id": f"u-{n}", "baitiao": {"overdue": Decimal(n % 3)}} for n in range(200)]
    merchants = [{"id": f"m-{n}"} for n in range(50)]
    items = [
        {"sku": f"{n}", "category": "c", "merchant": f"m-{n % 50}", "price": Decimal(100 + n), "promotion_excluded": n % 7 == 0}
        for n in range(500)
    ]
    orders = [
        {"id": f"o-{n}", "user": f"u-{n % 200}", "lines": [{"sku": f"{(n + k) % 500}"} for k in range(1 + n % 5)]} for n in range(ORDERS)
    ]
    policies = [{"id": f"p-{n}", "kind": "min_amount", "amount": n, "effective_from": "2026-01-01"} for n in range(20)]
    return {
        "now": "2026-11-22T10:00:00+08:00",
        "users": users,
        "merchants": merchants,
        "categories": [{"id": "c"}],
        "items": items,
        "orders": orders,
        "plans": [{"tenor": tenor} for tenor in (3, 6, 12, 24)],
        "policies": policies,
    }


def _report(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{what}: median {statistics.median(times) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms")


def _post(base: str, user: str, text: str) -> None:
    request = urllib.request.Request(
        f"{base}/webhooks/widget/messages",
        data=json.dumps({"id": str(uuid.uuid4()), "text": text}).encode(),
        headers={"Authorization": f"Bearer {issue(SECRET, user)}", "Content-Type": "application/json"},
    )
    with _opener.open(request, timeout=30) as response:
        if not json.load(response)["messages"]:
            raise RuntimeError(f"no answer to {text!r}")


def _get(url: str) -> bool:
    try:
        with _opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the assistant did not start; `baitiao up` says why")
        time.sleep(0.1)


def _resident(root: int) -> int:
    """Kilobytes resident in a process and its children, as Linux counts them."""
    return sum(_kilobytes(pid) for pid in (root, *_children(root)))


def _children(root: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == root:
            child = int(entry.parent.name)
            yield child
            yield from _children(child)


def _kilobytes(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

if __name__ == "__main__":
    main()
