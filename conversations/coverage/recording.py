"""Recordings: what one process reached, written to a file and merged with those of the others."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from actions.state.conversations import Message
from conversations.application import project_knowledge
from conversations.coverage.observing import Observer, Reached
from conversations.coverage.universe import rules

FOLDER_SETTING = "CONVERSATION_COVERAGE"
"""The environment variable that names the folder of recordings; without it nothing is recorded."""

SOURCES = ("tests", "simulation")


class Recorder:
    """Adds up what conversations reach.

    Args:
        source: one of ``SOURCES``.
    """

    def __init__(self, source: str, observer: Observer | None = None) -> None:
        self._source = source
        self._observer = observer or Observer(project_knowledge(), rules())
        self._reached: Reached = {}

    def add(self, history: Sequence[Message]) -> None:
        """Adds one conversation."""
        merge(self._reached, self._observer.reached(history))

    def add_shown(self, lines: Sequence[str]) -> None:
        """Adds what is shown beside conversations, such as a first screen."""
        merge(self._reached, self._observer.shown(lines))

    def save(self, folder: Path) -> None:
        """Writes a file of this process's own."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self._source}-{os.getpid()}.json"
        path.write_text(json.dumps(self._reached, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


@contextmanager
def recording(source: str) -> Iterator[Recorder | None]:
    """A recorder whose file is written at the end; None where the environment names no folder.

    Args:
        source: one of ``SOURCES``.
    """
    named = os.environ.get(FOLDER_SETTING)
    recorder = Recorder(source) if named else None
    yield recorder
    if recorder is not None and named:
        recorder.save(Path(named))


def read(folder: Path) -> dict[str, Reached]:
    """Every recording of a folder, merged by source.

    Raises:
        FileNotFoundError: a source has none.
    """
    by_source: dict[str, Reached] = {}
    for source in SOURCES:
        files = sorted(folder.glob(f"{source}-*.json"))
        if not files:
            raise FileNotFoundError(f"{folder} holds no recording of {source}: run `make coverage-conversations`")
        by_source[source] = merged(json.loads(path.read_text(encoding="utf-8")) for path in files)
    return by_source


def merged(recordings: Iterable[Mapping[str, Mapping[str, int]]]) -> Reached:
    """The sum of recordings."""
    total: Reached = {}
    for recording in recordings:
        merge(total, recording)
    return total


def merge(total: Reached, more: Mapping[str, Mapping[str, int]]) -> None:
    """Adds counts to counts."""
    for dimension, counts in more.items():
        total.setdefault(dimension, Counter()).update(counts)
