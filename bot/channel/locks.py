"""One turn at a time per conversation, in one process or in many.

Locks keep order; what keeps the conversation right even if a lock is lost is ``ChannelStore.finish``, which stores no turn during which somebody else spoke.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import uuid4

from actions.state.announcing import number_of
from actions.state.database import Database
from actions.threads import Threads
from bot.channel.signals import FREED, Signals

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""After how long a waiter tries again untold: a process that was killed tells nobody that its locks are free."""


class Locks(Protocol):
    """Where conversations are locked."""

    def hold(self, conversation: str) -> Any:
        """An async context manager that waits for the conversation, without end."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


class LocalLocks:
    """Locks of this process; a conversation that nobody waits for costs nothing."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Waits for the conversation; the first to come is the first to get it."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._users[conversation] = self._users.get(conversation, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[conversation] -= 1
            if not self._users[conversation]:
                del self._users[conversation], self._locks[conversation]

    async def close(self) -> None:
        """Nothing to let go of."""


_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) redis.call('publish', KEYS[1], '') end"

_RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end"


class RedisLocks:
    """Locks shared by all processes of a deployment.

    A lock expires by itself, so that a process that was killed in the middle of a turn blocks its customer for seconds only.

    Args:
        url: the address of a Redis database.
        expiry: seconds after which a lock is free again whose holder does not renew it any more.
    """

    def __init__(self, url: str, expiry: float = 8.0) -> None:
        from redis.asyncio import Redis

        self._redis: Any = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        self._expiry = expiry
        # Waiters of the same process queue here in order, and only the first of them asks Redis.
        self._local = LocalLocks()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Waits for the conversation.

        Raises:
            redis.RedisError: Redis does not answer.
        """
        async with self._local.hold(conversation):
            name, token = f"baitiao:turn:{conversation}", uuid4().hex
            try:
                if not await self._take(name, token):
                    await self._wait(name, token)
                renewing = asyncio.get_running_loop().create_task(self._renew(name, token))
                try:
                    yield
                finally:
                    renewing.cancel()
            finally:
                # Also where taking it failed: nobody knows whether the request arrived. Whoever is cancelled leaves it to be done.
                await asyncio.shield(self._release(name, token))

    async def close(self) -> None:
        """Closes the connections."""
        # Left to itself it keeps the connections of a pool that was made from an address.
        await self._redis.close(close_connection_pool=True)

    async def _take(self, name: str, token: str) -> bool:
        return bool(await self._redis.set(name, token, nx=True, px=round(self._expiry * 1000)))

    async def _wait(self, name: str, token: str) -> None:
        async with self._redis.pubsub() as told:
            await told.subscribe(name)
            while not await self._take(name, token):
                await told.get_message(timeout=LOOK_SECONDS)

    async def _renew(self, name: str, token: str) -> None:
        from redis.exceptions import RedisError

        while True:
            await asyncio.sleep(self._expiry / 4)
            try:
                await self._redis.eval(_RENEW, 1, name, token, round(self._expiry * 1000))
            except RedisError as error:
                # Whoever takes the lock meanwhile and speaks makes this turn fail when it is stored.
                logger.warning("a conversation's lock was not renewed: %s", type(error).__name__)

    async def _release(self, name: str, token: str) -> None:
        from redis.exceptions import RedisError

        try:
            await self._redis.eval(_RELEASE, 1, name, token)
        except RedisError as error:
            logger.warning("a conversation's lock was not released and will expire: %s", type(error).__name__)


class PostgresLocks:
    """Locks shared by all processes of a deployment, as advisory locks of one connection per process, which end with it.

    Args:
        database: in PostgreSQL.
        signals: tells when locks are free again.
        patience: seconds within which PostgreSQL must answer.
    """

    def __init__(self, database: Database, signals: Signals, patience: float = 3.0) -> None:
        self._database = database
        self._signals = signals
        self._patience = patience
        self._local = LocalLocks()
        # One connection can hold any number of locks, but do only one thing at a time; so it never waits for a lock.
        self._asking = Threads("locking", most=1, patience=2 * patience)
        self._connection: Any = None
        self._held: set[int] = set()
        self._waiting: dict[int, asyncio.Event] = {}
        signals.on(FREED, self._freed)

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Waits for the conversation.

        Raises:
            psycopg2.Error: PostgreSQL does not answer.
        """
        async with self._local.hold(conversation):
            number = number_of(conversation)
            try:
                await self._take(number)
                yield
            finally:
                # Also where taking it was given up: it may be taken a moment later. Nobody need wait, since one thread does one after the other.
                self._asking.later(self._free, number)

    async def close(self) -> None:
        """Closes the connection."""
        await self._asking(self._disconnect)

    async def _take(self, number: int) -> None:
        self._signals.begin()
        if await self._asking(self._try, number):
            return
        # Whoever is told between this and the next attempt tries once more.
        freed = self._waiting[number] = asyncio.Event()
        try:
            while not await self._asking(self._try, number):
                try:
                    await asyncio.wait_for(freed.wait(), LOOK_SECONDS)
                except asyncio.TimeoutError:
                    continue
                freed.clear()
        finally:
            del self._waiting[number]

    def _freed(self, number: int) -> None:
        if number in self._waiting:
            self._waiting[number].set()

    def _try(self, number: int) -> bool:
        taken = bool(self._ask("SELECT pg_try_advisory_lock(%s)", number))
        if taken:
            self._held.add(number)
        return taken

    def _free(self, number: int) -> None:
        if number not in self._held:
            return
        self._held.discard(number)
        try:
            self._ask("SELECT pg_advisory_unlock(%s), pg_notify(%s, %s)", number, FREED, str(number))
        except Exception as error:
            logger.warning("a conversation's lock was not released and ended with its connection: %s", type(error).__name__)

    def _ask(self, statement: str, *values: int | str) -> Any:
        try:
            if self._connection is None:
                self._connection = self._database.lasting(self._patience)
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchone()[0]
        except Exception:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        # PostgreSQL frees all of them with the connection.
        self._held.clear()
        if connection is not None:
            connection.close()


def make_locks(redis_url: str | None, database: Database, signals: Signals | None) -> Locks:
    """The locks of the settings."""
    if redis_url:
        return RedisLocks(redis_url)
    if signals is not None:
        return PostgresLocks(database, signals)
    return LocalLocks()
