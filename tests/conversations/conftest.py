"""The agent is loaded once, the databases are made once and copied."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def agent() -> Any:
    """The newest model, as it would be served."""
    from bot.training import newest_model
    from tests.conversations.stage import load_agent

    model = newest_model()
    if model is None:
        pytest.fail("there is no model in models/: run `make train`")
    return load_agent(model)


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.conversations.stage import Templates

    return Templates(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def pace() -> Iterator[dict[str, float]]:
    """Turns played and the seconds they took, over all conversations."""
    pace = {"turns": 0.0, "seconds": 0.0}
    yield pace
    if pace["seconds"]:
        print(f"\n{pace['turns']:.0f} turns, {pace['turns'] / pace['seconds']:.1f} a second")


@pytest.fixture
def play(
    agent: Any, loop: asyncio.AbstractEventLoop, templates: Any, pace: dict[str, float], tmp_path: Path
) -> Iterator[Callable[..., None]]:
    """Plays a conversation on a stage of its own."""
    from actions.knowledge.loading import knowledge_for
    from actions.services import use_services
    from tests.conversations.player import play
    from tests.conversations.stage import Stage

    databases = []

    def run(conversation: Any) -> None:
        database = templates.copy(conversation.world, tmp_path / "conversation.db")
        databases.append(database)
        stage = Stage(agent, database, loop, conversation.user, conversation.order)
        begun = time.perf_counter()
        pace["turns"] += play(conversation, stage, knowledge_for())
        pace["seconds"] += time.perf_counter() - begun

    yield run
    use_services(None)
    for database in databases:
        database.close()
