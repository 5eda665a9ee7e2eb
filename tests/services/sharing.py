"""Two processes' locks of one deployment, tried against each other."""

from __future__ import annotations

import asyncio
import time

from bot.channel.locks import LOOK_SECONDS, Locks


async def turns_apart(one: Locks, two: Locks) -> None:
    """Twelve turns of one customer, in order within each process, never two at once, and none waits until it looks by itself."""
    inside, most, order = 0, 0, list[str]()

    async def turn(locks: Locks, name: str) -> None:
        nonlocal inside, most
        async with locks.hold("u-1"):
            inside += 1
            most = max(most, inside)
            order.append(name)
            await asyncio.sleep(0.02)
            inside -= 1

    # Connections are made at first use.
    for locks in (one, two):
        async with locks.hold("u-0"):
            await asyncio.sleep(0.5)
    begun = time.monotonic()
    await asyncio.gather(*(turn(locks, f"{name}{number}") for number in range(6) for name, locks in (("a", one), ("b", two))))
    assert most == 1 and time.monotonic() - begun < 2 * LOOK_SECONDS
    for name in "ab":
        mine = [each for each in order if each[0] == name]
        assert mine == sorted(mine)
