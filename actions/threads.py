"""Threads for work that blocks, apart by what they wait for: whoever waits for a slow writer does not keep others from reading.

Every wait ends. Work that has not begun in time is never begun. Work that has begun cannot be stopped: a reader is left alone with it, a
writer is waited for, because whoever asked must know whether it is done; what it waits for in turn has a time limit of its own (``state.database``).
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Threads:
    """A bounded number of threads for one kind of work; they start at first use.

    Args:
        name: of the threads.
        most: how many there are at most.
        patience: seconds until a caller gives up, waiting for a free thread included.
        to_the_end: whether a caller waits on, once the work has begun.
    """

    def __init__(self, name: str, most: int, patience: float, to_the_end: bool = False) -> None:
        self.name = name
        self.most = most
        self.patience = patience
        self._to_the_end = to_the_end
        self._start()
        # A forked process has none of its parent's threads, and would wait for them for ever.
        os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        self._executor = ThreadPoolExecutor(self.most, thread_name_prefix=f"baitiao-{self.name}")

    async def __call__(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        """The result of the work.

        Raises:
            asyncio.TimeoutError: it took longer than patience.
        """
        submitted = self._executor.submit(partial(contextvars.copy_context().run, work, *arguments))
        result = asyncio.wrap_future(submitted)
        try:
            done, _ = await asyncio.wait({result}, timeout=self.patience)
        except asyncio.CancelledError:
            result.cancel()
            raise
        if done or (self._to_the_end and not submitted.cancel()):
            return await result
        result.cancel()
        raise asyncio.TimeoutError

    def later(self, work: Callable[..., object], *arguments: Any) -> None:
        """Does work after all that was asked for before; nobody hears how it went."""
        self._executor.submit(work, *arguments)


# All of them together take fewer connections than the database's pool has (``state.database``), so that none waits for another's.
reading = Threads("reading", most=10, patience=8.0)
"""Work that reads the database, actions included."""
writing = Threads("writing", most=8, patience=5.0, to_the_end=True)
"""Work that writes, and may wait for other writers."""
counting = Threads("counting", most=4, patience=4.0)
"""Limits that are kept elsewhere, as in Redis."""
