"""One open stream of a conversation: its messages, who has the case, that the person writes just now, and incidents that hold for the customer."""

from __future__ import annotations

import json
import logging
import time

from sanic.request import Request

from actions.state.conversations import Message
from actions.threads import reading, writing
from bot.channel.feed import Listener
from bot.channel.notice_store import Looker, Shown, to_json
from bot.channel.notices import Followed, NoticeBoard
from bot.channel.service import ChannelService
from bot.channel.standing import ALONE, Standing
from bot.channel.tokens import Claims
from bot.web.responses import EventStream

logger = logging.getLogger(__name__)

PAGE = 200
PLACE_SECONDS = 5.0
"""Between two looks at the place of a customer who waits: others leave the queue without a word in this conversation."""


class ConversationStream:
    """What one stream brings until its token ends or the server stops.

    Args:
        service: what channels share.
        claims: whose it is.
        heartbeat: seconds of silence after which it gets a comment.
        board: keeps it told of incidents.
    """

    def __init__(self, service: ChannelService, claims: Claims, heartbeat: float, board: NoticeBoard) -> None:
        self._service = service
        self._claims = claims
        self._heartbeat = heartbeat
        self._board = board
        # That nobody but the assistant is there, and that nothing is wrong, is what clients take for granted.
        self._told = ALONE
        self._shown: Shown = ()

    async def run(self, request: Request, after: int) -> None:
        """Answers the request with the stream.

        Args:
            after: the seq of the last message that the client has.
        """
        feed, user = self._service.feed, self._claims.user
        # Listening begins before the first reading, so that nothing written between the two is missed.
        with feed.listen(user) as listener, self._board.follow(Looker(user, self._claims.order), listener) as followed:
            news = await reading(self._service.store.history, user, after, PAGE)
            standing = await reading(self._service.store.standing, user)
            stream = await EventStream.open(request)
            while not feed.ended and time.time() < self._claims.expires_at:
                for message in news:
                    after = message.seq
                    await stream.send(message.seq, json.dumps(message.to_json(), ensure_ascii=False), "message")
                await self._tell(stream, standing, listener)
                await self._show(stream, followed)
                await self.has_read(news)
                if len(news) < PAGE:
                    await self._wait(stream, listener, standing)
                if standing.place is not None:
                    standing = await self._standing(standing)
                # Read after it: of what changed both, the message comes first.
                news = await self._news(after)
                if news and self._shown:
                    # A turn may have taken the wish to be told of its end.
                    followed.look_again()
                if news:
                    standing = await self._standing(standing)
            await stream.end()

    async def has_read(self, messages: tuple[Message, ...]) -> None:
        """Notes that the customer has what came unasked."""
        if not any(message.is_unasked for message in messages):
            return
        try:
            await writing(self._service.store.read_through, self._claims.user, messages[-1].seq)
        except Exception as error:
            # Then they are called once too often.
            logger.warning("it could not be noted what was read: %s", type(error).__name__)

    async def _tell(self, stream: EventStream, standing: Standing, listener: Listener) -> None:
        if standing != self._told:
            self._told = standing
            await stream.tell("person", json.dumps(standing.to_json(), ensure_ascii=False))
        if listener.types() and standing.stage == "person":
            await stream.tell("typing", "{}")

    async def _show(self, stream: EventStream, followed: Followed) -> None:
        shown = followed.shown
        if shown is not None and shown != self._shown:
            self._shown = shown
            await stream.tell("notice", json.dumps(to_json(shown), ensure_ascii=False))
            await self._board.note_shown(followed.looker, shown)

    async def _wait(self, stream: EventStream, listener: Listener, standing: Standing) -> None:
        patience = min(self._heartbeat, max(0.0, self._claims.expires_at - time.time()))
        if not await listener.wait(patience if standing.place is None else min(patience, PLACE_SECONDS)):
            await stream.beat()

    async def _news(self, after: int) -> tuple[Message, ...]:
        try:
            return await reading(self._service.store.history, self._claims.user, after, PAGE)
        except Exception as error:
            logger.warning("an event stream cannot read its conversation: %s", type(error).__name__)
            return ()

    async def _standing(self, before: Standing) -> Standing:
        try:
            return await reading(self._service.store.standing, self._claims.user)
        except Exception as error:
            logger.warning("an event stream cannot read who has the case: %s", type(error).__name__)
            return before
