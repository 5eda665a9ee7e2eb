"""One turn at a time per conversation, in one process or in many."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

logger = logging.getLogger(__name__)

StillHeld = Callable[[], Awaitable[bool]]


class Locks(Protocol):
    """Where conversations are locked."""

    def hold(self, conversation: str) -> Any:
        """An async context manager that gives a function telling whether the lock is still ours."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


class LockTimeout(Exception):
    """The conversation stayed locked for too long."""


class LocalLocks:
    """Locks of this process; a conversation that nobody waits for costs nothing."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[StillHeld]:
        """Waits for the conversation; the first to come is the first to get it."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] = self._users.get(conversation, 0) + 1
        try:
            async with lock:
                yield _always
        finally:
            self._users[conversation] -= 1
            if not self._users[conversation]:
                del self._users[conversation], self._locks[conversation]

    async def close(self) -> None:
        """Nothing to let go of."""


class RedisLocks:
    """Locks shared by all processes of a deployment.

    A lock expires by itself, so that a process that was killed in the middle of a turn blocks its customer for seconds only.

    Args:
        url: the address of a Redis database.
        expiry: seconds after which a lock is free again; longer than a turn may take.
        poll: seconds between two attempts.
        patience: seconds after which waiting is given up.
    """

    def __init__(self, url: str, expiry: float = 40.0, poll: float = 0.05, patience: float = 60.0) -> None:
        from redis.asyncio import Redis

        self._redis: Any = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._expiry = expiry
        self._poll = poll
        self._patience = patience
        # Waiters of the same process queue here in order, and only the first of them asks Redis.
        self._local = LocalLocks()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[StillHeld]:
        """Waits for the conversation.

        Raises:
            LockTimeout: another process holds it for longer than patience.
            redis.RedisError: Redis is not reachable.
        """
        from redis.exceptions import LockError, RedisError

        async with self._local.hold(conversation):
            lock = self._redis.lock(f"baitiao:turn:{conversation}", timeout=self._expiry, sleep=self._poll)
            if not await lock.acquire(blocking_timeout=self._patience):
                raise LockTimeout(conversation)
            try:
                yield lock.owned
            finally:
                try:
                    await lock.release()
                except (LockError, RedisError) as error:
                    logger.warning("a conversation's lock was not released and will expire: %s", type(error).__name__)

    async def close(self) -> None:
        """Closes the connections."""
        # Left to itself it keeps the connections of a pool that was made from an address.
        await self._redis.close(close_connection_pool=True)


def make_locks(redis_url: str | None) -> Locks:
    """The locks of the settings."""
    if redis_url:
        return RedisLocks(redis_url)
    return LocalLocks()


async def _always() -> bool:
    return True
