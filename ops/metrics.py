"""Numbers that the operators' half keeps in the database, in Prometheus' text format.

Every web server shows the same ones, whoever counted them: take the largest of several, not their sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from actions.core.observations import Kind
from actions.state import jobs
from actions.state.alerts import open_alerts
from actions.state.database import Database
from actions.state.tallies import totals
from actions.state.world.tables import facts_now
from ops.incidents.reading import open_rows
from ops.incidents.service import COMPONENTS

Family = Callable[[Session, datetime | None], Iterable[Metric]]
"""Of what is kept, at the instant at which the clock of the facts was made to stand still, if it was."""

_COUNTED: dict[Kind, tuple[str, str, str]] = {
    "found": ("baitiao_found", "Causes that diagnoses found; none: there was none", "cause"),
    "end": ("baitiao_ends", "Episodes by how they ended", "end"),
    "handoff": ("baitiao_handoffs", "Cases that went to a person, by reason", "reason"),
}


def observed(session: Session, _frozen: datetime | None) -> Iterator[Metric]:
    """How often was found, ended and handed over, since the database was made."""
    counts = totals(session, tuple(_COUNTED))
    for kind, (name, words, label) in _COUNTED.items():
        family = CounterMetricFamily(name, words, labels=[label])
        for (of_kind, value), count in sorted(counts.items()):
            if of_kind == kind:
                family.add_metric([value], count)
        yield family


def passes(session: Session, _frozen: datetime | None) -> Iterator[Metric]:
    """How the worker's passes fare."""
    seconds = GaugeMetricFamily("baitiao_worker_pass_seconds", "Time that a pass of the worker took the last time", labels=["pass"])
    last = GaugeMetricFamily(
        "baitiao_worker_last_pass", "When a pass of the worker last ended well, in seconds of the epoch", labels=["pass"]
    )
    failures = CounterMetricFamily("baitiao_worker_pass_failures", "Passes of the worker that failed", labels=["pass"])
    for job in jobs.every_job(session):
        failures.add_metric([job.name], job.failures)
        if job.seconds is not None:
            seconds.add_metric([job.name], job.seconds)
        if job.last_success is not None:
            last.add_metric([job.name], job.last_success / 1000)
    yield from (seconds, last, failures)


def going_on(session: Session, frozen: datetime | None) -> Iterator[Metric]:
    """What somebody should be looking at now: alerts that are not over, and incidents that customers are told of."""
    alarms = sum(alert.level == "alarm" for alert in open_alerts(session))
    yield GaugeMetricFamily("baitiao_alerts_open", "Alerts that are not over; those that only inform are not counted", value=alarms)
    counts: Counter[str] = Counter(row.component for row in open_rows(session, facts_now(session, frozen)))
    incidents = GaugeMetricFamily("baitiao_incidents_open", "Incidents that are declared and not over", labels=["component"])
    for component in COMPONENTS:
        incidents.add_metric([component], counts[component])
    yield incidents


FAMILIES: tuple[Family, ...] = (observed, passes, going_on)


class _Read(Collector):
    """What was read just now."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> list[Metric]:
        """All of it."""
        return self._found


def text(database: Database, frozen: datetime | None = None) -> bytes:
    """Everything that is kept; blocking.

    Args:
        frozen: where the clock of the facts was made to stand still; None: it is the world's own.
    """
    registry = CollectorRegistry(auto_describe=False)
    with database.session() as session:
        registry.register(_Read([metric for family in FAMILIES for metric in family(session, frozen)]))
    return bytes(generate_latest(registry))
