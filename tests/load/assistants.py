"""The assistants that are measured: ours as `baitiao up` starts it, and Rasa as it comes with the same model and the same actions."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from actions.callers import SECRET_HEADER
from actions.settings import Settings
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from bot.channel.tokens import issue
from bot.engine.training import newest_model
from tests.load.world import world
from tests.postgres_server import free_port

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Xq7-fT2vRz9_kLm4wYb8cNd1.HsJ0uGe"
"""Signs tokens and lets actions be called; a token of no installation."""
CUSTOMERS = 200
START_SECONDS = 900.0
STOP_SECONDS = 30.0
_RATE = "1000/second"
"""The limit of messages must not be what is measured."""

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Assistant:
    """An assistant that runs; made by ``ours`` and ``stock``.

    Attributes:
        name: in tables.
        processes: everything that was started for it.
        started: seconds from the start to the first answer.
    """

    def __init__(self, name: str, url: str, processes: list[subprocess.Popen[bytes]], started: float, own: bool) -> None:
        self.name, self.url, self.processes, self.started, self._own = name, url, processes, started, own

    def request(self, user: str, text: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The body and the headers of a customer's message."""
        if self._own:
            return {"id": str(uuid4()), "text": text}, {"Authorization": f"Bearer {issue(SECRET, user)}"}
        return {"sender": user, "message": text}, {}

    def answered(self, body: Any) -> bool:
        """Whether an answer holds something that was said."""
        return bool(body["messages"] if self._own else body)

    def stages(self) -> dict[str, float]:
        """Seconds that all turns so far spent on each stage, and `turns`, how many there were; nothing of Rasa as it comes."""
        if not self._own:
            return {}
        with _opener.open(f"{self.url.partition('/webhooks')[0]}/metrics", timeout=10) as response:
            text = response.read().decode()
        spent = {name: float(seconds) for name, seconds in re.findall(r'baitiao_stage_seconds_total\{stage="(\w+)"\} (\S+)', text)}
        return {**spent, "turns": float(re.search(r"baitiao_turn_seconds_count (\S+)", text).group(1))}  # type: ignore[union-attr]

    def megabytes(self) -> dict[str, float]:
        """Resident memory of each process, by what it runs."""
        return {
            _role(pid): resident(pid) / 1024 for process in self.processes for pid in (process.pid, *children(process.pid)) if resident(pid)
        }


@contextlib.contextmanager
def ours(folder: Path, log: Path, *options: str, customers: int = CUSTOMERS, **settings: str) -> Iterator[Assistant]:
    """`baitiao up` on free ports, with a world of so many customers.

    Args:
        folder: for its database.
        log: what it says.
        options: of the command.
        customers: `u-0`, `u-1` and so on.
        settings: its environment, such as BAITIAO_DATABASE_URL.
    """
    port, actions_port = free_port(), free_port()
    environment = {
        **os.environ,
        **_common(folder),
        "BAITIAO_ACTIONS_PORT": str(actions_port),
        "BAITIAO_MESSAGE_RATE": _RATE,
        **settings,
    }
    _load(environment[Settings.variable("database_url")], customers)
    begun = time.perf_counter()
    process = _start([sys.executable, "-m", "bot.cli", "up", "--port", str(port), *options], environment, log)
    try:
        url = f"http://127.0.0.1:{port}/webhooks/widget/messages"
        assistant = Assistant("ours", url, [process], 0.0, own=True)
        assistant.started = _first_answer(assistant, begun, log)
        yield assistant
    finally:
        _stop([process])


@contextlib.contextmanager
def stock(folder: Path, log: Path) -> Iterator[Assistant]:
    """`rasa run` and our action server: Rasa's own channel, tracker store, lock store, processor and runner on SQLite."""
    port, actions_port = free_port(), free_port()
    environment = {**os.environ, **_common(folder), "BAITIAO_ACTIONS_PORT": str(actions_port), "BAITIAO_ACTIONS_SECRET": SECRET}
    environment |= {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    _load(f"sqlite:///{folder}/world.db", CUSTOMERS)
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n  headers:\n    {SECRET_HEADER}: {SECRET}\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder}/trackers.db\n",
        encoding="utf-8",
    )
    begun = time.perf_counter()
    model = newest_model()
    command = [sys.executable, "-m", "rasa", "run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1"]
    command += ["--endpoints", f"{folder}/endpoints.yml", "--credentials", f"{folder}/credentials.yml"]
    processes = [_start([sys.executable, "-m", "actions.server"], environment, log), _start(command, environment, log)]
    try:
        assistant = Assistant("stock Rasa", f"http://127.0.0.1:{port}/webhooks/rest/webhook", processes, 0.0, own=False)
        assistant.started = _first_answer(assistant, begun, log)
        yield assistant
    finally:
        _stop(processes)


def _common(folder: Path) -> dict[str, str]:
    database, secret = Settings.variable("database_url"), Settings.variable("token_secret")
    return {database: f"sqlite:///{folder}/world.db", secret: SECRET, "PYTHONPATH": str(ROOT)}


def _load(address: str, customers: int) -> None:
    database = Database(address)
    database.migrate()
    load_world_data(database, world(customers, customers))
    database.close()


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)


def _first_answer(assistant: Assistant, begun: float, log: Path) -> float:
    while time.perf_counter() - begun < START_SECONDS:
        if any(process.poll() is not None for process in assistant.processes):
            break
        body, headers = assistant.request("u-0", "付款时没有分期选项")
        asked = urllib.request.Request(
            assistant.url, json.dumps(body).encode(), {**headers, "Content-Type": "application/json"}, method="POST"
        )
        with contextlib.suppress(OSError, ValueError), _opener.open(asked, timeout=60) as response:
            if assistant.answered(json.load(response)):
                return time.perf_counter() - begun
        time.sleep(0.1)
    raise RuntimeError(f"{assistant.name} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _role(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    module = words[words.index("-m") + 1] if "-m" in words[:-1] else words[0]
    return f"{' '.join([module, *(word for word in words[-4:] if word.isalpha())])} {pid}"


def resident(pid: int) -> int:
    """Kilobytes resident in a process, as Linux counts them; 0 if it is gone."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def children(root: int) -> Iterator[int]:
    """The processes below one."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == root:
            child = int(entry.parent.name)
            yield child
            yield from children(child)
