"""The worker: runs the passes of the operators' half, each again and again at its own pace.

Of several workers on one database exactly one runs a pass that is due: it is claimed by a conditional update. A pass that fails is logged,
counted and tried again, and keeps no other from running.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread

import structlog

from actions.bootstrap import Application
from actions.experiments.running import RunningExperiments
from actions.knowledge.store import KnowledgeStore
from actions.settings import Settings
from actions.state import jobs
from actions.state.database import Database
from actions.state.world.facts import FactsFactory

log = structlog.get_logger()

LOOK_SECONDS = 1.0
_GRACE_SECONDS = 3.0


@dataclass(frozen=True)
class Surroundings:
    """What a pass works with, as the application was composed.

    Attributes:
        database: conversations, observations, and the world unless the facts come from elsewhere.
        knowledge: what the assistant knows.
        facts: makes the source of the customers' state within a session.
        settings: as they were when the worker began.
        experiments: in whose words customers are told, once somebody has looked.
    """

    database: Database
    knowledge: KnowledgeStore
    facts: FactsFactory
    settings: Settings
    experiments: RunningExperiments

    @classmethod
    def of(cls, here: Application) -> Surroundings:
        """Those of an application."""
        return cls(here.database, here.knowledge, here.facts, here.settings, here.experiments)


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
    """Runs passes until it is stopped, each in a thread of its own, so that one that takes long or hangs keeps no other waiting.

    Args:
        surroundings: what they work with.
        passes: what there is to be done.
    """

    def __init__(self, surroundings: Surroundings, passes: Sequence[Pass]) -> None:
        self._surroundings = surroundings
        self._passes = tuple(passes)
        self._holder = f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopped = Event()
        self._running: dict[str, Thread] = {}
        self._renewed = 0.0

    def stop(self) -> None:
        """Lets ``run`` return soon."""
        self._stopped.set()

    def run(self, every_look: Callable[[], object] = lambda: None) -> None:
        """Works until stopped; what is under way then has a few seconds, and is done again by the next worker otherwise.

        Args:
            every_look: what else is to be done about every second.
        """
        while not self._stopped.is_set():
            every_look()
            try:
                self.look()
            except Exception as error:
                # The database is away; the next look tries again.
                log.warning("worker.look_failed", error=type(error).__name__)
            self._stopped.wait(LOOK_SECONDS)
        self.wait(_GRACE_SECONDS)

    def look(self) -> None:
        """Begins whatever is due and held by nobody."""
        self._running = {name: thread for name, thread in self._running.items() if thread.is_alive()}
        self._renew()
        idle = [each for each in self._passes if each.name not in self._running]
        with self._surroundings.database.session() as session:
            due = jobs.due(session, [each.name for each in idle])
        for each in idle:
            if each.name in due and self._claim(each):
                self._running[each.name] = Thread(target=self._do, args=(each,), name=each.name, daemon=True)
                self._running[each.name].start()

    def wait(self, seconds: float) -> None:
        """Waits until what is under way has ended, at most so long in all."""
        until = time.monotonic() + seconds
        for thread in self._running.values():
            thread.join(max(0.0, until - time.monotonic()))

    def _claim(self, work: Pass) -> bool:
        with self._surroundings.database.session() as session:
            return jobs.claim(session, work.name, self._holder)

    def _renew(self) -> None:
        now = time.monotonic()
        if self._running and now - self._renewed >= jobs.HELD_SECONDS / 3:
            with self._surroundings.database.session() as session:
                jobs.renew(session, list(self._running), self._holder)
            self._renewed = now

    def _do(self, work: Pass) -> None:
        begun = time.monotonic()
        error: str | None = None
        try:
            work.run(self._surroundings)
        except Exception as raised:
            error = type(raised).__name__
            log.error("worker.pass_failed", name=work.name, error=error, exc_info=raised)
        try:
            with self._surroundings.database.session() as session:
                jobs.finish(session, work.name, self._holder, work.every, time.monotonic() - begun, error)
        except Exception as raised:
            # Nobody renews it any more, so it is soon due again.
            log.warning("worker.finish_failed", name=work.name, error=type(raised).__name__)
