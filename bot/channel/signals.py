"""What other processes tell through PostgreSQL: that a conversation has something new, that somebody writes in it, or that its lock is free."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from actions.state.announcing import NEWS, TYPING
from actions.state.database import Database
from actions.threads import reading

logger = logging.getLogger(__name__)

FREED = "baitiao_freed"
"""The channel on which the numbers of conversations are told whose lock is free again."""
CHANNELS = (NEWS, TYPING, FREED)
_AGAIN_SECONDS = 1.0
_PATIENCE = 3.0

Heard = Callable[[int], None]


class Signals:
    """Listens over one connection of its own. What is told while it is lost is lost, so whoever waits must look now and then all the same.

    Args:
        database: in PostgreSQL.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hearers: dict[str, Heard] = {}
        self._task: asyncio.Task[None] | None = None
        self.alive = False

    def on(self, channel: str, heard: Heard) -> None:
        """Calls ``heard`` in the loop with each number that is told on a channel."""
        self._hearers[channel] = heard

    def begin(self) -> None:
        """Begins to listen, unless it has begun."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())

    async def close(self) -> None:
        """Stops listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except Exception as error:
                logger.warning("cannot hear what other processes tell: %s", type(error).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen_once(self) -> None:
        connection = await reading(self._connected)
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        number = connection.fileno()
        loop.add_reader(number, self._hear, connection, ended)
        self.alive = True
        try:
            await ended
        finally:
            self.alive = False
            loop.remove_reader(number)
            connection.close()

    def _connected(self) -> Any:
        connection = self._database.lasting(_PATIENCE)
        try:
            with connection.cursor() as cursor:
                for channel in CHANNELS:
                    cursor.execute(f"LISTEN {channel}")
        except Exception:
            connection.close()
            raise
        return connection

    def _hear(self, connection: Any, ended: asyncio.Future[None]) -> None:
        try:
            connection.poll()
        except Exception as error:
            if not ended.done():
                ended.set_exception(error)
            return
        while connection.notifies:
            told = connection.notifies.pop(0)
            heard = self._hearers.get(told.channel)
            if heard is not None:
                heard(int(told.payload))


def make_signals(database: Database) -> Signals | None:
    """What tells of other processes; None with SQLite, which can tell nobody."""
    return Signals(database) if database.is_shared else None
