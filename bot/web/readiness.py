"""What `/health/ready` knows: checks that are true, quick and cheap, however often and by however many they are asked."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from actions.state.database import Database
from actions.state.probe import Probe, probe

logger = logging.getLogger(__name__)

Check = Callable[[], Awaitable[bool]]

LONGEST_LOOK = 3.0
FRESH_SECONDS = 1.0


async def holds(check: Check) -> bool:
    """Whether a check holds; one that fails or takes longer than LONGEST_LOOK seconds does not."""
    try:
        return await asyncio.wait_for(check(), LONGEST_LOOK)
    except Exception as error:
        logger.warning("not ready: %s", type(error).__name__)
        return False


class Remembered:
    """One look at a time, whose result is believed for FRESH_SECONDS.

    A look that hangs is waited for by everybody who asks, and not begun again.

    Args:
        look: finds out.
    """

    def __init__(self, look: Callable[[], Awaitable[Any]]) -> None:
        self._look = look
        self._task: asyncio.Task[Any] | None = None
        self._found = 0.0

    async def __call__(self) -> Any:
        """The result, or the exception that the look ended in."""
        task = self._task
        if task is None or (task.done() and time.monotonic() - self._found > FRESH_SECONDS):
            task = self._task = asyncio.get_running_loop().create_task(self._timed())
            # Whoever asked may have gone by the time it fails.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)

    async def _timed(self) -> Any:
        try:
            return await self._look()
        finally:
            self._found = time.monotonic()


class Dependencies:
    """What a turn needs beside the model and the action server.

    Args:
        database: where turns are written.
        hold: holds the lock of a conversation, as ``Locks.hold`` does.
    """

    def __init__(self, database: Database, hold: Callable[[str], Any]) -> None:
        self._database = database
        self._hold = hold
        # Threads of their own: when every other one waits for a slow database, this must still be found out.
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self._probe = Remembered(self._write)
        self._lock = Remembered(self._take)
        self._conversation = f" readiness of {socket.gethostname()} {os.getpid()}"

    def checks(self) -> dict[str, Check]:
        """The checks by name."""

        def of(name: str) -> Check:
            async def check() -> bool:
                return bool(getattr(await self._probe(), name))

            return check

        return {"database": of("schema"), "disk": of("disk"), "clock": of("clock"), "locks": self._lock}

    async def _write(self) -> Probe:
        return await asyncio.get_running_loop().run_in_executor(self._threads, probe, self._database)

    async def _take(self) -> bool:
        async with self._hold(self._conversation):
            return True

    def close(self) -> None:
        """Waits for nothing: a look that hangs must not keep the server from ending."""
        self._threads.shutdown(wait=False)
