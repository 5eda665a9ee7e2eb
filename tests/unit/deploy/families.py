"""Every family of numbers that a web server shows: what it counts, and what is kept in the database."""

from __future__ import annotations

from prometheus_client.core import Metric

from bot.web.metrics import Metrics
from ops.metrics import FAMILIES
from tests.databases import migrated


def families() -> list[Metric]:
    """All of them; of what is kept, as in an empty database."""
    database = migrated("sqlite://")
    with database.session() as session:
        kept = [family for found in FAMILIES for family in found(session, None)]
    database.close()
    return [*Metrics().registry.collect(), *kept]
