"""The moment by which a turn must be done, agreed between the turn and the thread that stores it: one of them has the last word."""

from __future__ import annotations

import threading
import time


class TooLate(TimeoutError):
    """The customer has been told that nothing was kept, so nothing may be kept."""


class Deadline:
    """One turn's.

    A thread cannot be stopped from outside. So the storing thread asks just before it commits; once it was let, the turn waits for it, and once
    the turn has given up, it is not let any more.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._given_up = False
        self.committing = False

    @property
    def left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self._until - time.monotonic())

    def commit(self) -> None:
        """Says that what follows is the commit.

        Raises:
            TooLate: the turn has given up, or the time is over.
        """
        with self._lock:
            if self._given_up or not self.left:
                self._given_up = True
                raise TooLate("the turn took too long to be stored")
            self.committing = True

    def give_up(self) -> bool:
        """Whether nothing will be committed any more; if not, it is being committed just now."""
        with self._lock:
            self._given_up = not self.committing
            return self._given_up
