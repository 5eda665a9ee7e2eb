"""Locks that several processes share through PostgreSQL, and what they tell each other through it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from actions.state import conversations
from actions.state.announcing import announce_typing, number_of
from actions.state.columns import real_now
from actions.state.conversations import MESSAGES, MessageDraft
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from bot.channel import feed as module
from bot.channel.feed import Feed
from bot.channel.locks import LOOK_SECONDS, PostgresLocks
from bot.channel.service import RateLimiter
from bot.channel.signals import Signals
from bot.channel.store import ChannelStore
from bot.web.responses import ProblemError
from tests.services.sharing import turns_apart

ROOT = Path(__file__).parents[2]
HOLDER = """
import asyncio, sys
from actions.state.database import Database
from bot.channel.locks import PostgresLocks
from bot.channel.signals import Signals
async def hold():
    database = Database(sys.argv[1])
    async with PostgresLocks(database, Signals(database)).hold("u-1"):
        print("held", flush=True)
        await asyncio.sleep(60)
asyncio.run(hold())
"""


class Process:
    """What a web server has of locks and signals."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.signals = Signals(self.database)
        self.locks = PostgresLocks(self.database, self.signals)

    async def close(self) -> None:
        await self.locks.close()
        await self.signals.close()
        self.database.close()


@pytest.fixture
async def two(postgres: Database, postgres_url: str) -> AsyncIterator[tuple[Process, Process]]:
    pair = Process(postgres_url), Process(postgres_url)
    yield pair
    for each in pair:
        await each.close()


async def test_processes_take_turns_and_are_told_when_it_is_theirs(two: tuple[Process, Process]) -> None:
    await turns_apart(two[0].locks, two[1].locks)


async def test_many_customers_need_one_connection(two: tuple[Process, Process], postgres: Database) -> None:
    inside, over = 0, asyncio.Event()

    async def turn(number: int) -> None:
        nonlocal inside
        async with two[0].locks.hold(f"u-{number}"):
            inside += 1
            if inside == 128:
                locks = "SELECT count(*), count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                with postgres.session() as session:
                    assert session.execute(text(locks)).one() == (128, 1)
                over.set()
            await over.wait()

    await asyncio.wait_for(asyncio.gather(*map(turn, range(128))), 30)
    async with two[1].locks.hold("u-0"), two[1].locks.hold("u-127"):
        pass


async def test_letting_go_of_one_conversation_keeps_the_others(two: tuple[Process, Process]) -> None:
    one, other = two[0].locks, two[1].locks
    users = [f"u-{number}" for number in range(12)]
    assert {number_of(user) > 0 for user in users} == {True, False}
    async with one.hold("held"):
        for user in users:
            async with one.hold(user):
                pass
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(other.hold("held").__aenter__(), 0.3)


async def test_whoever_gives_up_waiting_leaves_no_lock_behind(two: tuple[Process, Process]) -> None:
    one, other = two[0].locks, two[1].locks
    async with one.hold("u-1"):
        for patience in (0.0, 0.001, 0.005, 0.3):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(other.hold("u-1").__aenter__(), patience)
    async with one.hold("u-1"):
        pass


async def test_a_killed_process_frees_its_locks(two: tuple[Process, Process], postgres_url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, postgres_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    waiting = asyncio.ensure_future(two[0].locks.hold("u-1").__aenter__())
    await asyncio.sleep(1.0)
    assert not waiting.done()
    holder.kill()
    begun = time.monotonic()
    await waiting
    assert time.monotonic() - begun < LOOK_SECONDS + 2
    holder.wait(10)
    holder.stdout.close()


async def test_a_lost_connection_is_made_anew(two: tuple[Process, Process], postgres: Database) -> None:
    async with two[0].locks.hold("u-1"):
        with postgres.session() as session:
            session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        async with two[1].locks.hold("u-1"):
            pass
    async with two[0].locks.hold("u-1"):
        pass


async def test_a_stream_is_woken_by_another_process_at_once_and_after_a_lost_connection(
    two: tuple[Process, Process], postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(text: str) -> None:
        with postgres.session() as session:
            conversations.append(session, "u-1", [MessageDraft("bot", text)])

    monkeypatch.setattr(module, "UNTOLD_SECONDS", 60.0)
    feed = Feed(ChannelStore(two[0].database, SqlFacts), poll=60.0, signals=two[0].signals)
    with feed.listen("u-1") as listener, feed.listen("u-2") as other:
        for _ in range(2):
            for _ in range(100):
                if two[0].signals.alive:
                    break
                await asyncio.sleep(0.05)
            await asyncio.to_thread(say, "news")
            assert await listener.wait(2.0) and not await other.wait(0.05)
            with postgres.session() as session:
                session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))
            await asyncio.sleep(0.3)
    await feed.close()


async def test_what_was_told_while_nobody_listened_is_found_by_looking(two: tuple[Process, Process], postgres: Database) -> None:
    feed = Feed(ChannelStore(two[0].database, SqlFacts), poll=0.1)
    with feed.listen("u-1") as listener:
        with postgres.session() as session:
            conversations.append(session, "u-1", [MessageDraft("bot", "news")])
        assert await listener.wait(2.0)
    await feed.close()


async def test_processes_share_a_customers_limit(two: tuple[Process, Process], postgres: Database) -> None:
    one, other = (RateLimiter("3/minute", store=ChannelStore(each.database, SqlFacts)) for each in two)
    for limiter in (one, other, one):
        await limiter.count("u-1")
        with postgres.session() as session:
            conversations.append(session, "u-1", [MessageDraft("user", "hello"), MessageDraft("bot", "hello")])
    with pytest.raises(ProblemError) as refusal:
        await other.count("u-1")
    assert refusal.value.status == 429 and 50 <= (refusal.value.retry_after or 0) <= 60
    await other.count("u-2")
    # What is as old as the window, or was said while a clock was ahead, keeps nobody from writing.
    for hours in (-1, 1):
        with postgres.session() as session:
            session.execute(update(MESSAGES).values(at=real_now() + timedelta(hours=hours)))
        await RateLimiter("3/minute", store=ChannelStore(two[0].database, SqlFacts)).count("u-1")


async def test_that_a_person_writes_is_heard_by_every_process_and_kept_by_none(two: tuple[Process, Process], postgres: Database) -> None:
    feed = Feed(ChannelStore(two[0].database, SqlFacts), signals=two[0].signals)
    with feed.listen("u-1") as listener, feed.listen("u-2") as other:
        while not two[0].signals.alive:
            await asyncio.sleep(0.02)
        with postgres.session() as session:
            announce_typing(session, "u-1")
        assert await listener.wait(2.0)
        assert listener.types() and not listener.types() and not other.types()
    await feed.close()
    with postgres.session() as session:
        assert conversations.history(session, "u-1") == ()
