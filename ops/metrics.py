"""Numbers that the operators' half keeps in the database, in Prometheus' text format.

Every web server shows the same ones, whoever counted them: take the largest of several, not their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from actions.core.observations import Kind
from actions.state import jobs
from actions.state.database import Database
from actions.state.tallies import totals

Family = Callable[[Session], Iterable[Metric]]

_COUNTED: dict[Kind, tuple[str, str, str]] = {
    "found": ("baitiao_found", "Causes that diagnoses found; none: there was none", "cause"),
    "end": ("baitiao_ends", "Episodes by how they ended", "end"),
    "handoff": ("baitiao_handoffs", "Cases that went to a person, by reason", "reason"),
}


def observed(session: Session) -> Iterator[Metric]:
    """How often was found, ended and handed over, since the database was made."""
    counts = totals(session, tuple(_COUNTED))
    for kind, (name, words, label) in _COUNTED.items():
        family = CounterMetricFamily(name, words, labels=[label])
        for (of_kind, value), count in sorted(counts.items()):
            if of_kind == kind:
                family.add_metric([value], count)
        yield family


def passes(session: Session) -> Iterator[Metric]:
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


FAMILIES: tuple[Family, ...] = (observed, passes)


class _Read(Collector):
    """What was read just now."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> list[Metric]:
        """All of it."""
        return self._found


def text(database: Database) -> bytes:
    """Everything that is kept; blocking."""
    registry = CollectorRegistry(auto_describe=False)
    with database.session() as session:
        registry.register(_Read([metric for family in FAMILIES for metric in family(session)]))
    return bytes(generate_latest(registry))
