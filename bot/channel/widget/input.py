"""The Rasa input channel `widget`: the HTTP API that chat clients use."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state.conversations import Message
from bot.channel.feed import Feed, Listener
from bot.channel.locks import Locks
from bot.channel.metrics import Metrics
from bot.channel.plain_text import trimmed
from bot.channel.rate_limit import RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import ROLE_AGENT, Claims, InvalidToken, TokenVerifier
from bot.channel.turns import RETRY_SECONDS, Turns
from bot.channel.widget.requests import envelope, opinion, position
from bot.web.problems import CONTENT_TYPE, ProblemError


def labels(knowledge: Knowledge) -> dict[str, Any]:
    """Titles of causes with who can fix them, and names of facts with the words for their values.

    A fact without a name is not meant for people: clients leave it out.
    """
    causes = {cause.id: {"title": cause.title, "fixed_by": cause.fixed_by} for cause in knowledge.causes.values()}
    evidence = (name for cause in knowledge.causes.values() for name in cause.evidence)
    return {"causes": causes, "facts": knowledge.facts.names_for_customers(evidence)}


logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
"""Proxies drop silent connections after 30 to 60 seconds."""
RECONNECT_MILLISECONDS = 1000
MOST_STREAMS = 8
"""Open streams per customer: tabs and devices."""
PAGE = 200
CLIENT_GONE = 499
"""Not in any standard, but what web servers log when the client hung up."""

Route = Callable[[Request], Coroutine[Any, Any, HTTPResponse | None]]


class WidgetInput(InputChannel):
    """Rasa's input channel for the chat widget.

    Args:
        store: the database, and the source of customers and orders.
        verifier: checks tokens.
        knowledge: what the machine words of messages are called.
        limiter: how fast one customer may write.
        locks: one turn at a time per conversation.
        metrics: counts.
        heartbeat: seconds of silence after which a stream gets a comment.
    """

    def __init__(
        self,
        store: ChannelStore,
        verifier: TokenVerifier,
        knowledge: KnowledgeStore,
        limiter: RateLimiter,
        locks: Locks,
        metrics: Metrics | None = None,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.store = store
        self.feed = Feed(store)
        self.metrics = metrics or Metrics()
        self.metrics.streams.set_function(lambda: self.feed.streams)
        self.verifier = verifier
        self.locks = locks
        self._knowledge = knowledge
        self._limiter = limiter
        self._heartbeat = heartbeat

    @classmethod
    def name(cls) -> str:
        """The channel's name and the last part of its address."""
        return "widget"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        turns = Turns(on_new_message, self.store, self.locks, self.feed, self.metrics)
        routes = Blueprint("widget_channel")

        @routes.post("/messages")
        @self._answering("post")
        async def post(request: Request) -> HTTPResponse:
            claims = await self._authenticate(request)
            await self._limiter.count(claims.user)
            return _messages(await turns.take(claims, envelope(request.body)))

        @routes.get("/messages")
        @self._answering("history")
        async def history(request: Request) -> HTTPResponse:
            claims = await self._authenticate(request)
            after = position(_positions(request))
            return _messages(await asyncio.to_thread(self.store.history, claims.user, after))

        @routes.get("/events")
        @self._answering("events")
        async def events(request: Request) -> None:
            claims = await self._authenticate(request)
            after = position(_positions(request), request.headers.get("last-event-id"))
            if self.feed.listening(claims.user) >= MOST_STREAMS:
                raise ProblemError("too_many_streams", retry_after=RETRY_SECONDS)
            # Listening begins before the first reading, so that nothing written between the two is missed.
            with self.feed.listen(claims.user) as listener:
                first = await asyncio.to_thread(self.store.history, claims.user, after, PAGE)
                await self._stream(request, claims, listener, after, first)

        @routes.post("/rating")
        @self._answering("rating")
        async def rating(request: Request) -> HTTPResponse:
            claims = await self._authenticate(request)
            await self._limiter.count(claims.user)
            given = opinion(request.body)
            word = mask(trimmed(given.word)).text if given.word else None
            await asyncio.to_thread(self.store.rate, claims.user, given, word)
            self.metrics.ratings.labels(str(given.score)).inc()
            return raw(b"", status=204, headers={"Cache-Control": "no-store"})

        @routes.get("/labels")
        @self._answering("labels")
        async def words(request: Request) -> HTTPResponse:
            await self._authenticate(request)
            return _json(await asyncio.to_thread(lambda: labels(self._knowledge.current)))

        @routes.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            self.feed.end()

        @routes.listener("after_server_stop")
        async def stop(_app: Any, _loop: Any) -> None:
            await turns.close()
            await self.feed.close()
            await self.locks.close()

        return routes

    async def _authenticate(self, request: Request) -> Claims:
        try:
            claims = self.verifier.verify_header(request.headers.get("authorization"))
        except InvalidToken:
            raise ProblemError("unauthorized") from None
        # A desk token names an employee, who must not be taken for a customer of the same id.
        if claims.role == ROLE_AGENT or not await asyncio.to_thread(self.store.knows, claims):
            raise ProblemError("unauthorized")
        return claims

    async def _stream(self, request: Request, claims: Claims, listener: Listener, after: int, news: tuple[Message, ...]) -> None:
        response = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        await response.send(f"retry: {RECONNECT_MILLISECONDS}\n\n")
        while not self.feed.ended and time.time() < claims.expires_at:
            for message in news:
                after = message.seq
                await response.send(_event(message))
            if len(news) < PAGE:
                patience = min(self._heartbeat, max(0.0, claims.expires_at - time.time()))
                if not await listener.wait(patience):
                    await response.send(": still here\n\n")
            news = await self._news(claims.user, after)
        await response.eof()

    async def _news(self, conversation: str, after: int) -> tuple[Message, ...]:
        try:
            return await asyncio.to_thread(self.store.history, conversation, after, PAGE)
        except Exception as error:
            logger.warning("an event stream cannot read its conversation: %s", type(error).__name__)
            return ()

    def _answering(self, route: str) -> Callable[[Route], Route]:
        """Turns refusals into problem documents and counts the request."""

        def decorate(handler: Route) -> Route:
            @functools.wraps(handler)
            async def answer(request: Request) -> HTTPResponse | None:
                begun, status = time.perf_counter(), 200
                try:
                    return await handler(request)
                except ProblemError as problem:
                    status = problem.status
                    return problem_response(problem)
                except asyncio.CancelledError:
                    status = CLIENT_GONE
                    raise
                except Exception as error:
                    logger.error("%s failed: %s", route, type(error).__name__, exc_info=error)
                    status = 503
                    kept = False if route == "post" else None
                    return problem_response(ProblemError("turn_failed" if kept is False else "unavailable", RETRY_SECONDS, kept))
                finally:
                    self.metrics.requests.labels(route, request.method, str(status)).inc()
                    if route != "events":
                        self.metrics.request_seconds.labels(route).observe(time.perf_counter() - begun)

            return answer

        return decorate


def problem_response(problem: ProblemError) -> HTTPResponse:
    """The refusal as an HTTP response."""
    return raw(problem.body(), status=problem.status, headers=problem.headers(), content_type=CONTENT_TYPE)


def _positions(request: Request) -> list[str]:
    return request.get_args(keep_blank_values=True).getlist("after", []) or []


def _messages(messages: tuple[Message, ...]) -> HTTPResponse:
    return _json({"messages": [message.to_json() for message in messages]})


def _json(body: Mapping[str, Any]) -> HTTPResponse:
    return raw(json.dumps(body, ensure_ascii=False).encode(), headers={"Cache-Control": "no-store"}, content_type="application/json")


def _event(message: Message) -> str:
    # JSON never holds a raw line break, so one data line is enough.
    return f"id: {message.seq}\nevent: message\ndata: {json.dumps(message.to_json(), ensure_ascii=False)}\n\n"
