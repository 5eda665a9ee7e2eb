"""What follows from how a supervised process has fared: whether it hangs, when it is started again, and when that is given up."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = (1, 2)
"""Exit codes of a process that said why it cannot start; at the next attempt it would say the same."""


@dataclass(frozen=True)
class Waits:
    """Seconds, and attempts.

    Attributes:
        start: from being started to the first sign of life, which means being ready.
        silence: without a further one.
        stop: from being asked to end to being ended hard.
        healthy: of work after which earlier failures are forgotten.
        useful: of work, after which ``longest_wait_of_useful`` holds: started again, it would serve again.
        longest_wait, longest_wait_of_useful: between an end and the next start.
        attempts: to become ready for the first time.
    """

    start: float = 180.0
    silence: float = 30.0
    stop: float = 45.0
    healthy: float = 60.0
    useful: float = 2.0
    longest_wait: float = 30.0
    longest_wait_of_useful: float = 5.0
    attempts: int = 3


@dataclass
class Course:
    """How one process has fared so far, its predecessors included. Whoever uses it brings the time.

    Attributes:
        waits: what it is measured by.
        failures: ends that nobody asked for, since it last worked for a while.
        has_worked: whether it, or one before it, was ever ready.
    """

    waits: Waits
    failures: int = 0
    has_worked: bool = False
    _started: float = 0.0
    _first_heard: float | None = None
    _heard: float = 0.0

    @property
    def ready(self) -> bool:
        """Whether it has given a sign of life, which it does once it can do its work."""
        return self._first_heard is not None

    def started(self, now: float) -> None:
        """It was started."""
        self._started, self._first_heard = now, None

    def heard(self, now: float) -> None:
        """It gave a sign of life."""
        self._heard, self.has_worked = now, True
        self._first_heard = now if self._first_heard is None else self._first_heard

    def ended(self, now: float) -> float:
        """It ended without being asked. Returns how many seconds to wait: none the first time, then twice as long each time."""
        worked = 0.0 if self._first_heard is None else now - self._first_heard
        if worked >= self.waits.healthy:
            self.failures = 0
        self.failures += 1
        self._first_heard = None
        longest = self.waits.longest_wait_of_useful if worked >= self.waits.useful else self.waits.longest_wait
        return 0.0 if self.failures == 1 else min(2.0 ** (self.failures - 2), longest)

    def is_hopeless(self, code: int) -> bool:
        """Whether there is no use in another start after an end with this exit code.

        What has worked once is started again for ever: what it needs may come back.
        """
        return not self.has_worked and (code in REFUSED or self.failures >= self.waits.attempts)

    def trouble(self, now: float) -> str | None:
        """Why it must be ended hard; None: it need not."""
        if self._first_heard is None:
            waited = now - self._started
            return f"was not ready after {waited:.0f} s" if waited > self.waits.start else None
        silent = now - self._heard
        return f"gave no sign of life for {silent:.0f} s" if silent > self.waits.silence else None
