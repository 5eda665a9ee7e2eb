"""Whether a look is a new one for the audit: a page that stays open is fetched again and again, and is one look a minute."""

from __future__ import annotations

import threading
import time

SAME_LOOK_SECONDS = 60.0
_MOST_LOOKS = 10_000
"""Remembered at once; with more, the oldest are audited again earlier."""


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
