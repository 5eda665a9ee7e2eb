"""Keeps open streams told of incidents and maintenance: reads again once the world has changed, for many customers at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from actions.threads import reading, writing
from bot.channel.feed import Listener
from bot.channel.notice_store import Looker, NoticeStore, Shown

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Between two looks whether the world has changed, which cost one statement as long as it has not."""
MOST_TOGETHER = 50
"""Customers whose state is read in one transaction."""
_MINUTE = 60

Mark = tuple[tuple[int, int], int]
"""What of the database stays the same, and the minute: time begins and ends incidents too, and elsewhere nobody tells of changes."""


class Followed:
    """What one open stream shows of incidents.

    Attributes:
        looker: whose stream it is.
        shown: what holds; None as long as it is not known.
        wishes: how often the customer alone has changed something.
    """

    def __init__(self, looker: Looker, listener: Listener) -> None:
        self.looker = looker
        self.shown: Shown | None = None
        self.wishes = 0
        self._listener = listener
        self._mark: tuple[Mark, int] | None = None

    def is_due(self, mark: Mark) -> bool:
        """Whether it must be read again."""
        return self._mark != (mark, self.wishes)

    def look_again(self) -> None:
        """Says that it may have changed for this customer alone."""
        self.wishes += 1

    def take(self, shown: Shown, mark: Mark, wishes: int) -> None:
        """Takes what was read, and wakes the stream if it has something to tell.

        Args:
            mark: what the world was like before it was read.
            wishes: how often the customer alone had changed something before.
        """
        self._mark = mark, wishes
        if shown != self.shown:
            self.shown = shown
            self._listener.wake()


class NoticeBoard:
    """Made once per process.

    Args:
        store: where it reads.
    """

    def __init__(self, store: NoticeStore) -> None:
        self._store = store
        self._followed: set[Followed] = set()
        self._asked = asyncio.Event()

    @contextmanager
    def follow(self, looker: Looker, listener: Listener) -> Iterator[Followed]:
        """Keeps a stream told for as long as the context lasts."""
        followed = Followed(looker, listener)
        self._followed.add(followed)
        self._asked.set()
        try:
            yield followed
        finally:
            self._followed.discard(followed)

    async def read(self, looker: Looker) -> Shown:
        """What holds for a customer now."""
        return (await reading(self._store.shown, [looker]))[looker]

    async def note_shown(self, looker: Looker, shown: Shown) -> None:
        """Observes what a customer is shown; that this fails is nothing to them."""
        if not shown:
            return
        try:
            await writing(self._store.note_shown, looker.user, shown)
        except Exception as error:
            logger.warning("it could not be noted which incidents were shown: %s", type(error).__name__)

    async def subscribe(self, looker: Looker, notice_id: str) -> None:
        """Notes that the customer wants to be told once it is over.

        Raises:
            ProblemError: 404, it does not hold for this customer.
        """
        await writing(self._store.subscribe, looker, notice_id)
        for each in self._followed:
            if each.looker.user == looker.user:
                each.look_again()
        self._asked.set()

    async def run(self, seconds: float = LOOK_SECONDS) -> None:
        """Looks again and again until cancelled, and at once when there is somebody new; what goes wrong is logged and tried again."""
        while True:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._asked.wait(), seconds)
            self._asked.clear()
            try:
                await self.look()
            except Exception as error:
                logger.warning("cannot look for incidents: %s", type(error).__name__)

    async def look(self) -> None:
        """Reads once what may have changed for those who have a stream open."""
        if not self._followed:
            return
        mark = await reading(self._store.mark), int(time.time() // _MINUTE)
        due = [each for each in self._followed if each.is_due(mark)]
        for begin in range(0, len(due), MOST_TOGETHER):
            await self._read(due[begin : begin + MOST_TOGETHER], mark)

    async def _read(self, due: Collection[Followed], mark: Mark) -> None:
        wishes = [each.wishes for each in due]
        shown = await reading(self._store.shown, {each.looker for each in due})
        for each, before in zip(due, wishes, strict=True):
            each.take(shown[each.looker], mark, before)
