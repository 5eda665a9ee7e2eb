"""What every channel needs, whatever it speaks: who writes, how fast, one turn at a time, and refusals that are counted."""

from __future__ import annotations

import asyncio
import functools
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.connections import vouch_for
from actions.threads import counting, reading
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.minute_counts import MinuteCounts
from bot.channel.signals import Signals
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims, InvalidToken, TokenVerifier
from bot.channel.turns import Handle, Turns
from bot.web.metrics import Metrics
from bot.web.responses import RETRY_SECONDS, ProblemError, problem_response

REDIS_SECONDS = 2
"""For one answer of Redis."""


class _Windows:
    """Moving windows in memory. They go by a clock that nobody can set back."""

    def __init__(self, amount: int, seconds: float) -> None:
        self._amount = amount
        self._seconds = seconds
        self._hits: dict[str, deque[float]] = {}
        self._swept = time.monotonic()

    def hit(self, key: str) -> float | None:
        """Counts; None if that is within the limit, else the seconds until it would be."""
        now = time.monotonic()
        if now - self._swept > self._seconds:
            self._swept = now
            self._hits = {name: hits for name, hits in self._hits.items() if hits[-1] > now - self._seconds}
        hits = self._hits.setdefault(key, deque(maxlen=self._amount))
        if len(hits) == self._amount and hits[0] > now - self._seconds:
            return hits[0] + self._seconds - now
        hits.append(now)
        return None


class RateLimiter:
    """A moving window per customer, in memory or, for several processes, in Redis.

    Args:
        rate: such as `120/minute`.
        redis_url: the address of a Redis database; None keeps the windows in memory.
        store: a database that several processes share, without Redis: what was stored of all of them counts as well.
    """

    def __init__(self, rate: str, redis_url: str | None = None, store: ChannelStore | None = None) -> None:
        self._item = parse(rate)
        self._store = store
        self._windows = _Windows(self._item.amount, self._item.get_expiry())
        self._limiter = None
        if redis_url is not None:
            limits = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
            # Kept here: the limiter itself does not keep it alive.
            self._storage = storage_from_string(redis_url, **limits)
            self._limiter = MovingWindowRateLimiter(self._storage)

    async def count(self, user: str) -> None:
        """Counts one message, or whatever else the name stands for.

        Raises:
            ProblemError: 429, with the seconds until the customer may write again.
        """
        limiter = self._limiter
        wait = self._windows.hit(user) if limiter is None else await counting(self._hit, limiter, user)
        if wait is None and self._store is not None:
            wait = await reading(self._store.too_many, user, self._item.amount, self._item.get_expiry())
        if wait is not None:
            raise ProblemError("too_many", retry_after=math.ceil(wait))

    def _hit(self, limiter: MovingWindowRateLimiter, user: str) -> float | None:
        if limiter.hit(self._item, "message", user):
            return None
        reset, _ = limiter.get_window_stats(self._item, "message", user)
        # The servers' clocks may differ, or may have been set.
        return float(min(reset - time.time(), self._item.get_expiry()))


logger = logging.getLogger(__name__)

CLIENT_GONE = 499
"""Not in any standard, but what web servers log when the client hung up."""

Route = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


class ChannelService:
    """Made once per process and shared by its channels.

    Args:
        store: the database, and the source of customers and orders.
        verifier: checks tokens.
        limiter: how fast one customer may write.
        locks: one turn at a time per conversation.
        metrics: counts.
        signals: what other processes tell.
    """

    def __init__(
        self,
        store: ChannelStore,
        verifier: TokenVerifier,
        limiter: RateLimiter,
        locks: Locks,
        metrics: Metrics | None = None,
        signals: Signals | None = None,
    ) -> None:
        self.store = store
        self.verifier = verifier
        self.locks = locks
        self.feed = Feed(store, signals=signals)
        self._signals = signals
        self.metrics = metrics or Metrics()
        self.metrics.count_streams = lambda: self.feed.streams
        self.counts = MinuteCounts(store)
        self._limiter = limiter

    def turns(self, handle: Handle, channel: str) -> Turns:
        """Takes the messages of one channel.

        Args:
            handle: lets the assistant answer.
            channel: its name.
        """
        return Turns(handle, self.store, self.locks, self.feed, self.metrics, channel)

    async def authenticate(self, request: Request) -> Claims:
        """Who speaks.

        Raises:
            ProblemError: 401 no token of a customer whom the state knows.
        """
        try:
            claims = self.verifier.verify_header(request.headers.get("authorization"))
        except InvalidToken:
            raise ProblemError("unauthorized") from None
        # A desk token names an employee, who must not be taken for a customer of the same id.
        if claims.roles or not await reading(self.store.knows, claims):
            raise ProblemError("unauthorized")
        vouch_for(request)
        return claims

    async def admitted(self, request: Request) -> Claims:
        """Who speaks, counted against how fast they may.

        Raises:
            ProblemError: 401 as above; 429 too fast.
        """
        claims = await self.authenticate(request)
        await self._limiter.count(claims.user)
        return claims

    async def close(self) -> None:
        """Lets go of what is held, once no turn runs any more."""
        await self.counts.flush()
        await self.feed.close()
        await self.locks.close()
        if self._signals is not None:
            await self._signals.close()

    def answering(self, route: str) -> Callable[[Route], Route]:
        """Turns refusals into problem documents and counts the request."""

        def decorate(handler: Route) -> Route:
            @functools.wraps(handler)
            async def answer(request: Request, **parts: str) -> HTTPResponse | None:
                begun, status = time.perf_counter(), 200
                try:
                    return await handler(request, **parts)
                except ProblemError as problem:
                    status = problem.status
                    self.counts.note(problem.name)
                    return problem_response(problem)
                except asyncio.CancelledError:
                    status = CLIENT_GONE
                    raise
                except Exception as error:
                    logger.error("%s failed: %s", route, type(error).__name__, exc_info=error)
                    status = 503
                    kept = False if route == "post" else None
                    unforeseen = ProblemError("turn_failed" if kept is False else "unavailable", RETRY_SECONDS, kept)
                    self.counts.note(unforeseen.name)
                    return problem_response(unforeseen)
                finally:
                    self.metrics.requests.labels(route, request.method, str(status)).inc()
                    if route != "events":
                        self.metrics.request_seconds.labels(route).observe(time.perf_counter() - begun)

            return answer

        return decorate
