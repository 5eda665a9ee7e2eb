"""How long a report of 100,000 episodes takes and how much memory, and how fast its page comes: ``python -m tests.load.insight``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from actions.bootstrap import bootstrap
from actions.core.moments import local
from actions.knowledge.loading import load
from actions.settings import Settings, child_environment
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.world.loading import load_world
from bot.bootstrap import console_places, console_work
from bot.channel.service import RateLimiter
from bot.channel.tokens import TokenVerifier
from bot.console import register
from bot.demo.remedies import DEMO_FILES
from bot.web.metrics import Metrics
from bot.web.site import add_site
from ops.insight.monday import make_week
from ops.insight.periods import last_week, week_of
from ops.worker import Surroundings
from tests.unit.console.conftest import Caller
from tests.unit.demo.serving import Serving
from tests.unit.desk.conftest import SECRET
from tools.evaluation.insight_month import Planted, SimulatedMonth, write

EPISODES = 100_000
_WITH_SENTENCES = 20_000
_DAYS = 28
MOST_SECONDS, MOST_MEGABYTES, MOST_MILLISECONDS = 60.0, 400, 200
_LOOKS = 20
_BETWEEN_LOOKS = 0.05


def main() -> int:
    """Measures; 0 if everything is as fast and as small as it must be."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/x.db"
        _fill(address)
        seconds, megabytes, episodes = _reported(address)
        print(f"{episodes} episodes in {seconds:.1f} s, {megabytes} MB at most")
        millis = _page(address)
        print(f"the page of a week: {millis:.0f} ms, the slowest of {_LOOKS}")
    enough = episodes >= EPISODES and seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES and millis <= MOST_MILLISECONDS
    return 0 if enough else 1


def _fill(address: str) -> None:
    database, knowledge = Database(address), load()
    database.migrate()
    load_world(database, [DEMO_FILES / "world.yml"])
    now = local(real_now()).replace(hour=0, minute=0, second=0, microsecond=0)
    for seed, customers, back, said in (
        (1, _WITH_SENTENCES, 0, True),
        (2, EPISODES - _WITH_SENTENCES, 0, False),
        (3, EPISODES // 2, _DAYS, False),
    ):
        month = SimulatedMonth(knowledge, seed, now - timedelta(days=back), _DAYS, Planted(not_understood=0.2 if said else 0.05))
        with database.session() as session:
            write(session, month, customers, now, said, prefix=f"{seed}-")
    database.close()


def _reported(address: str) -> tuple[float, int, int]:
    """Seconds, megabytes and episodes of the command."""
    now = local(real_now())
    days = ["--from", (now - timedelta(days=_DAYS)).date().isoformat(), "--to", now.date().isoformat(), "--json"]
    command = [sys.executable, "-m", "bot.cli", "insight", "report", *days]
    begun, most = time.monotonic(), 0
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(command, env={**child_environment(), "BAITIAO_DATABASE_URL": address}, stdout=said)
        # Not the kernel's account of ended children: there a child begins with the memory of whoever started it, and this process filled the database.
        while running.poll() is None:
            most = max([most, *map(int, re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{running.pid}/status").read_text()))])
            time.sleep(_BETWEEN_LOOKS)
        seconds = time.monotonic() - begun
        if running.returncode:
            raise subprocess.CalledProcessError(running.returncode, command)
        said.seek(0)
        return seconds, most // 1024, json.load(said)["episodes"]


def _page(address: str) -> float:
    """The slowest look at a week's page, in milliseconds."""
    here = bootstrap(Settings.read(database_url=address))
    week = week_of(last_week(real_now()).first)
    make_week(Surroundings.of(here), week, real_now())

    def furnish(app: object) -> None:
        add_site(app, Metrics(), {})
        verifier, attempts = TokenVerifier({"HS256": SECRET}), RateLimiter("100000/minute")
        register(app, console_work(here), verifier, attempts, console_places(here), always_secure=False)

    server = Serving(furnish)
    viewer = Caller(server.address, "viewer")
    viewer.look(f"/console/insight/{week}")
    slowest = 0.0
    for _ in range(_LOOKS):
        begun = time.monotonic()
        answer = viewer.look(f"/console/insight/{week}")
        slowest = max(slowest, 1000 * (time.monotonic() - begun))
        assert answer.status_code == 200, answer.text
    server.close()
    return slowest


if __name__ == "__main__":
    sys.exit(main())
