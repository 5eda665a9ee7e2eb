"""Numbers for operators, in Prometheus' text format."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from actions.threads import reading

_SECONDS = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0)


_PATIENCE = 3.0
"""Seconds for what the database keeps."""
logger = logging.getLogger(__name__)


async def looked_up(kept: Callable[[], bytes]) -> bytes:
    """Numbers that are kept in the database; nothing while it is away, which is when those that are counted here must be seen.

    Args:
        kept: reads them, blocking.
    """
    try:
        return await asyncio.wait_for(reading(kept), _PATIENCE)
    except Exception as error:
        logger.warning("numbers that the database keeps are not shown: %s", type(error).__name__)
        return b""


class Metrics:
    """The counters of one server; no label ever holds a customer, a text or a token.

    Where ``PROMETHEUS_MULTIPROC_DIR`` names a folder, as ``up --workers`` makes it, several servers count together and each shows the sum.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("baitiao_turns", "Customers' messages by outcome", ["outcome"], registry=self.registry)
        self.turns_running = Gauge(
            "baitiao_turns_running",
            "Customers' messages that are being answered or wait for it",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.turn_seconds = Histogram("baitiao_turn_seconds", "Time of a turn, waiting included", registry=self.registry, buckets=_SECONDS)
        self.stage_seconds = Counter("baitiao_stage_seconds", "Time of turns by what it was spent on", ["stage"], registry=self.registry)
        self.requests = Counter("baitiao_requests", "HTTP requests", ["route", "method", "status"], registry=self.registry)
        self.request_seconds = Histogram(
            "baitiao_request_seconds", "Time of an HTTP request", ["route"], registry=self.registry, buckets=_SECONDS
        )
        self.ratings = Counter("baitiao_ratings", "Customers' ratings by score", ["score"], registry=self.registry)
        self.votes = Counter("baitiao_votes", "Customers' votes on answers; none: taken back", ["vote"], registry=self.registry)
        self.streams = Gauge("baitiao_streams", "Open event streams", registry=self.registry, multiprocess_mode="livesum")
        self.count_streams: Callable[[], int] = lambda: 0

    def text(self) -> bytes:
        """Everything counted so far."""
        self.refresh()
        registry = self.registry
        if values.ValueClass is not values.MutexValue:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
        return generate_latest(registry)

    def refresh(self) -> None:
        """Writes down what is not counted but looked up."""
        self.streams.set(self.count_streams())
