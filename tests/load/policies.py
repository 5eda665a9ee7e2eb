"""Policies at length: rehearsals against what comes, over hundreds of random worlds of every kind; samples that cover the truth; and how long one takes.

``python -m tests.load.policies`` fails if a rehearsal is wrong in any world, if intervals of samples cover the truth in fewer than 93 of 100 draws,
or if 10,000 orders take longer than 30 seconds of the processor or memory that grows with them.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from actions.core.platform import POLICY_FIELDS
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.yaml_source import Source
from conversations.application import project_knowledge
from ops.policies.dry_run import dry_run
from ops.policies.sampling import draw
from tests.load.world import world
from tests.unit.ops.policies.random_worlds import cases, rehearsal_is_true

LONGEST = 30.0
"""Seconds of the processor for 10,000 subjects."""
MOST_GROWTH = 60
"""MB by which a rehearsal of all may exceed one of a tenth."""
LEAST_COVERED = 0.93
DAY = date(2026, 12, 1)
POLICY = {"policies": [{"id": "p-new", "kind": "max_amount", "amount": 900, "effective_from": "2026-12-01"}]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Goes through all three; the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=300, help="random worlds of each kind of policy")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--subjects", type=int, default=10_000)
    options.add_argument("--draws", type=int, default=500)
    given_ = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'policies.db'}")
        database.migrate()
        _true(database, given_.worlds, given_.seed)
        fast = _fast(database, given_.subjects)
        covered = _covered(database, given_.draws)
        database.close()
    return 0 if fast and covered else 1


def _true(database: Database, worlds: int, first: int) -> None:
    knowledge = project_knowledge()
    for kind in sorted(POLICY_FIELDS) if worlds else ():
        begun, seen = time.monotonic(), 0

        @seed(first)
        @settings(max_examples=worlds, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(cases(kind))
        def check(case: tuple[dict[str, Any], dict[str, Any], date]) -> None:
            nonlocal seen
            seen += 1
            rehearsal_is_true(database, knowledge, *case)

        check()
        print(f"{kind}: {seen} worlds, every rehearsal equal to what came, {time.monotonic() - begun:.0f} s", flush=True)


def _world(customers: int, orders: int) -> dict[str, Any]:
    """As many customers and orders, under the policies of the demo."""
    demo = Source.read(Path(__file__).parents[2] / "demo" / "world.yml").data
    return {**world(customers, orders), "policies": demo["policies"]}


def _fast(database: Database, subjects: int) -> bool:
    grown = []
    spent = 0.0
    for some in (max(1, subjects // 10), subjects):
        load_world_data(database, _world(some, some), replace=True)
        gc.collect()
        before, begun = _resident(), time.process_time()
        with database.session() as session:
            found = dry_run(session, project_knowledge(), Source("policy.yml", json.dumps(POLICY)), DAY)
        spent = time.process_time() - begun
        grown.append(_resident() - before)
        print(
            f"{found.subjects} subjects: {spent:.1f} s of the processor, {len(found.lose)} lose the option, {grown[-1]:.0f} MB more",
            flush=True,
        )
    return spent <= LONGEST * max(1.0, subjects / 10_000) and grown[1] - grown[0] <= MOST_GROWTH


def _covered(database: Database, draws: int) -> bool:
    knowledge, source = project_knowledge(), Source("policy.yml", json.dumps(POLICY))
    load_world_data(database, _world(600, 600), replace=True)
    with database.session() as session:
        whole = dry_run(session, knowledge, source, DAY)
        # What a subject is does not depend on who else was drawn: the rows of the whole stand for those of every sample.
        hits = 0
        for number in range(draws):
            drawn = draw(session, 120, number)
            wanted = {subject.id for subjects in drawn.wanted.values() for subject in subjects}
            rows = tuple(row for row in whole.lose if row["order"] in wanted)
            lose = drawn.estimates(type(whole)(**{**vars(whole), "lose": rows}))["estimates"]["lose"]
            hits += lose["low"] <= len(whole.lose) <= lose["high"]
    print(f"intervals of samples cover the truth in {hits} of {draws} draws")
    return not draws or hits >= LEAST_COVERED * draws


def _resident() -> float:
    """The most memory of this process until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
