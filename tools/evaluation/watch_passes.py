"""How long a pass of the live watch takes: at 1000 complaints an hour and 120 streams, with 28 days of history.

``python -m tools.evaluation.watch_passes SEED [--per-hour 1000] [--days 28]``; fails if a pass takes longer than a second.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from actions.knowledge.store import KnowledgeStore
from actions.settings import Settings
from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from actions.state.world.facts import SqlFacts
from ops.watch.complaints import DiagnosedComplaint
from ops.watch.drafts import declared_incidents, draft_incident
from ops.watch.live import LiveWatch
from ops.worker import Surroundings
from tools.evaluation.complaint_traffic import BEGIN, ComplaintTraffic, Injected, Setting

LONGEST = 1.0
"""Seconds of a pass."""
_STREAMS = 120
_WATCHED = 120
"""Minutes that are gone through one by one."""
_TROUBLE = 30
_AT_ONCE = 20_000
_LISTS = {"merchant": "merchants", "category": "categories"}


@dataclass
class _Clock:
    now: int = 0

    def __call__(self) -> int:
        return self.now


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints how long passes took."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation.watch_passes", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--per-hour", type=float, default=1000)
    parser.add_argument("--days", type=float, default=28)
    given = parser.parse_args(arguments)
    start = int(given.days * 1440)
    traffic = ComplaintTraffic(Setting(per_hour=given.per_hour, streams=_STREAMS), given.seed, {"target": 0.03})
    trouble = Injected("target", start + _TROUBLE, _WATCHED, 5, merchant="m-7")
    complaints = traffic.complaints((start + _WATCHED) / 10_080, [trouble])
    with TemporaryDirectory() as folder:
        caught_up, passes = _measured(Path(folder), complaints, start)
    print(
        f"{len(complaints)} complaints, {_STREAMS} streams: caught up in {sum(caught_up):.0f} s of {len(caught_up)} passes, the longest {max(caught_up):.2f} s"
    )
    print(f"a minute's pass: median {median(passes):.3f} s, longest {max(passes):.3f} s")
    if max(*caught_up, *passes) > LONGEST:
        sys.exit(f"a pass took longer than {LONGEST:.0f} s")


def _measured(folder: Path, complaints: Sequence[DiagnosedComplaint], start: int) -> tuple[list[float], list[float]]:
    database = Database(f"sqlite:///{folder / 'watch.db'}")
    database.migrate()
    rows = list(_rows(complaints))
    for first in range(0, len(rows), _AT_ONCE):
        with database.session() as session:
            session.execute(insert(OBSERVATIONS), rows[first : first + _AT_ONCE])
    clock = _Clock(_millis(start) + 6000)
    watch = LiveWatch(draft_incident, declared_incidents, clock)
    here = Surroundings(database, KnowledgeStore(), SqlFacts, Settings.read_without_secrets())
    caught_up = [_timed(watch, here)]
    while watch.behind:
        caught_up.append(_timed(watch, here))
    passes = []
    for minute in range(1, _WATCHED):
        clock.now = _millis(start + minute) + 6000
        passes.append(_timed(watch, here))
    database.close()
    return caught_up, passes


def _timed(watch: LiveWatch, here: Surroundings) -> float:
    begun = time.perf_counter()
    watch.look(here)
    return time.perf_counter() - begun


def _rows(complaints: Sequence[DiagnosedComplaint]) -> Iterator[dict[str, object]]:
    for seq, each in enumerate(complaints):
        dims: dict[str, object] = {}
        for dim, values in groupby(sorted(each.values), key=lambda value: value[0]):
            listed = [value for _, value in values]
            dims[_LISTS.get(dim, dim)] = listed if dim in _LISTS else listed[0]
        for cause in each.streams:
            at = round(each.at * 1000)
            yield {"at": at, "ref": each.customer, "seq": seq, "kind": "found", "value": cause, "dims": dims, "rolled": True}


def _millis(minute: int) -> int:
    return (BEGIN + minute * 60) * 1000


if __name__ == "__main__":
    main()
