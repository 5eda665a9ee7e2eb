"""A world whose regions are complained from for weeks, with a policy that begins in one of them; what it changes is planted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from actions.core.moments import SHANGHAI
from actions.core.observations import milliseconds
from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from actions.state.world.loading import load_world_data
from actions.state.world.tables import store_now
from conversations.healthy_world import healthy

BEGAN = datetime(2026, 10, 12, tzinfo=SHANGHAI)
NOW = BEGAN + timedelta(weeks=5, hours=-12)
"""Four weeks later, of which what is known after three days is known."""
REGIONS = ("广东", "北京", "上海", "浙江", "江苏", "四川", "湖北", "福建")
POLICY = {"id": "p-gd", "kind": "adjustment", "regions": ["广东"], "effective_from": "2026-10-12", "notice": "规则调整"}
HOUR = 3_600_000
_DAY = 24 * HOUR


def world(database: Database, *policies: Mapping[str, Any], residents: int = 150, **more: Any) -> None:
    """Customers in every region, and policies; time runs."""
    load_world_data(database, healthy())
    users = [{"id": f"{region}-{number}", "region": region} for region in REGIONS for number in range(residents)]
    load_world_data(database, {"users": users, "policies": list(policies or [POLICY]), **more})
    with database.session() as session:
        store_now(session, None)


def complaints(
    database: Database,
    rates: Mapping[str, float] | None = None,
    after: float = 0.0,
    more: float = 1.0,
    weeks: int = 13,
    a_week: int = 60,
    seed: int = 1,
    until: datetime = NOW,
) -> None:
    """Customers of every region who complain, some of whom go to a person.

    Args:
        rates: how many go to one, by region.
        after: added to it in 广东 once the policy has begun there; ``more``: times as many who come there then.
        weeks: before the begin; a week more lets what is known later be counted, too.
    """
    random, begin, rows = np.random.default_rng(seed), milliseconds(BEGAN), []
    for week in range(-weeks - 2, (milliseconds(until) - begin) // (7 * _DAY) + 1):
        for region in REGIONS:
            new = region == "广东" and week >= 0
            common = 0.02 * (week % 3)
            rate = (rates or {}).get(region, 0.2) + common + (after if new else 0.0)
            for number in range(int(random.poisson(a_week * (more if new else 1.0)))):
                at = begin + week * 7 * _DAY + int(random.integers(0, 7 * _DAY))
                row = {"ref": f"{region}/{week}/{number}", "episode": 1, "rolled": True, "dims": {"region": region}}
                rows.append({**row, "at": at, "seq": 1, "kind": "found", "value": "overdue"})
                if random.random() < rate:
                    rows.append({**row, "at": at + HOUR, "seq": 2, "kind": "handoff", "value": "requested", "dims": {"queue": "general"}})
    with database.session() as session:
        session.execute(insert(OBSERVATIONS), [row for row in rows if row["at"] < milliseconds(until)])
