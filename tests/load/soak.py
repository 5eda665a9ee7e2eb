"""``make soak``: many customers at once for long, while parts of `baitiao up` are killed or renewed, and what the database says afterwards.

Fails if a message was lost, answered twice or with nothing, or stored out of order, a case was not handed over exactly once, or memory grows.
Customers, `up` and its database all run on this machine, on 127.0.0.1.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from actions.settings import Settings
from actions.state.database import Database
from bot.engine.training import is_stale
from tests.load.assistants import ours
from tests.load.ledger import Ledger, audit, kilobytes, sizes, work
from tests.load.patient import VISIT, Crowd
from tests.load.trouble import Trouble
from tests.load.watching import Watch
from tests.postgres_server import postgres_server

AT_ONCE = 128
MOST_CUSTOMERS = 2000
MOST_GROWTH = 5.0
"""Percent."""
LONG = 240.0
"""Seconds of a run after which growth says something: a process that has just begun grows, whatever it does."""
REPORT = Path("var/soak.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs, prints a table, saves the figures, and returns the exit code."""
    asked = options(arguments)
    # However this is ended, what it has started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if is_stale():
        # `up` would train, and that is not what is to be measured.
        print("the model is not of this program's data: `make train` first", file=sys.stderr)
        return 1
    print(f"{os.cpu_count()} processors, customers included; load before: {os.getloadavg()[0]:.1f}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        report, faults = soak(folder, asked)
    for what, value in report.items():
        print(f"  {what}: {value}")
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    for fault in faults:
        print(f"FAULT: {fault}", file=sys.stderr)
    return 1 if faults else 0


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for, read from the command line."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--customers", type=int, default=AT_ONCE, help=f"at once ({AT_ONCE})")
    parser.add_argument("--turns", type=int, help="messages after which they stop; 10000 unless --minutes says when")
    parser.add_argument("--minutes", type=float, help="after which they stop")
    parser.add_argument("--workers", type=int, default=0, help="web servers over a PostgreSQL of their own; without it one over SQLite")
    parser.add_argument(
        "--kill-every", type=float, metavar="S", help="end a part hard every so many seconds, web and action servers in turn"
    )
    parser.add_argument("--renew-every", type=float, metavar="S", help="renew all parts one after the other every so many seconds")
    parser.add_argument("--folder", type=Path, help="an empty one, in which logs, and SQLite's database, are kept")
    parser.add_argument("--seed", type=int, default=1, help="of what customers write")
    asked = parser.parse_args(arguments)
    if asked.turns is None and asked.minutes is None:
        asked.turns = 10000
    return asked


def soak(folder: Path, asked: argparse.Namespace, most_kills: int | None = None) -> tuple[dict[str, Any], list[str]]:
    """The figures of one run, and a sentence for everything that may not be.

    Args:
        folder: for databases and logs.
        asked: as ``options`` reads it.
        most_kills: after which parts are let be.
    """
    with _database(folder, asked.workers) as address:
        database = Database(address)
        customers = max(2 * asked.customers, min(MOST_CUSTOMERS, (asked.turns or MOST_CUSTOMERS * VISIT) // VISIT))
        seconds = asked.minutes and asked.minutes * 60
        workers = ["--workers", str(asked.workers)] if asked.workers else []
        settings = {Settings.variable("database_url"): address}
        try:
            with ours(folder, folder / "log", *workers, customers=customers, **settings) as assistant:
                # The first answer was somebody else's; `u-0` begins anew with it.
                crowd = Crowd(assistant.url, asked.customers, customers, asked.seed, asked.turns, seconds, first=1)
                supervisor, size, before = assistant.processes[0].pid, kilobytes(database), work(database)
                trouble = Trouble(supervisor, crowd.more, asked.kill_every, asked.renew_every, most_kills)
                with Watch(supervisor, database, _server(database)) as watch, trouble:
                    crowd.run()
                after = work(database)
            ledger = audit(database, crowd.asked, apart=("u-0",))
            report = _table(crowd, ledger, watch, trouble)
            report["parts renewed"] = (folder / "log").read_text("utf-8", "replace").count(" was renewed")
            report["database, KB a turn"] = round((kilobytes(database) - size) / max(1, ledger.answered), 2)
            report["database, transactions a turn"] = round((after[0] - before[0]) / max(1, ledger.answered), 1)
            report["database, KB of its log a turn"] = round((after[1] - before[1]) / max(1, ledger.answered), 1)
            report["rows and KB of tables"] = {name: f"{rows}, {many:.0f} KB" for name, (rows, many) in sizes(database).items()}
        finally:
            database.close()
    return report, _faults(ledger, watch, crowd)


@contextlib.contextmanager
def _database(folder: Path, workers: int) -> Iterator[str]:
    if workers:
        with postgres_server(durable=True) as address:
            yield address
    else:
        yield f"sqlite:///{folder}/soak.db"


def _server(database: Database) -> int | None:
    """The first process of PostgreSQL."""
    if not database.is_shared:
        return None
    with database.session() as session:
        where = str(session.execute(text("SHOW data_directory")).scalar_one())
    return int((Path(where) / "postmaster.pid").read_text().split()[0])


def _table(crowd: Crowd, ledger: Ledger, watch: Watch, trouble: Trouble) -> dict[str, Any]:
    took = [one.answered - one.attempts[0] for one in crowd.asked if one.answered is not None]
    seconds = max(0.001, crowd.ended - crowd.begun)
    served = [again for again in (_served_again(crowd, kill.at) for kill in trouble.kills) if again is not None]
    return {
        "customers at once": crowd.at_once,
        "messages": len(crowd.asked),
        "seconds": round(seconds, 1),
        "turns a second": round(ledger.answered / seconds, 1),
        "load after": round(os.getloadavg()[0], 1),
        "turn, ms": {"median": _ms(took, 0.5), "p95": _ms(took, 0.95), "slowest": _ms(took, 1.0)},
        "answered": ledger.answered,
        "refused": ledger.refused,
        "asked again": sum(max(0, len(one.attempts) - 1) for one in crowd.asked),
        "503": sum(one.unavailable for one in crowd.asked),
        "cut": sum(one.cut for one in crowd.asked),
        "shown as failed": sum(one.shown_failed for one in crowd.asked),
        "kills": {part: sum(kill.part == part for kill in trouble.kills) for part in {kill.part: None for kill in trouble.kills}},
        "kills left out, the part being away": trouble.left_out,
        "renewals asked for": trouble.renewals,
        "until somebody is served after a kill, s": {
            "median": round(statistics.median(served), 1) if served else None,
            "slowest": round(max(served), 1) if served else None,
        },
        "unanswered": ledger.unanswered,
        "lost": ledger.lost,
        "doubled": ledger.doubled,
        "empty": ledger.empty,
        "unordered": ledger.unordered,
        "cases handed over": ledger.handoffs,
        "cases not handed over exactly once": ledger.wrong_handoffs,
        "memory of lasting parts, MB": _from_to(watch.growth()),
        "largest, MB": {name: round(size) for name, size in watch.largest().items()},
        "open files of lasting parts": _from_to(watch.open_files()),
        "connections to the database at most": watch.connections(),
        "processor, ms a turn": {name: round(taken * 1000 / max(1, ledger.answered), 1) for name, taken in watch.processor.items()},
        "answer, KB": round(crowd.octets / 1024 / max(1, ledger.answered), 2),
    }


def _served_again(crowd: Crowd, at: float) -> float | None:
    """Seconds from an instant to the first answer to an attempt that began later."""
    answers = [one.answered for one in crowd.asked if one.answered is not None and one.attempts[-1] > at]
    return min(answers) - at if answers else None


def _ms(seconds: Sequence[float], share: float) -> int | None:
    return round(sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000) if seconds else None


def _from_to(pair: tuple[float, float] | None) -> str:
    if pair is None:
        return "none lasted"
    return f"{pair[0]:.0f} at the beginning, {pair[1]:.0f} at the end ({(pair[1] / max(1.0, pair[0]) - 1) * 100:+.1f} %)"


def _faults(ledger: Ledger, watch: Watch, crowd: Crowd) -> list[str]:
    found = [
        f"{many} messages were {what}"
        for what, many in vars(ledger).items()
        if what in ("unanswered", "lost", "doubled", "empty", "unordered") and many
    ]
    if ledger.wrong_handoffs:
        found.append(f"{ledger.wrong_handoffs} cases were not handed over exactly once")
    if ledger.whose:
        found.append(f"look at {', '.join(ledger.whose[:20])}")
    if not crowd.asked or not ledger.answered:
        found.append("nobody was answered")
    grown = watch.growth()
    if grown is not None and crowd.ended - crowd.begun >= LONG and grown[1] > grown[0] * (1 + MOST_GROWTH / 100):
        found.append(f"memory grew from {grown[0]:.0f} to {grown[1]:.0f} MB, more than {MOST_GROWTH:.0f} %")
    return found


if __name__ == "__main__":
    sys.exit(main())
