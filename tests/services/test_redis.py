"""Locks and limits that several processes share through a real Redis."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channel.locks import LOOK_SECONDS, RedisLocks
from bot.channel.service import RateLimiter
from bot.web.responses import ProblemError
from tests.services.conftest import RedisServer
from tests.services.sharing import turns_apart


@pytest.mark.asyncio
async def test_processes_take_turns_and_are_told_when_it_is_theirs(redis: RedisServer) -> None:
    one, two = RedisLocks(redis.url), RedisLocks(redis.url)
    await turns_apart(one, two)
    async with one.hold("u-1"), two.hold("u-2"):
        pass
    await one.close()
    await two.close()


@pytest.mark.asyncio
async def test_a_killed_holder_blocks_its_customer_for_the_expiry_only(redis: RedisServer) -> None:
    alive = RedisLocks(redis.url)
    # What a process leaves that was killed in the middle of a turn.
    await alive._redis.set("baitiao:turn:u-3", "a token that nobody holds any more", px=1000)
    begun = time.monotonic()
    async with alive.hold("u-3"):
        assert 0.5 < time.monotonic() - begun < 1.0 + LOOK_SECONDS + 1.0
    await alive.close()


@pytest.mark.asyncio
async def test_whoever_works_for_longer_than_the_expiry_keeps_the_lock(redis: RedisServer) -> None:
    one, two = RedisLocks(redis.url, expiry=0.6), RedisLocks(redis.url)
    async with one.hold("u-8"):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(two.hold("u-8").__aenter__(), 2.5)
    async with two.hold("u-8"):
        pass
    await one.close()
    await two.close()


@pytest.mark.asyncio
async def test_whoever_comes_back_too_late_frees_nothing_that_others_hold(redis: RedisServer) -> None:
    late, other = RedisLocks(redis.url), RedisLocks(redis.url)
    holding = late.hold("u-9")
    await holding.__aenter__()
    await late._redis.delete("baitiao:turn:u-9")
    async with other.hold("u-9"):
        await holding.__aexit__(None, None, None)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(late.hold("u-9").__aenter__(), 0.3)
    await late.close()
    await other.close()


@pytest.mark.asyncio
async def test_whoever_gives_up_waiting_leaves_no_lock_behind(redis: RedisServer) -> None:
    one, two = RedisLocks(redis.url), RedisLocks(redis.url)
    async with one.hold("u-7"):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(two.hold("u-7").__aenter__(), 0.3)
    async with one.hold("u-7"):
        pass
    await one.close()
    await two.close()


@pytest.mark.asyncio
async def test_processes_share_a_customers_limit(redis: RedisServer) -> None:
    one, two = RateLimiter("3/minute", redis.url), RateLimiter("3/minute", redis.url)
    for limiter in (one, two, one):
        await limiter.count("u-4")
    with pytest.raises(ProblemError) as refusal:
        await two.count("u-4")
    assert refusal.value.status == 429 and 1 <= (refusal.value.retry_after or 0) <= 60
    await two.count("u-5")
