"""Who is listening to which conversation, and waking them when it has something new."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from actions.state.announcing import NEWS, TYPING, number_of
from actions.threads import reading
from bot.channel.signals import Signals
from bot.channel.store import ChannelStore

logger = logging.getLogger(__name__)

UNTOLD_SECONDS = 5.0
"""Between two looks while other processes tell what they write: what they told while the connection broke is not told again."""


class Listener:
    """One open stream."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._typing = False

    def wake(self) -> None:
        """Says that there may be something new."""
        self._news.set()

    def notice_typing(self) -> None:
        """Says that the person who has the case writes just now."""
        self._typing = True
        self.wake()

    def types(self) -> bool:
        """Whether the person was seen writing since this was asked last."""
        seen, self._typing = self._typing, False
        return seen

    async def wait(self, seconds: float) -> bool:
        """Waits for news; False if none came in time."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._news.clear()
        return True


class Feed:
    """Wakes listeners at once for what this process writes and for what others tell, and within a poll for what nobody tells.

    All listeners share one query per poll, so a thousand open streams cost the database as much as one.

    Args:
        store: where conversations are read.
        poll: seconds between two looks into the database while nothing can be told.
        signals: what other processes tell; None: they cannot.
    """

    def __init__(self, store: ChannelStore, poll: float = 0.5, signals: Signals | None = None) -> None:
        self._store = store
        self._poll = poll
        self._signals = signals
        self._numbers: dict[int, str] = {}
        if signals is not None:
            signals.on(NEWS, self._told)
            signals.on(TYPING, self._types)
        self._listeners: dict[str, set[Listener]] = {}
        self._seen: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.ended = False

    def listening(self, conversation: str) -> int:
        """How many streams of a conversation are open."""
        return len(self._listeners.get(conversation, ()))

    @property
    def conversations(self) -> tuple[str, ...]:
        """Those that have an open stream."""
        return tuple(self._listeners)

    @property
    def streams(self) -> int:
        """How many streams are open in all."""
        return sum(map(len, self._listeners.values()))

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """Opens a listener for as long as the context lasts."""
        listener = Listener()
        self._listeners.setdefault(conversation, set()).add(listener)
        if self._signals is not None:
            self._numbers[number_of(conversation)] = conversation
            self._signals.begin()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())
        try:
            yield listener
        finally:
            listeners = self._listeners[conversation]
            listeners.discard(listener)
            if not listeners:
                del self._listeners[conversation]
                self._seen.pop(conversation, None)
                self._numbers.pop(number_of(conversation), None)

    def wake(self, conversation: str) -> None:
        """Says that a conversation has something new."""
        for listener in self._listeners.get(conversation, ()):
            listener.wake()

    def types(self, conversation: str) -> None:
        """Says that the person who has the case writes just now; other processes are told by ``announcing``."""
        for listener in self._listeners.get(conversation, ()):
            listener.notice_typing()

    def end(self) -> None:
        """Asks every stream to end, so that the server can stop at once."""
        self.ended = True
        for conversation in list(self._listeners):
            self.wake(conversation)

    async def close(self) -> None:
        """Stops watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _told(self, number: int) -> None:
        if number in self._numbers:
            self.wake(self._numbers[number])

    def _types(self, number: int) -> None:
        if number in self._numbers:
            self.types(self._numbers[number])

    async def _watch(self) -> None:
        while self._listeners:
            told = self._signals is not None and self._signals.alive
            await asyncio.sleep(max(self._poll, UNTOLD_SECONDS) if told else self._poll)
            try:
                latest = await reading(self._store.latest, list(self._listeners))
            except Exception as error:
                logger.warning("cannot look for new messages: %s", type(error).__name__)
                continue
            for conversation, seq in latest.items():
                if conversation in self._listeners and self._seen.get(conversation) != seq:
                    self._seen[conversation] = seq
                    self.wake(conversation)
