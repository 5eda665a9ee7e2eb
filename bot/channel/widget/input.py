"""The Rasa input channel `widget`: the HTTP API that chat clients use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.connections import most_connections
from actions.core.causes import Cause
from actions.experiments.running import RunningExperiments
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state.conversations import Message
from actions.threads import reading, writing
from bot.channel import opening
from bot.channel.badge_store import BadgeStore
from bot.channel.notices import NoticeBoard
from bot.channel.plain_text import trimmed
from bot.channel.requests import envelope, opinion, position, vote_cast
from bot.channel.service import ChannelService
from bot.channel.unasked import UnaskedChecks
from bot.channel.widget.badges import add_badges
from bot.channel.widget.notices import add_notices
from bot.channel.widget.pictures import add_pictures
from bot.channel.widget.stream import ConversationStream
from bot.web.responses import HEARTBEAT_SECONDS, NOT_KEPT, RETRY_SECONDS, ProblemError, json_response


def labels(knowledge: Knowledge) -> dict[str, Any]:
    """Titles of causes with who can fix them and what they take, and names of facts with the words for their values.

    A fact without a name is not meant for people: clients leave it out.
    """
    known = knowledge.causes.values()
    causes = {cause.id: {"title": cause.title, "fixed_by": cause.fixed_by, **_at_hand(cause, knowledge)} for cause in known}
    evidence, shown = (name for cause in known for name in cause.evidence), (name for cause in known for name in cause.shows)
    return {"causes": causes, "facts": knowledge.facts.names_for_customers(evidence, shown)}


def _at_hand(cause: Cause, knowledge: Knowledge) -> dict[str, str]:
    return {"changed_by": cause.changed_by, "needs": knowledge.openings.needs_of(cause)}


MOST_STREAMS = 8
"""Open streams per customer: tabs and devices."""
LONGEST_HISTORY = 1000
"""Messages of one answer."""
_SHARE_OF_STREAMS = 0.75
"""Of all connections; the others stay for messages and for whoever asks whether the server lives."""


class WidgetInput(InputChannel):
    """Rasa's input channel for the chat widget.

    Args:
        service: what channels share.
        knowledge: what the machine words of messages are called.
        heartbeat: seconds of silence after which a stream gets a comment.
        checks: tells customers unasked what has changed; None: nobody does.
        others: what else runs while this does.
        badges: what stands at products; default: by the clock of the world.
        experiments: in whose words customers read what is no turn; default: none runs.
    """

    def __init__(
        self,
        service: ChannelService,
        knowledge: KnowledgeStore,
        heartbeat: float = HEARTBEAT_SECONDS,
        checks: UnaskedChecks | None = None,
        others: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
        badges: BadgeStore | None = None,
        experiments: RunningExperiments | None = None,
    ) -> None:
        self.badges = badges or service.store.badges(knowledge)
        self._checks, self._others = checks, others
        self._experiments = experiments or service.store.experiments(knowledge)
        self._board = NoticeBoard(service.store.notices(self._experiments))
        self._beside: list[asyncio.Task[None]] = []
        self.service = service
        self._knowledge = knowledge
        self._heartbeat = heartbeat

    @classmethod
    def name(cls) -> str:
        """The channel's name and the last part of its address."""
        return "widget"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        service = self.service
        turns = service.turns(on_new_message, self.name())
        routes = Blueprint("widget_channel")

        @routes.post("/messages")
        @service.answering("post")
        async def post(request: Request) -> HTTPResponse:
            claims = await service.admitted(request)
            return _messages(await turns.take(claims, envelope(request.body)))

        @routes.get("/messages")
        @service.answering("history")
        async def history(request: Request) -> HTTPResponse:
            claims = await service.authenticate(request)
            after = position(_positions(request))
            # Written down beside the loop, too: a long history takes longer than a turn.
            messages, given = await reading(self._past, claims.user, after)
            await ConversationStream(service, claims, self._heartbeat, self._board).has_read(messages[:LONGEST_HISTORY])
            return await reading(_history, messages, given)

        @routes.get("/events")
        @service.answering("events")
        async def events(request: Request) -> None:
            claims = await service.authenticate(request)
            after = position(_positions(request), request.headers.get("last-event-id"))
            if service.feed.listening(claims.user) >= MOST_STREAMS:
                raise ProblemError("too_many_streams", retry_after=RETRY_SECONDS)
            if service.feed.streams >= most_connections() * _SHARE_OF_STREAMS:
                raise ProblemError("unavailable", RETRY_SECONDS)
            await ConversationStream(service, claims, self._heartbeat, self._board).run(request, after)

        add_pictures(routes, service, self._knowledge)
        add_notices(routes, service, self._board)
        add_badges(routes, service, self.badges)

        @routes.post("/rating")
        @service.answering("rating")
        async def rating(request: Request) -> HTTPResponse:
            claims = await service.admitted(request)
            given = opinion(request.body)
            word = mask(trimmed(given.word)).text if given.word else None
            await writing(service.store.rate, claims.user, given, word)
            service.metrics.ratings.labels(str(given.score)).inc()
            return raw(b"", status=204, headers=NOT_KEPT)

        @routes.post("/feedback")
        @service.answering("feedback")
        async def feedback(request: Request) -> HTTPResponse:
            claims = await service.admitted(request)
            cast = vote_cast(request.body)
            word = mask(trimmed(cast.word)).text if cast.word else None
            await writing(service.store.vote, claims.user, cast, word)
            service.metrics.votes.labels(cast.vote or "none").inc()
            return raw(b"", status=204, headers=NOT_KEPT)

        @routes.get("/opening")
        @service.answering("opening")
        async def first_screen(request: Request) -> HTTPResponse:
            claims = await service.admitted(request)
            return json_response(await opening.shown(service.store, self._experiments, claims))

        @routes.get("/labels")
        @service.answering("labels")
        async def words(request: Request) -> HTTPResponse:
            await service.authenticate(request)
            return json_response(await reading(lambda: labels(self._knowledge.current)))

        @routes.get("/reference")
        @service.answering("reference")
        async def reference(request: Request) -> HTTPResponse:
            claims = await service.authenticate(request)
            return json_response({"customer": await writing(service.store.reference, claims.user)})

        @routes.listener("after_server_start")
        async def check(_app: Any, loop: Any) -> None:
            runs = [each.run() for each in (service.counts, self._board, self._checks) if each is not None]
            runs += [each() for each in self._others]
            self._beside = [loop.create_task(each) for each in runs]

        @routes.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            for task in self._beside:
                task.cancel()
            await asyncio.gather(*self._beside, return_exceptions=True)
            service.feed.end()

        @routes.listener("after_server_stop")
        async def stop(_app: Any, _loop: Any) -> None:
            await turns.close()
            await service.close()

        return routes

    def _past(self, conversation: str, after: int) -> tuple[tuple[Message, ...], dict[str, Any]]:
        # Read first: an opinion that is given meanwhile is then told of a message that is known.
        given = self.service.store.given(conversation, after)
        return self.service.store.history(conversation, after, LONGEST_HISTORY + 1), given


def _positions(request: Request) -> list[str]:
    return request.get_args(keep_blank_values=True).getlist("after", []) or []


def _history(messages: tuple[Message, ...], given: dict[str, Any]) -> HTTPResponse:
    more = {"more": True} if len(messages) > LONGEST_HISTORY else {}
    return _messages(messages[:LONGEST_HISTORY], **more, **given)


def _messages(messages: tuple[Message, ...], **beside: Any) -> HTTPResponse:
    return json_response({"messages": [message.to_json() for message in messages], **beside})
