"""Real time, for what happens in the world outside: messages, handoffs, audit. The facts have a clock of their own (``clock``)."""

from __future__ import annotations

from datetime import datetime

from actions.core.moments import SHANGHAI


def real_now() -> datetime:
    """The present instant, in the time zone people read."""
    return datetime.now(SHANGHAI)
