"""What was refused, what failed and what was looked at is counted by minute, and for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from actions.settings import Settings
from actions.state.database import Database
from actions.state.tallies import BUCKET_MS, TALLIES
from actions.state.world.facts import SqlFacts
from bot.channel.locks import LocalLocks
from bot.channel.minute_counts import MinuteCounts
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import TokenVerifier
from bot.web.responses import ProblemError
from tests.databases import migrated


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = migrated(f"sqlite:///{tmp_path / 'x.db'}")
    yield made
    made.close()


def counted(database: Database) -> dict[tuple[str, str], int]:
    with database.session() as session:
        rows = session.execute(select(TALLIES)).all()
    assert all(row.bucket % BUCKET_MS == 0 and (row.dim, row.dim_value) == ("", "") for row in rows)
    return {(row.kind, row.value): row.refs for row in rows}


async def test_routes_count_what_they_refuse_and_what_fails(database: Database) -> None:
    store = ChannelStore(database, SqlFacts)
    service = ChannelService(
        store,
        TokenVerifier.from_settings(Settings.read(token_secret="a secret of the tests, longer than 32 characters")),
        RateLimiter("9/minute", None),
        LocalLocks(),
    )
    request: Any = SimpleNamespace(method="POST")
    for error in (ProblemError("stale_payload"), ProblemError("stale_payload"), ProblemError("turn_failed"), ZeroDivisionError()):

        @service.answering("post")
        async def handler(_request: Any, error: Exception = error) -> None:
            raise error

        await handler(request)
    await service.close()
    assert counted(database) == {("refused", "stale_payload"): 2, ("failed", "turn_failed"): 2}


async def test_what_cannot_be_written_is_written_next_time(database: Database, tmp_path: Path) -> None:
    away = ChannelStore(Database(f"sqlite:///{tmp_path / 'not there.db'}"), SqlFacts)
    counts = MinuteCounts(away)
    counts.note("rate_limited")
    await counts.flush()
    counts.note("rate_limited")
    counts._store = ChannelStore(database, SqlFacts)
    await counts.flush()
    await counts.flush()
    assert counted(database) == {("refused", "rate_limited"): 2}
