"""What was refused, what failed, and on how many pages badges were looked at, counted by minute for whoever watches; whose it was is not kept."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from actions.core.observations import Kind
from actions.threads import writing
from bot.channel.store import ChannelStore

logger = logging.getLogger(__name__)

_FAILURES = ("turn_failed", "unavailable")
_SECONDS = 20.0
"""Between two looks for something to be written down: what is a minute's is written in it, or soon after."""


class MinuteCounts:
    """Counts in memory, which costs nothing per request, and writes the sums down.

    Args:
        store: where to.
    """

    def __init__(self, store: ChannelStore) -> None:
        self._store = store
        self._counts: Counter[tuple[Kind, str]] = Counter()

    def note(self, problem: str) -> None:
        """Counts a problem by the name of its type."""
        self._counts["failed" if problem in _FAILURES else "refused", problem] += 1

    def note_badged_page(self) -> None:
        """Counts that a customer's page was given a badge that says that installments are not possible, or only with a condition."""
        self._counts["badged", ""] += 1

    async def run(self) -> None:
        """Writes down again and again until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Writes down what was counted; what cannot be written now is written next time."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            await writing(self._store.count_nobodys, counts)
        except Exception as error:
            self._counts.update(counts)
            logger.warning("cannot write down what was counted: %s", type(error).__name__)
