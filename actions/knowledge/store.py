"""The knowledge of a running process: its files may be edited meanwhile, and whatever becomes of them, what was right last is there."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.knowledge.model import Knowledge
from actions.yaml_source import SourceError

LOOK_SECONDS = 1.0
"""Seconds for which the folder is not looked at again: a turn asks for the knowledge several times, and there are many turns."""
RETRY_SECONDS = 10.0
"""Seconds after which files that could not be used are read again although they look the same; twice as many after each time."""
LONGEST_RETRY = 600.0

log = structlog.get_logger()

_Stamp = tuple[tuple[str, int, int, int, int], ...]
_Work = Callable[[], None]


def in_thread(work: _Work) -> None:
    """Does something beside everything else: reading the folder takes a second, which no turn and no other customer shall wait for."""
    threading.Thread(target=work, name="knowledge", daemon=True).start()


class KnowledgeStore:
    """The last knowledge that was right.

    Args:
        root: the knowledge folder; the project's own by default.
        look_seconds: as ``LOOK_SECONDS``.
        clock: seconds that only ever grow.
        beside: does the reading of a folder that has changed.
    """

    def __init__(
        self,
        root: Path | None = None,
        look_seconds: float = LOOK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        beside: Callable[[_Work], None] = in_thread,
    ) -> None:
        self._root = root or DEFAULT_ROOT
        self._look_seconds = look_seconds
        self._clock = clock
        self._beside = beside
        self._looking = threading.Lock()
        self._good: Knowledge | None = None
        self._version = ""
        self._stamp: _Stamp = ()
        self._complaint = ""
        self._next_look = self._next_try = 0.0
        self._patience = RETRY_SECONDS

    @property
    def current(self) -> Knowledge:
        """The knowledge, read again beside all else once a file has changed; a change that cannot be used is logged once, and what was
        right stays.

        Raises:
            SourceError: it could not be used from the beginning.
        """
        if self._good is None:
            with self._looking:
                if self._good is None:
                    self._good = self._begin()
        elif self._clock() >= self._next_look and self._looking.acquire(blocking=False):
            # Whoever comes while somebody else looks takes what there is.
            self._look()
        return self._good

    @property
    def version(self) -> str:
        """A short hash of the files of what is there; empty before it was read for the first time."""
        return self._version

    def _begin(self) -> Knowledge:
        self._stamp = self._stamp_now()
        knowledge = load(self._root)
        self._version = version_of(self._root)
        self._next_look = self._clock() + self._look_seconds
        return knowledge

    def _look(self) -> None:
        self._next_look = self._clock() + self._look_seconds
        reading = False
        try:
            stamp = self._stamp_now()
            if stamp != self._stamp or (self._complaint and self._clock() >= self._next_try):
                self._patience = RETRY_SECONDS if stamp != self._stamp else min(2 * self._patience, LONGEST_RETRY)
                self._next_try = self._clock() + self._patience
                reading = True
                self._beside(lambda: self._read_and_release(stamp))
        except RuntimeError:
            reading = False  # No thread can be started now; the next look tries again.
        finally:
            if not reading:
                self._looking.release()

    def _read_and_release(self, stamp: _Stamp) -> None:
        try:
            self._read(stamp)
        finally:
            self._looking.release()

    def _read(self, stamp: _Stamp) -> None:
        try:
            knowledge = load(self._root)
        except SourceError as error:
            self._complain([str(problem) for problem in error.problems])
        except Exception as error:
            # Whatever else a file can do to its reader, customers must go on being answered.
            self._complain([f"{self._root.name}: cannot be read: {type(error).__name__}: {error}"])
        else:
            if stamp != self._stamp_now():
                return  # Somebody is writing; a mixture of old and new files may be right by chance only.
            self._good, self._complaint = knowledge, ""
            self._version = version_of(self._root)
        self._stamp = stamp

    def _complain(self, problems: list[str]) -> None:
        complaint = "\n".join(problems)
        if complaint != self._complaint:
            self._complaint = complaint
            log.error("knowledge.not_usable", problems=problems)

    def _stamp_now(self) -> _Stamp:
        found = []
        # os.walk passes over folders that vanish or may not be read.
        for folder, folders, files in os.walk(self._root):
            folders.sort()
            for name in sorted(files):
                if name.endswith(".yml") and not name.startswith("."):
                    found.append(_stamp_of(os.path.join(folder, name)))
        return tuple(found)


def version_of(root: Path) -> str:
    """A short hash of the files of a knowledge folder."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yml")):
        # What an editor keeps beside an open file is none of them, and what somebody takes away meanwhile is one no more.
        if not path.name.startswith(".") and path.is_file():
            with suppress(FileNotFoundError):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _stamp_of(path: str) -> tuple[str, int, int, int, int]:
    try:
        state = os.stat(path)
    except OSError:
        return path, 0, 0, 0, 0
    return path, state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino
