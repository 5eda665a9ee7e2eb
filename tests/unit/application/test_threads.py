"""Threads for work that blocks: every wait ends, and nobody is told that something was not done which was."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from actions import threads
from actions.state import postgres
from actions.threads import Threads

pytestmark = pytest.mark.broad


async def test_who_reads_is_not_kept_by_what_goes_on_too_long() -> None:
    few, release = Threads("few", most=1, patience=0.2), threading.Event()
    with pytest.raises(asyncio.TimeoutError):
        await few(release.wait, 30)
    release.set()
    assert await few(lambda: "next") == "next"


async def test_what_has_not_begun_in_time_is_never_begun() -> None:
    for to_the_end in (False, True):
        few, release, done = Threads("few", 1, 0.2, to_the_end), threading.Event(), list[str]()
        first = asyncio.ensure_future(few(release.wait, 30))
        await asyncio.sleep(0.05)
        with pytest.raises(asyncio.TimeoutError):
            await few(done.append, "second")
        release.set()
        await asyncio.gather(first, return_exceptions=True)
        assert await few(lambda: "third") == "third" and done == []


async def test_who_writes_hears_how_it_ended() -> None:
    writers = Threads("few", most=1, patience=0.1, to_the_end=True)
    assert await writers(lambda: time.sleep(0.3) or "written") == "written"

    def fail() -> None:
        time.sleep(0.3)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await writers(fail)


async def test_what_was_cancelled_before_it_began_is_dropped() -> None:
    few, release, done = Threads("few", 1, 5.0), threading.Event(), list[str]()
    first = asyncio.ensure_future(few(release.wait, 30))
    second = asyncio.ensure_future(few(done.append, "second"))
    await asyncio.sleep(0.05)
    second.cancel()
    await asyncio.sleep(0.05)
    release.set()
    await first
    assert await few(lambda: "third") == "third" and done == []


def test_a_pool_of_connections_has_one_for_every_thread_that_wants_one() -> None:
    assert threads.reading.most + threads.writing.most < postgres.MOST_CONNECTIONS
