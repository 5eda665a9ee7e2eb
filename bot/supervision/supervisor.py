"""Keeps the services of a roster running until it is asked to stop, or until one of them has no prospect of ever starting."""

from __future__ import annotations

import glob
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bot.supervision.child import Child, bound_log
from bot.supervision.course import Course
from bot.supervision.roster import Roster, Service

_TICK = 0.2
_LOOK_AT_LOGS = 5.0


@dataclass
class _Place:
    """Where one process of a service is kept running; while it is renewed, its successor comes up beside it."""

    service: Service
    course: Course
    child: Child | None = None
    start_at: float = 0.0
    successor: tuple[Child, Course] | None = None


class Supervisor:
    """Supervises from ``run`` on.

    Args:
        roster: what is kept running.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._places = [_Place(service, Course(roster.waits)) for service in roster.services]
        self._leaving: list[Child] = []
        self._to_renew: list[_Place] = []
        self._failure: str | None = None
        self._asked_to_stop = 0
        self._asked_to_renew = False
        self._announced = False
        self._begun = self._looked_at_logs = time.monotonic()

    def run(self) -> int:
        """Returns an exit code: 0 if it was asked to stop, 1 if there was no use in going on."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_renew)
        while not (self._is_stopping and not self._children()):
            self._tick(time.monotonic())
            time.sleep(_TICK)
        if self._failure is not None:
            say(self._failure)
        return 1 if self._failure else 0

    @property
    def _is_stopping(self) -> bool:
        return self._asked_to_stop > 0 or self._failure is not None

    def _on_stop(self, *_: object) -> None:
        self._asked_to_stop += 1

    def _on_renew(self, *_: object) -> None:
        self._asked_to_renew = True

    def _tick(self, now: float) -> None:
        for place in self._places:
            self._listen(place, now)
            self._bury(place, now)
            self._start(place, now)
        self._leaving = [child for child in self._leaving if not self._is_over(child)]
        if self._is_stopping:
            self._stop_in_order(now)
        else:
            self._renew(now)
            self._announce(now)
        for child in self._children():
            overdue = child.stopping_since is not None and now - child.stopping_since > self._roster.waits.stop
            if not child.was_killed and (overdue or self._asked_to_stop > 1):
                child.kill()
        if now - self._looked_at_logs > _LOOK_AT_LOGS:
            self._looked_at_logs = now
            for log in {service.log for service in self._roster.services if service.log}:
                bound_log(log)

    def _children(self) -> list[Child]:
        current = [place.child for place in self._places if place.child is not None]
        return [*current, *(place.successor[0] for place in self._places if place.successor), *self._leaving]

    def _listen(self, place: _Place, now: float) -> None:
        for child, course in _courses(place):
            if child.listen():
                course.heard(now)
            asked = child.was_killed or child.stopping_since is not None
            trouble = None if asked or child.code() is not None else course.trouble(now)
            if trouble:
                say(f"the {place.service.name} {trouble}; it is ended")
                child.kill()

    def _bury(self, place: _Place, now: float) -> None:
        """Sees to a process that has ended."""
        child = place.child
        if child is None or (code := child.code()) is None:
            return
        self._is_over(child)
        place.child = None
        if self._is_stopping:
            return
        wait = place.course.ended(now)
        if place.service.vital and place.course.is_hopeless(code):
            self._failure = f"the {place.service.name} cannot be started ({_manner(code)}); {_reason(place.service)}"
            return
        place.start_at = now + wait
        again = f"again in {wait:.0f} s" if wait else "again now"
        say(f"the {place.service.name} ended ({_manner(code)}) and is started {again}; {_reason(place.service)}")

    def _start(self, place: _Place, now: float) -> None:
        # What is not needed must not make those wait who are.
        is_due = now >= place.start_at and (place.service.vital or self._announced)
        if place.child is None and is_due and not self._is_stopping:
            place.child = Child(place.service)
            place.course.started(now)

    def _stop_in_order(self, now: float) -> None:
        alive = [(place.service.stops, child) for place in self._places for child, _ in _courses(place)]
        first = min((order for order, _ in alive), default=0)
        for order, child in alive:
            if order == first:
                child.stop(now)
        for place in self._places:
            if place.successor is not None:
                self._leaving.append(place.successor[0])
                place.successor = None

    def _renew(self, now: float) -> None:
        """Replaces processes one after the other; each new one is ready before its predecessor is asked to go."""
        if self._asked_to_renew:
            self._asked_to_renew = False
            self._to_renew = list(self._places)
        if not self._to_renew:
            return
        place = self._to_renew[0]
        if place.child is None:
            # It is being started again anyway.
            self._to_renew.pop(0)
        elif place.successor is None:
            child, course = Child(place.service), Course(self._roster.waits)
            course.started(now)
            place.successor = child, course
        elif place.successor[0].code() is not None:
            self._is_over(place.successor[0])
            place.successor = None
            self._to_renew.clear()
            say(f"the new {place.service.name} did not start, and the old one goes on; {_reason(place.service)}")
        elif place.successor[1].ready:
            self._leaving.append(place.child)
            place.child.stop(now)
            place.child, place.course = place.successor
            place.successor = None
            self._to_renew.pop(0)
            say(f"the {place.service.name} was renewed")

    def _announce(self, now: float) -> None:
        if self._announced:
            return
        if all(place.course.ready for place in self._places if place.service.vital) and answers(self._roster.host, self._roster.port):
            self._announced = True
            for line in self._roster.announcement:
                say(line)
        elif now - self._begun > self._roster.waits.start:
            self._announced = True
            address = f"http://{self._roster.host}:{self._roster.port}/health/ready"
            say(f"not ready after {now - self._begun:.0f} s; {address} says what is missing")

    def _is_over(self, child: Child) -> bool:
        if child.code() is None:
            return False
        child.close()
        if self._roster.metrics is not None:
            # What prometheus_client's mark_process_dead does, without importing it.
            for file in glob.glob(os.path.join(glob.escape(self._roster.metrics), f"gauge_live*_{child.pid}.db")):
                os.unlink(file)
        return True


def _courses(place: _Place) -> Iterator[tuple[Child, Course]]:
    if place.child is not None:
        yield place.child, place.course
    if place.successor is not None:
        yield place.successor


def _manner(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _reason(service: Service) -> str:
    return f"{service.log} says why" if service.log else "the lines above say why"


def answers(host: str, port: int) -> bool:
    """Whether ``/health/ready`` says yes."""
    try:
        with socket.create_connection((host, port), timeout=4) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def say(text: str) -> None:
    """Tells whoever started this."""
    print(f"baitiao: {text}", flush=True)
