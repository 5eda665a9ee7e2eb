"""One atomic turn per customer's message: everything of it is stored, or nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.exceptions import RasaException

from actions.masking import mask
from actions.state.conversations import Message, MessageDraft
from actions.threads import reading, writing
from bot.channel.buttons import always_accepted, outside_of_messages, parsed, typed_button
from bot.channel.deadline import Deadline
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.plain_text import Mended, read_together, spoken, trimmed, without_parts
from bot.channel.requests import Content, Envelope, content
from bot.channel.store import ChannelStore, Start
from bot.channel.tokens import Claims
from bot.engine.turn_state import Turn, open_turn, stage
from bot.web.metrics import Metrics
from bot.web.responses import RETRY_SECONDS, ProblemError


class Replies(OutputChannel):
    """The output channel of one turn."""

    def __init__(self) -> None:
        self.drafts: list[MessageDraft] = []

    @property
    def action(self) -> str | None:
        """The action that answered; None if nobody did."""
        return next((draft.action for draft in self.drafts if draft.action), None)

    @classmethod
    def name(cls) -> str:
        """Required by Rasa, which would choose among a response's variants by it; what this assistant says does not depend on the channel."""
        return "replies"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Takes one message as the action server or Rasa made it."""
        text = message.get("text") or ""
        data = message.get("custom") or None
        buttons = message.get("buttons") or []
        if not text and not data and not buttons:
            return
        self.drafts.append(
            MessageDraft(
                role="bot",
                text=text,
                buttons=[{"title": str(button["title"]), "payload": str(button["payload"])} for button in buttons],
                data=data,
                # What the action server said names its action; Rasa names the response where the domain's own are said.
                action=message.get("action") or message.get("utter_action"),
            )
        )


logger = logging.getLogger(__name__)

Handle = Callable[[UserMessage], Awaitable[Any]]
LONGEST_TURN = 25.0
"""Seconds until the assistant gives up, waiting for earlier messages included; the action server has 10 for each action."""
MOST_TURNS = 512
"""Turns that run or wait at once; more would only wait until their senders have given up."""


class NoAnswer(RasaException):
    """The assistant said nothing, which no customer may ever see as an answer."""


class Turns:
    """Takes customers' messages.

    Args:
        handle: lets the assistant answer into the message's output channel.
        store: the database.
        locks: one turn at a time per conversation.
        feed: tells open streams about new messages.
        metrics: counts.
        channel: the name of the channel whose messages these are.
    """

    def __init__(self, handle: Handle, store: ChannelStore, locks: Locks, feed: Feed, metrics: Metrics, channel: str) -> None:
        self._handle = handle
        self._store = store
        self._locks = locks
        self._feed = feed
        self._metrics = metrics
        self._channel = channel
        self._running: set[asyncio.Task[Any]] = set()

    async def take(self, claims: Claims, message: Envelope) -> tuple[Message, ...]:
        """Answers a message, or returns the stored replies if it was answered before.

        A client that hangs up does not stop the turn: it may ask again with the same id and gets the replies.

        Raises:
            ProblemError: refused, or failed with nothing stored.
        """
        if len(self._running) >= MOST_TURNS:
            self._metrics.turns.labels("busy").inc()
            raise ProblemError("busy", retry_after=RETRY_SECONDS, kept=False)
        task = asyncio.get_running_loop().create_task(self._counted(claims, message))
        self._running.add(task)
        self._metrics.turns_running.inc()
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def close(self, seconds: float = 5.0) -> None:
        """Waits for turns in progress."""
        if self._running:
            await asyncio.wait(list(self._running), timeout=seconds)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._metrics.turns_running.dec()
        if not task.cancelled():
            # Asking for the exception keeps asyncio from reporting it as never retrieved when the client has hung up.
            task.exception()

    async def _counted(self, claims: Claims, message: Envelope) -> tuple[Message, ...]:
        begun = time.perf_counter()
        outcome = "failed"
        try:
            deadline = Deadline(LONGEST_TURN)
            replies, outcome = await asyncio.wait_for(self._locked(claims, message, deadline), deadline.left)
            return replies
        except ProblemError as problem:
            outcome = problem.name
            raise
        except Exception as error:
            # What is raised on purpose explains itself; anything else needs its traceback.
            known = isinstance(error, (RasaException, asyncio.TimeoutError))
            reason = (str(error) or "it took too long") if known else type(error).__name__
            logger.error("a turn failed and nothing of it was stored: %s", reason, exc_info=None if known else error)
            raise ProblemError("turn_failed", retry_after=RETRY_SECONDS, kept=False) from None
        finally:
            self._metrics.turns.labels(outcome).inc()
            self._metrics.turn_seconds.observe(time.perf_counter() - begun)

    async def _locked(self, claims: Claims, message: Envelope, deadline: Deadline) -> tuple[tuple[Message, ...], str]:
        async with self._locks.hold(claims.user):
            begun = time.perf_counter()
            start = await reading(self._store.start, claims.user, message.id)
            read = time.perf_counter() - begun
            if start.replies is not None:
                return start.replies, "repeated"
            said, heard, mended = self._understand(claims, message, start)
            turn = Turn(claims.user, start.tracker, stages={"reading": read})
            if mended and start.tracker is not None:
                turn.save_tracker(without_parts(start.tracker, mended))
            output = Replies()
            if not start.taken:
                await self._run(turn, output, heard)
                if not output.drafts:
                    raise NoAnswer("the assistant said nothing")
            draft = MessageDraft(
                role="user",
                text=said,
                id=message.id,
                intent=turn.intent,
                confidence=turn.confidence,
                action=output.action,
                guess=turn.guess,
            )
            work = asyncio.ensure_future(writing(self._store.finish, turn, draft, output.drafts, start, deadline, mended))
            with open_turn(turn), stage("storing"):
                replies = await self._stored(work, deadline, claims.user, message.id)
        for name, seconds in turn.stages.items():
            self._metrics.stage_seconds.labels(name).inc(seconds)
        self._feed.wake(claims.user)
        return replies, "taken" if start.taken else "answered"

    async def _stored(
        self, work: asyncio.Future[tuple[Message, ...]], deadline: Deadline, conversation: str, message_id: str
    ) -> tuple[Message, ...]:
        """Waits until a turn is stored, or makes sure that it is not and never will be."""
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if deadline.give_up():
                work.cancel()
                raise
            return await work
        except Exception:
            # A connection that is lost during the commit does not tell whether it succeeded.
            found = await reading(self._store.replies, conversation, message_id) if deadline.committing else None
            if found is None:
                raise
            return found

    async def _run(self, turn: Turn, output: Replies, heard: dict[str, Any]) -> None:
        with open_turn(turn):
            await self._handle(UserMessage(output_channel=output, sender_id=turn.conversation, input_channel=self._channel, **heard))

    def _understand(self, claims: Claims, message: Envelope, start: Start) -> tuple[str, dict[str, Any], tuple[Mended, ...]]:
        """What the customer said as the history shows it, and as Rasa gets it, and what their messages before become."""
        sent: Content = content(message.fields)
        metadata: dict[str, Any] = {"order": claims.order, "masked": [], "message_id": message.id}
        heard: dict[str, Any] = {"message_id": message.id, "metadata": metadata}
        if sent.payload is not None:
            title = _title(sent.payload, start)
            return title, {**heard, "text": title, "parse_data": parsed(sent.payload, title)}, ()
        together = read_together(start.earlier, trimmed(sent.text or ""))
        masked = mask(together.text)
        metadata["masked"] = list(dict.fromkeys([*together.kinds, *masked.kinds]))
        if together.mended:
            metadata["mended"] = {each.message.id: each.text for each in together.mended}
        metadata["written"] = masked.text
        words = spoken(masked.text)
        payload = typed_button(words, [*_always(), *start.offered])
        if payload is not None:
            title = _title(payload, start)
            return masked.text, {**heard, "text": title, "parse_data": parsed(payload, title)}, together.mended
        return masked.text, {**heard, "text": words}, together.mended


def _title(payload: str, start: Start) -> str:
    titles = {**outside_of_messages(), **{button["payload"]: button["title"] for button in (*_always(), *start.offered)}}
    if payload not in titles:
        raise ProblemError("stale_payload")
    return titles[payload]


def _always() -> list[dict[str, str]]:
    return [{"title": title, "payload": payload} for payload, title in always_accepted().items()]
