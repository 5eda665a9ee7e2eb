"""What open pages ask for again and again: whether anything has changed, which all of them share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


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
