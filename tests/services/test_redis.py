"""Locks and limits that several processes share through a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channel.locks import LockTimeout, RedisLocks
from bot.channel.service import RateLimiter
from bot.web.responses import ProblemError


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of the test's own."""
    program = shutil.which("redis-server")
    assert program, "install redis-server to run the tests of services"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("redis")
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.asyncio
async def test_two_processes_take_turns_and_wait_milliseconds(redis_url: str) -> None:
    one, two = RedisLocks(redis_url), RedisLocks(redis_url)
    inside, most = 0, 0

    async def turn(locks: RedisLocks) -> None:
        nonlocal inside, most
        async with locks.hold("u-1") as still_held:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            assert await still_held()
            inside -= 1

    await asyncio.gather(*(turn(locks) for locks in (one, two) * 5))
    assert most == 1
    async with one.hold("u-1"), two.hold("u-2"):
        pass
    await one.close()
    await two.close()


@pytest.mark.asyncio
async def test_a_killed_holder_blocks_its_customer_for_the_expiry_only(redis_url: str) -> None:
    dead, alive = RedisLocks(redis_url, expiry=0.5), RedisLocks(redis_url, patience=0.2)
    holding = dead.hold("u-3")
    still_held = await holding.__aenter__()
    with pytest.raises(LockTimeout):
        async with alive.hold("u-3"):
            pass
    await asyncio.sleep(0.5)
    async with alive.hold("u-3"):
        assert not await still_held()
    # Whoever comes back too late must not free what others hold by now, nor fail because of it.
    await holding.__aexit__(None, None, None)
    await dead.close()
    await alive.close()


@pytest.mark.asyncio
async def test_processes_share_a_customers_limit(redis_url: str) -> None:
    one, two = RateLimiter("3/minute", redis_url), RateLimiter("3/minute", redis_url)
    for limiter in (one, two, one):
        await limiter.count("u-4")
    with pytest.raises(ProblemError) as refusal:
        await two.count("u-4")
    assert refusal.value.status == 429 and 1 <= (refusal.value.retry_after or 0) <= 60
    await two.count("u-5")
