"""What observations cost a turn: the same turns are stored with them and without, in turn, by the processor's time.

``python -m tests.load.observing`` fails if they make the storing of a turn slower by more than a millisecond in the median.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from unittest import mock

from actions.state import conversations, observations
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from tests.databases import migrated

MOST_MS = 1.0
CUSTOMERS = 50
_EVIDENCE = [{"fact": f"incidents[i-1].{name}", "value": "x"} for name in ("component", "severity", "started_at")]
_CAUSES = [{"id": "incident_outage", "evidence": _EVIDENCE}, {"id": "overdue", "evidence": [{"fact": "baitiao.overdue", "value": 88.8}]}]
TURN = (
    MessageDraft("user", "没有分期", intent="installment_missing", action="action_diagnose"),
    MessageDraft("bot", "x", data={"type": "diagnosis", "order": "o", "bill": None, "causes": _CAUSES}),
    MessageDraft("bot", "x", data={"type": "step", "cause": "overdue", "step": 1, "steps": 2}),
)
"""A complaint with two causes and the first step, of which more is observed than of most turns."""


def measured(folder: Path, turns: int) -> tuple[float, float]:
    """Milliseconds of a turn in the median, with observations and without."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    stores = {observed: migrated(f"sqlite:///{folder}/{observed}.db") for observed in taken}
    for number in range(2 * turns):
        observed = number % 2 == 0
        taken[observed].append(_stored(stores[observed], f"u-{number // 2 % CUSTOMERS}", observed))
    for store in stores.values():
        store.close()
    return median(taken[True]), median(taken[False])


def _stored(database: Database, user: str, observed: bool) -> float:
    observe = observations.observe if observed else lambda *_: None
    with mock.patch.object(observations, "observe", observe):
        begun = time.process_time()
        with database.session() as session:
            conversations.append(session, user, TURN)
        return (time.process_time() - begun) * 1000


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints it."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.observing", description=__doc__)
    parser.add_argument("--turns", type=int, default=2000, help="of either kind")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        observed, plain = measured(Path(folder), given.turns)
    cost = observed - plain
    print(json.dumps({"turns": given.turns, "with_ms": round(observed, 2), "without_ms": round(plain, 2), "cost_ms": round(cost, 2)}))
    if cost > MOST_MS:
        sys.exit(f"observations cost a turn {cost:.2f} ms in the median, more than {MOST_MS:g}")


if __name__ == "__main__":
    main()
