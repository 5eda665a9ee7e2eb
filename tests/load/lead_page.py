"""How long a lead's page takes to be counted and drawn: ``python -m tests.load.lead_page [--messages 100000] [--handoffs 5000]``."""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from actions.core.moments import today
from actions.masking import warm_up
from actions.state.columns import real_now
from actions.state.database import Database
from bot.desk.lead_numbers import Period
from bot.desk.lead_panels import Panels
from bot.desk.lead_plots import svg
from bot.desk.lead_work import LeadWork
from conversations.application import STORE
from tests.load.desk_history import fill

ROUNDS = 5
_TURNS = 6


def main() -> None:
    """Prints medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--handoffs", type=int, default=5_000)
    parser.add_argument("--database", help="an empty database to be filled; default: an SQLite file that is thrown away")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.database or f"sqlite:///{folder}/lead.db")
        database.migrate()
        warm_up()
        written = fill(database, max(given.messages // (2 * _TURNS), given.handoffs + 1), given.handoffs, turns=_TURNS)
        panels = Panels()
        work = LeadWork(database, STORE, panels)
        now = today(real_now())
        # As the web server does once it has its model: the collector does not look through all of the knowledge for every thousand rows.
        gc.collect()
        gc.freeze()
        print(f"{written} messages, {given.handoffs} handoffs over 30 days, {database.engine.dialect.name}")
        for days in (1, 7, 30):
            _measure(work, panels, Period(now - timedelta(days=days - 1), now))
        database.close()


def _measure(work: LeadWork, panels: Panels, period: Period) -> None:
    report = work.report(period)
    counted = _medians(lambda: work.report(period))
    drawn = _medians(lambda: [svg(panels.plot(each, report, "")) for each in panels.panels.values()])
    print(f"{period.days:2} days: counted in {counted}, all plots drawn in {drawn}")


def _medians(work: Callable[[], Any]) -> str:
    """How long it takes, and how long the processor works for it here, which says more on a machine that has other things to do."""
    times = []
    for _ in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - begun, time.process_time() - worked))
    taken, busy = (statistics.median(each) * 1000 for each in zip(*times))
    return f"{taken:.0f} ms ({busy:.0f} ms of work)"


if __name__ == "__main__":
    main()
