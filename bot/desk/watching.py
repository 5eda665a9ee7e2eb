"""What open pages ask for again and again: whether anything has changed, which all of them share, and whether a look is a new one for the audit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SAME_LOOK_SECONDS = 60.0
_MOST_LOOKS = 10_000
"""Remembered at once; with more, the oldest are audited again earlier."""


class SharedMark:
    """The mark of all cases, read once for everybody who asks within a short time.

    Args:
        read: reads it; blocking.
        seconds: how old an answer may be.
    """

    def __init__(self, read: Callable[[], str], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._lock = threading.Lock()
        self._mark = ""
        self._until = 0.0

    def __call__(self) -> str:
        """The mark."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._mark = self._read()
                self._until = time.monotonic() + self._seconds
            return self._mark


class Looks:
    """Which looks are new: a page that stays open is fetched anew at every change, and is one look a minute.

    It is the server that remembers, so that no request can say of itself that it need not be audited.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[tuple[str, ...], float] = {}

    def is_new(self, *look: str) -> bool:
        """Whether this look is to be audited; it is then remembered for a minute.

        Args:
            look: who looks at what.
        """
        now = time.monotonic()
        with self._lock:
            if self._until.get(look, 0.0) > now:
                return False
            self._until.pop(look, None)
            self._until[look] = now + SAME_LOOK_SECONDS
            while len(self._until) > _MOST_LOOKS:
                self._until.pop(next(iter(self._until)))
        return True
