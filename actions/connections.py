"""How long a connection may keep either server waiting, and how many there may be: nobody can hold a place that others need.

Sanic 21.12 counts its timeouts from the last byte, so whoever sends one now and then is never ended; after an answer of its own it waits for
the rest of a body without any; and it takes connections until no file can be opened. Here each phase of a connection has an absolute end,
and when all places are taken, the one that has waited longest for its client makes room.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import MutableSet
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

import structlog
from sanic.exceptions import RequestTimeout, ServiceUnavailable
from sanic.request import Request
from sanic.server import HttpProtocol

log = structlog.get_logger()

MOST_CONNECTIONS = 4096
"""Open at once, if the limit of open files allows as many."""
_SHARE_OF_FILES = 0.75
"""The rest is for databases, the other server and files."""
_LOOK_SECONDS = 0.5
_MOST_LEFTOVERS = 16 * 1024 * 1024
"""Bytes of a body that nobody reads, thrown away so that its sender gets to read the answer."""


class Complaints:
    """Keeps whoever is refused again and again from filling the log.

    Args:
        most: lines a minute.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = float("-inf")
        self._written = 0

    def may_be_written(self) -> bool:
        """Whether this minute has room for one more line, which is then taken."""
        now = time.monotonic()
        if now - self._begun > 60:
            self._begun, self._written = now, 0
        self._written += 1
        return self._written <= self._most


class Phase(Enum):
    """What a connection is doing; the value says whether it waits for its client."""

    SILENT = ("nothing has come yet", True)
    IDLE = ("between two requests", True)
    HEAD = ("a head has begun to come", True)
    BODY = ("a body is awaited", True)
    ANSWER = ("the answer is being made", False)
    STREAM = ("the answer has begun and goes on", False)
    ENDING = ("the last of an answer is being sent", True)
    LEFTOVERS = ("answered; what still comes is thrown away", True)

    @property
    def waits(self) -> bool:
        """Whether it is the client's turn."""
        return bool(self.value[1])


@dataclass(frozen=True)
class Deadlines:
    """Seconds that a connection may spend in a phase, whatever comes meanwhile.

    Attributes:
        silent: until the first byte.
        idle: between two requests; longer than proxies keep a connection, so that none is closed as they begin to use it.
        head: from its first byte to its last.
        body: from when it is asked for to its last byte.
        answer: until an answer begins; turns end by themselves before that.
        stalled: while the client takes nothing of what is sent to it. Streams have no other end.
        ending: for the last of an answer once the connection is to end.
        leftovers: for what a client still sends after it was refused.
    """

    silent: float = 10.0
    idle: float = 75.0
    head: float = 10.0
    body: float = 20.0
    answer: float = 60.0
    stalled: float = 60.0
    ending: float = 15.0
    leftovers: float = 2.0

    def of(self, phase: Phase) -> float:
        """The seconds of a phase."""
        return float("inf") if phase is Phase.STREAM else float(getattr(self, phase.name.lower()))


def most_connections() -> int:
    """How many connections this process may have open."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_CONNECTIONS if limit == resource.RLIM_INFINITY else max(1, min(MOST_CONNECTIONS, int(limit * _SHARE_OF_FILES)))


def vouch_for(request: Request) -> None:
    """Says that a request proved who sends it: its connection makes room for others only after those of strangers."""
    if request.conn_info is not None:
        request.conn_info.ctx.known = True


class Places:
    """The connections of one server, and which of them can make room.

    Args:
        most: how many may be open.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # Ordered by since when they wait.
        self._strangers: dict[BoundedProtocol, None] = {}
        self._known: dict[BoundedProtocol, None] = {}
        self._open: MutableSet[BoundedProtocol] = set()
        self._looking: asyncio.TimerHandle | None = None
        self._complaints = Complaints(1)

    def take(self, newcomer: BoundedProtocol) -> bool:
        """Gives a new connection a place; False if all are taken by connections that are being answered."""
        if len(self._open) >= self._most and not self._make_room():
            if self._complaints.may_be_written():
                log.warning("connections.full", most=self._most)
            return False
        self._open.add(newcomer)
        if self._looking is None:
            self._looking = newcomer.loop.call_later(_LOOK_SECONDS, self._look, newcomer.loop)
        return True

    def waits(self, connection: BoundedProtocol, waits: bool) -> None:
        """Notes that a connection begins to wait for its client, or does so no longer."""
        self._strangers.pop(connection, None)
        self._known.pop(connection, None)
        if waits and connection in self._open:
            (self._known if connection.is_known else self._strangers)[connection] = None

    def leave(self, connection: BoundedProtocol) -> None:
        """Gives the place back."""
        self._open.discard(connection)
        self.waits(connection, False)

    def _make_room(self) -> bool:
        longest = next(iter(self._strangers), None) or next(iter(self._known), None)
        if longest is None:
            return False
        self.leave(longest)
        longest.cut()
        return True

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = loop.call_later(_LOOK_SECONDS, self._look, loop) if self._open else None
        for connection in list(self._open):
            connection.check_timeouts()


class BoundedProtocol(HttpProtocol):
    """Sanic's HTTP protocol, with an end to every phase and a bound to their number.

    Attributes:
        deadlines: how long each phase may last.
        unread: whether the client may still be sending what nobody will read.
    """

    __slots__ = ("_leftovers", "_phase", "_places", "_since", "_stalled_since", "unread")

    deadlines: ClassVar[Deadlines] = Deadlines()

    def __init__(self, *, app: Any, **rest: Any) -> None:
        super().__init__(app=app, **rest)
        if not hasattr(app.ctx, "places"):
            app.ctx.places = Places(most_connections())
        self._places: Places = app.ctx.places
        self._phase = Phase.SILENT
        self._since = self.loop.time()
        self._stalled_since: float | None = None
        self._leftovers = 0
        self.unread = False

    @property
    def is_known(self) -> bool:
        """Whether somebody has vouched for it."""
        return self.conn_info is not None and getattr(self.conn_info.ctx, "known", False)

    def enter(self, phase: Phase) -> None:
        """Begins a phase; the first one lasts until the first byte."""
        if phase is Phase.IDLE and self._phase is Phase.SILENT:
            return
        self._phase, self._since = phase, self.loop.time()
        self._places.waits(self, phase.waits or self._stalled_since is not None)

    def is_in(self, phase: Phase) -> bool:
        """Whether that is what it is doing."""
        return self._phase is phase

    def check_timeouts(self) -> None:
        """Ends what has lasted too long. Sanic calls this when a connection begins, and `Places` all the time."""
        now = self.loop.time()
        if self._stalled_since is not None and now - self._stalled_since > self.deadlines.stalled:
            self.cut()
            return
        if now - self._since <= self.deadlines.of(self._phase):
            return
        if self._phase in (Phase.ENDING, Phase.LEFTOVERS):
            self.cut()
        elif self._phase in (Phase.SILENT, Phase.IDLE) or self._task is None or self._http is None:
            self.close()
        else:
            late = self._phase is Phase.ANSWER
            self._http.exception = ServiceUnavailable("Response Timeout") if late else RequestTimeout("Request Timeout")
            self.unread = self.unread or not late
            self.enter(Phase.ENDING)
            self._task.cancel()

    def cut(self) -> None:
        """Ends it at once, whatever is still to be sent."""
        if self.transport is not None:
            self.transport.abort()

    def close(self, timeout: float | None = None) -> None:
        """Ends it once everything is sent. Of a client that may still be sending, the rest is thrown away, for the kernel would otherwise
        throw away the answer."""
        if self.transport is None or self.transport.is_closing() or self._phase is Phase.LEFTOVERS:
            return
        if self.unread and self.transport.can_write_eof():
            self.enter(Phase.LEFTOVERS)
            self.recv_buffer.clear()
            self.transport.write_eof()
            self.transport.resume_reading()
        else:
            self.enter(Phase.ENDING)
            self.transport.close()

    # --- callbacks of asyncio ----------------------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Begins, if there is a place."""
        if not self._places.take(self):
            transport.abort()
            return
        super().connection_made(transport)
        self.enter(Phase.SILENT)

    def data_received(self, data: bytes) -> None:
        """Takes what comes, or throws it away."""
        if self._phase is not Phase.LEFTOVERS:
            super().data_received(data)
            return
        self._leftovers += len(data)
        if self._leftovers > _MOST_LEFTOVERS:
            self.cut()

    def pause_writing(self) -> None:
        """The client takes nothing more."""
        super().pause_writing()
        self._stalled_since = self.loop.time()
        self._places.waits(self, True)

    def resume_writing(self) -> None:
        """The client takes what is sent again."""
        super().resume_writing()
        self._stalled_since = None
        self._places.waits(self, self._phase.waits)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends."""
        super().connection_lost(exc)
        self._places.leave(self)
