"""How fast one customer may write."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.channel.service import RateLimiter
from bot.web.responses import ProblemError


class Clocks:
    """Both clocks of a machine, of which one can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed, self.set_by = 0.0, 0.0
        begun, told = time.monotonic(), time.time()
        monkeypatch.setattr(time, "monotonic", lambda: begun + self.passed)
        monkeypatch.setattr(time, "time", lambda: told + self.passed + self.set_by)


@pytest.fixture()
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def wait(limiter: RateLimiter, user: str = "u-1") -> int | None:
    """Writes once; the seconds that a refusal names, or None."""
    try:
        asyncio.run(limiter.count(user))
    except ProblemError as refusal:
        assert refusal.status == 429
        return refusal.retry_after
    return None


def test_a_window_moves(clocks: Any) -> None:
    limiter = RateLimiter("3/minute")
    for passed in (0.0, 10.0, 20.0):
        clocks.passed = passed
        assert wait(limiter) is None
    assert wait(limiter) == 40 and wait(limiter, "u-2") is None
    clocks.passed = 60.5
    assert wait(limiter) is None and wait(limiter) == 10
    # Refused messages do not lengthen the wait, and long silence forgets all.
    clocks.passed = 1000.0
    assert [wait(limiter) for _ in range(4)] == [None, None, None, 60]


@pytest.mark.parametrize("set_by", [-3 * 3600.0, 3 * 3600.0])
def test_a_clock_that_is_set_changes_nothing(clocks: Any, set_by: float) -> None:
    limiter = RateLimiter("2/minute")
    assert wait(limiter) is None and wait(limiter) is None
    clocks.set_by = set_by
    assert wait(limiter) == 60
    clocks.passed = 61.0
    assert wait(limiter) is None
