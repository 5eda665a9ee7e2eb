"""The worker: runs the passes of the operators' half, each again and again at its own pace.

Of several workers on one database exactly one runs a pass that is due: it is claimed by a conditional update. A pass that fails is logged,
counted and tried again, and keeps no other from running.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import structlog

from actions.bootstrap import Application
from actions.knowledge.store import KnowledgeStore
from actions.settings import Settings
from actions.state import jobs
from actions.state.database import Database
from actions.state.world.facts import FactsFactory

log = structlog.get_logger()

_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Surroundings:
    """What a pass works with, as the application was composed.

    Attributes:
        database: conversations, observations, and the world unless the facts come from elsewhere.
        knowledge: what the assistant knows.
        facts: makes the source of the customers' state within a session.
        settings: as they were when the worker began.
    """

    database: Database
    knowledge: KnowledgeStore
    facts: FactsFactory
    settings: Settings

    @classmethod
    def of(cls, here: Application) -> Surroundings:
        """Those of an application."""
        return cls(here.database, here.knowledge, here.facts, here.settings)


@dataclass(frozen=True)
class Pass:
    """Work that is done again and again.

    Attributes:
        name: by which workers agree on it, and operators know it.
        every: seconds from one begin to the next.
        run: does it once, in short transactions; it may be ended at any moment.
    """

    name: str
    every: float
    run: Callable[[Surroundings], object]


class Worker:
    """Runs passes until it is stopped.

    Args:
        surroundings: what they work with.
        passes: what there is to be done.
    """

    def __init__(self, surroundings: Surroundings, passes: Sequence[Pass]) -> None:
        self._surroundings = surroundings
        self._passes = tuple(passes)
        self._holder = f"{os.uname().nodename}:{os.getpid()}"
        self._stopped = Event()

    def stop(self) -> None:
        """Lets ``run`` return after the pass under way."""
        self._stopped.set()

    def run(self, every_look: Callable[[], object] = lambda: None) -> None:
        """Works until stopped.

        Args:
            every_look: what else is to be done about every second.
        """
        while not self._stopped.is_set():
            every_look()
            self.look()
            self._stopped.wait(_LOOK_SECONDS)

    def look(self) -> int:
        """Runs every pass that is due; returns how many this worker ran."""
        ran = 0
        for each in self._passes:
            if self._stopped.is_set():
                break
            try:
                ran += self._run_if_due(each)
            except Exception as error:
                # The database is away; the next look tries again.
                log.warning("worker.look_failed", name=each.name, error=type(error).__name__)
        return ran

    def _run_if_due(self, work: Pass) -> bool:
        with self._surroundings.database.session() as session:
            if not jobs.claim(session, work.name, self._holder):
                return False
        begun = time.monotonic()
        error: str | None = None
        try:
            work.run(self._surroundings)
        except Exception as raised:
            error = type(raised).__name__
            log.error("worker.pass_failed", name=work.name, error=error, exc_info=raised)
        with self._surroundings.database.session() as session:
            jobs.finish(session, work.name, self._holder, work.every, time.monotonic() - begun, error)
        return True
