"""What tests share because making it takes longer than most of them: the project's knowledge, and one agent per process."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from typing import Any

import pytest
from pytest_asyncio import plugin

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# What is compiled is kept wherever it may be: compiling all tests takes as long as importing them, and many start processes besides.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


class _BeforeRasa(MetaPathFinder):
    """Whoever imports Rasa first gets placeholders for what it imports and nobody uses, as in a server: TensorFlow takes longer than many tests."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "rasa":
            from bot.engine.unused_libraries import stand_in

            sys.meta_path.remove(self)
            # Some tests train, which takes scikit-learn.
            stand_in(serving=False)


sys.meta_path.insert(0, _BeforeRasa())


def pytest_configure() -> None:
    _read_once()
    # For each of thousands of tests pytest-asyncio asks of every fixture there is whether it waits for something.
    vars(plugin)["_is_coroutine_or_asyncgen"] = functools.lru_cache(maxsize=None)(plugin._is_coroutine_or_asyncgen)


def _read_once() -> None:
    """Every store of knowledge begins with what the first has read of the project's own folder, be it while tests are collected, and a copy
    of that of which one file is changed costs the reading of that file."""
    from actions.knowledge import folder, store
    from actions.knowledge.loading import DEFAULT_ROOT, load

    kept = functools.lru_cache(load)
    vars(folder)["_held"] = {}
    vars(store)["load"] = lambda root: kept(root) if root == DEFAULT_ROOT else load(root)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Templates of pages are compiled once for all servers of the tests, each of which has an environment of its own; that takes longer than a page."""
    from jinja2 import Environment

    compile_ = Environment.compile
    kept: dict[tuple[Any, ...], Any] = {}

    def once(self: Environment, source: Any, name: Any = None, filename: Any = None, raw: bool = False, defer_init: bool = False) -> Any:
        key = (source, name, filename, raw, defer_init)
        # What has no file may be another program's, with filters of its own.
        if not isinstance(source, str) or filename is None:
            return compile_(self, source, name, filename, raw, defer_init)
        if key not in kept:
            kept[key] = compile_(self, source, name, filename, raw, defer_init)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", once)
        yield


_left: list[asyncio.AbstractEventLoop] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Closes the loop that pytest-asyncio leaves behind each of its tests: dropped by the next ``asyncio.run``, it would be a complaint about
    whichever test the garbage is collected in."""
    yield
    if "event_loop" in getattr(item, "fixturenames", ()):
        for loop in _left:
            loop.close()
        _left[:] = [asyncio.get_event_loop_policy().get_event_loop()]


class _Statements:
    """What SQLAlchemy keeps of the statements that it has written as SQL, for one of many databases of a kind; it asks by their dialects first."""

    def __init__(self, kept: Any) -> None:
        self._kept = kept

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[1:]] = compiled


@pytest.fixture(scope="session", autouse=True)
def written_once() -> Iterator[None]:
    """A statement is written as SQL once for all SQLite files of the tests, which have an engine each: it takes as long as carrying it out."""
    from sqlalchemy.util import LRUCache

    from actions.state.database import Database

    engine_of, statements = Database._engine, _Statements(LRUCache(4000))

    def engine(self: Database, url: Any) -> Any:
        made = engine_of(self, url)
        if made.dialect.name == "sqlite":
            made._compiled_cache = statements
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "_engine", engine)
        yield


@pytest.fixture(scope="session")
def agent() -> Any:
    """The newest model, as it would be served."""
    from bot.engine.training import newest_model
    from conversations.stage import load_agent

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
    from conversations.stage import Templates

    return Templates(tmp_path_factory.mktemp("worlds"))
