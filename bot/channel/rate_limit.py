"""How fast one customer may write."""

from __future__ import annotations

import asyncio
import math
import time

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bot.web.problems import ProblemError


class RateLimiter:
    """A moving window per customer, in memory or, for several processes, in Redis.

    Args:
        rate: such as `120/minute`.
        redis_url: the address of a Redis database; None keeps the windows in memory.
    """

    def __init__(self, rate: str, redis_url: str | None = None) -> None:
        self._item = parse(rate)
        self._storage = storage_from_string(redis_url or "memory://")
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._remote = redis_url is not None

    async def count(self, user: str) -> None:
        """Counts one message.

        Raises:
            ProblemError: 429, with the seconds until the customer may write again.
        """
        wait = await asyncio.to_thread(self._hit, user) if self._remote else self._hit(user)
        if wait is not None:
            raise ProblemError("too_many", retry_after=wait)

    def _hit(self, user: str) -> int | None:
        if self._limiter.hit(self._item, "message", user):
            return None
        reset, _ = self._limiter.get_window_stats(self._item, "message", user)
        return max(1, math.ceil(reset - time.time()))
