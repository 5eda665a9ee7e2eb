"""The customers and the rehearsal that an experiment needs before it may start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from actions.core.observations import milliseconds
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from ops.experiments.folder import ExperimentFolder

HOUR = 3_600_000


def rehearsal(folder: ExperimentFolder, **variant: Any) -> Mapping[str, Any]:
    played = {"conversations": 300, "failed": 2, "problems": [], "differing": 0}
    return {"hash": folder.hash, "arms": {"control": played, "short": {**played, "differing": 280, **variant}}}


def customers(database: Database, count: int, cause: str = "overdue", ended: int = 0) -> None:
    now = milliseconds(real_now())
    rows = []
    for number in range(count):
        at = now - 20 * 24 * HOUR + number
        common = {"ref": f"r-{number}", "episode": 1, "dims": {}, "rolled": True}
        rows.append({**common, "at": at, "seq": 1, "kind": "found", "value": cause})
        if number < ended:
            rows.append({**common, "at": at + HOUR, "seq": 2, "kind": "end", "value": "resolved"})
    with database.session() as session:
        session.execute(insert(OBSERVATIONS), rows)
