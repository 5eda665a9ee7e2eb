"""The widget's routes for pictures: a customer sends one, and fetches those of their own conversation."""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.knowledge.store import KnowledgeStore
from actions.state.conversations import Message
from actions.state.pictures import CleanPicture, Picture
from actions.threads import reading, writing
from bot.channel.imaging import CONTENT_TYPE
from bot.channel.requests import message_id
from bot.channel.service import ChannelService
from bot.channel.turns import LONGEST_TURN
from bot.channel.uploads import Uploads, leave
from bot.web.responses import NOT_KEPT, ProblemError, json_response


def picture_response(picture: Picture) -> HTTPResponse:
    """A picture as it is answered: never more to a browser than a picture, wherever it is opened."""
    headers = {
        **NOT_KEPT,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": 'inline; filename="picture.jpg"',
    }
    return raw(picture.content, headers=headers, content_type=CONTENT_TYPE)


def add_pictures(routes: Blueprint, service: ChannelService, knowledge: KnowledgeStore) -> None:
    """Adds the routes.

    Args:
        routes: the channel's.
        service: what channels share.
        knowledge: what customers are told.
    """
    store, uploads = service.store.pictures(knowledge), Uploads()

    async def taken(conversation: str, identifier: str, picture: CleanPicture) -> tuple[Message, ...]:
        async with service.locks.hold(conversation):
            return await writing(store.take, conversation, identifier, picture)

    @routes.post("/pictures", stream=True)
    @service.answering("pictures")
    async def send(request: Request) -> HTTPResponse:
        try:
            claims = await service.admitted(request)
            identifier = message_id(request.args.get("id"))
            replies = await reading(store.replies, claims.user, identifier)
            if replies is None:
                picture = await uploads.picture_of(request)
                replies = await asyncio.wait_for(taken(claims.user, identifier, picture), LONGEST_TURN)
                service.feed.wake(claims.user)
        finally:
            await leave(request)
        return json_response({"messages": [message.to_json() for message in replies]})

    @routes.get("/pictures/<picture_id:str>")
    @service.answering("picture")
    async def fetch(request: Request, picture_id: str) -> HTTPResponse:
        claims = await service.authenticate(request)
        picture = await reading(store.find, claims.user, picture_id) if picture_id.isprintable() else None
        if picture is None:
            raise ProblemError("no_such_picture")
        return picture_response(picture)
