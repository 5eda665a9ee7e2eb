"""A stage with a database of its own for each conversation; the databases are made once and copied."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PACE = pytest.StashKey[dict[str, float]]()


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real ``baitiao up``; who uses it is of the group ``over_http``, so that there is one."""
    from conversations.served import Up

    served = Up(tmp_path_factory.mktemp("served"))
    yield served
    served.close()


@pytest.fixture(scope="session")
def reached() -> Iterator[Any]:
    """What the conversations reach, recorded where CONVERSATION_COVERAGE says."""
    from conversations.coverage.recording import recording

    with recording("tests") as recorder:
        yield recorder


@pytest.fixture
def stages(agent: Any, loop: asyncio.AbstractEventLoop, templates: Any, reached: Any, tmp_path: Path) -> Iterator[Callable[[Any], Any]]:
    """Makes the stage of a conversation, with a database of its own."""
    from actions.bootstrap import use
    from conversations.stage import Stage

    made: list[Any] = []

    def make(conversation: Any) -> Any:
        database = templates.copy(conversation.world, tmp_path / f"conversation-{len(made)}.db")
        made.append(Stage(agent, database, loop, conversation.user, conversation.order))
        return made[-1]

    yield make
    use(None)
    for stage in made:
        if reached is not None:
            reached.add(stage.history())
        stage.end()
        stage.database.close()


@pytest.fixture
def play(stages: Callable[[Any], Any], pytestconfig: pytest.Config) -> Callable[[Any], Any]:
    """Plays a conversation on a stage of its own; returns what was played."""
    from conversations.application import project_knowledge
    from conversations.player import play

    def run(conversation: Any) -> Any:
        stage = stages(conversation)
        begun = time.perf_counter()
        played = play(conversation, stage, project_knowledge())
        _count(pytestconfig, played.turns, time.perf_counter() - begun)
        return played

    return run


@pytest.fixture(scope="session")
def different(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any, str], str | None]:
    """Remembers what each conversation is made of; the id of another one that is made of the same, if there is one.

    The folder is shared by all workers of a run.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "signatures"
    folder.mkdir(exist_ok=True)

    def other(signature: Any, conversation_id: str) -> str | None:
        file = folder / hashlib.sha256(repr(signature).encode()).hexdigest()
        try:
            with file.open("x", encoding="utf-8") as new:
                new.write(conversation_id)
            return None
        except FileExistsError:
            first = file.read_text(encoding="utf-8")
            return None if first == conversation_id else first

    return other


def _count(config: pytest.Config, turns: int, seconds: float) -> None:
    pace = config.stash.setdefault(PACE, {"turns": 0.0, "seconds": 0.0})
    pace["turns"] += turns
    pace["seconds"] += seconds


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["pace"] = session.config.stash.get(PACE, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    pace = getattr(node, "workeroutput", {}).get("pace")
    if pace:
        _count(node.config, pace["turns"], pace["seconds"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    pace = config.stash.get(PACE, None)
    if pace and pace["seconds"]:
        terminalreporter.write_line(
            f"{pace['turns']:.0f} turns of conversations, {pace['turns'] / pace['seconds']:.1f} a second per worker"
        )
