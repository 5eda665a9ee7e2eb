"""The checks behind `/health/ready`."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from actions.state.database import Database
from bot.channel.locks import LocalLocks
from bot.web import readiness
from bot.web.readiness import Dependencies, Remembered, holds
from tests.databases import migrated


async def test_a_check_that_fails_or_takes_too_long_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LONGEST_LOOK", 0.1)

    async def fails() -> bool:
        raise ConnectionError("away")

    async def hangs() -> bool:
        await asyncio.sleep(60)
        return True

    async def well() -> bool:
        return True

    begun = time.monotonic()
    assert [await holds(check) for check in (fails, hangs, well)] == [False, False, True]
    assert time.monotonic() - begun < 5


async def test_however_many_ask_at_once_and_again_one_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.01)
        return looks

    remembered = Remembered(look)
    assert await asyncio.gather(*(remembered() for _ in range(50))) == [1] * 50
    assert await remembered() == 1
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0.0)
    assert await remembered() == 2


async def test_a_look_that_hangs_is_not_begun_again_and_is_believed_once_it_ends() -> None:
    looks, let_go = [], asyncio.Event()

    async def look() -> bool:
        looks.append(1)
        await let_go.wait()
        return True

    remembered = Remembered(look)
    for _ in range(5):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(remembered(), 0.01)
    let_go.set()
    assert await remembered() and len(looks) == 1


async def test_the_database_is_asked_though_every_other_thread_waits(tmp_path: Path) -> None:
    database = migrated(f"sqlite:///{tmp_path}/here.db")
    free = threading.Event()
    waiting = [asyncio.create_task(asyncio.to_thread(free.wait, 20)) for _ in range(100)]
    dependencies = Dependencies(database, LocalLocks().hold)
    try:
        found = {name: await asyncio.wait_for(check(), 5) for name, check in dependencies.checks().items()}
    finally:
        free.set()
        await asyncio.gather(*waiting)
        dependencies.close()
    assert found == {"database": True, "disk": True, "clock": True, "locks": True}


@pytest.mark.broad
async def test_locks_that_cannot_be_had_are_not_ready(tmp_path: Path) -> None:
    @asynccontextmanager
    async def refused(_conversation: str) -> Any:
        raise ConnectionError("Redis is away")
        yield

    dependencies = Dependencies(Database(f"sqlite:///{tmp_path}/never.db"), refused)
    checks = dependencies.checks()
    assert not await holds(checks["locks"]) and not await holds(checks["database"])
    dependencies.close()
