"""What follows from how a supervised process has fared: whether it hangs, when it is started again, and when that is given up."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = (1, 2)
"""Exit codes of a process that said why it cannot start; at the next attempt it would say the same."""


@dataclass(frozen=True)
class Waits:
    """Seconds, and attempts.

    Attributes:
        start: from being started to being ready.
        silence: without a sign of life.
        stop: from being asked to end to being ended hard.
        healthy: of work after which earlier failures are forgotten.
        longest_wait: between an end and the next start.
        attempts: to become ready for the first time.
    """

    start: float = 180.0
    silence: float = 30.0
    stop: float = 45.0
    healthy: float = 60.0
    longest_wait: float = 30.0
    attempts: int = 3


@dataclass
class Course:
    """How one process has fared so far, its successors included. Whoever uses it brings the time.

    Attributes:
        waits: what it is measured by.
        ready: whether it can do its work now.
        has_been_ready: whether it ever could.
        failures: ends that nobody asked for, since it last worked for a while.
    """

    waits: Waits
    ready: bool = False
    has_been_ready: bool = False
    failures: int = 0
    _started: float = 0.0
    _heard: float | None = None
    _ready_since: float | None = None

    def started(self, now: float) -> None:
        """It was started."""
        self.ready, self._started, self._heard, self._ready_since = False, now, None, None

    def heard(self, now: float, ready: bool) -> None:
        """It gave a sign of life."""
        self._heard, self.ready = now, ready
        if ready:
            self.has_been_ready = True
            self._ready_since = now if self._ready_since is None else self._ready_since

    def ended(self, now: float) -> float:
        """It ended without being asked. Returns how many seconds to wait: none the first time, then twice as long each time."""
        if self._ready_since is not None and now - self._ready_since >= self.waits.healthy:
            self.failures = 0
        self.failures += 1
        self.ready = False
        return 0.0 if self.failures == 1 else min(2.0 ** (self.failures - 2), self.waits.longest_wait)

    def is_hopeless(self, code: int) -> bool:
        """Whether there is no use in another start after an end with this exit code.

        What has worked once is started again for ever: what it needs may come back.
        """
        return not self.has_been_ready and (code in REFUSED or self.failures >= self.waits.attempts)

    def trouble(self, now: float) -> str | None:
        """Why it must be ended hard; None: it need not."""
        silent = now - (self._started if self._heard is None else self._heard)
        if self._heard is not None and silent > self.waits.silence:
            return f"gave no sign of life for {silent:.0f} s"
        if not self.ready and self._ready_since is None and now - self._started > self.waits.start:
            return f"was not ready after {now - self._started:.0f} s"
        return None
