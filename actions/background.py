"""Work that goes on beside the servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

log = structlog.get_logger()


async def repeat(work: Callable[[], object], seconds: float, failed: str) -> None:
    """Does the same work again and again, in a thread, until cancelled; whatever goes wrong is logged and tried again.

    Args:
        work: one look for something to do.
        seconds: between two of them.
        failed: what a failure is called in the log.
    """
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception as error:
            log.warning(failed, error=type(error).__name__)
        await asyncio.sleep(seconds)
