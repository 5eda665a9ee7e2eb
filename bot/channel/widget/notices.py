"""The widget's routes for incidents and maintenance: what holds for the customer, and the wish to be told of its end."""

from __future__ import annotations

import hashlib
import json

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.channel.notice_store import Looker, to_json
from bot.channel.notices import NoticeBoard
from bot.channel.requests import wished_incident
from bot.channel.service import ChannelService
from bot.web.responses import NOT_KEPT


def add_notices(routes: Blueprint, service: ChannelService, board: NoticeBoard) -> None:
    """Adds the routes.

    Args:
        routes: the channel's.
        service: what channels share.
        board: what holds for whom.
    """

    @routes.get("/notices")
    @service.answering("notices")
    async def notices(request: Request) -> HTTPResponse:
        claims = await service.admitted(request)
        looker = Looker(claims.user, claims.order)
        shown = await board.read(looker)
        await board.note_shown(looker, shown)
        content = json.dumps(to_json(shown), ensure_ascii=False).encode()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        # It may be kept to be asked about, by nobody but the customer.
        headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Authorization"}
        if request.headers.get("if-none-match") == tag:
            return raw(b"", status=304, headers=headers)
        return raw(content, content_type="application/json", headers=headers)

    @routes.post("/subscriptions")
    @service.answering("subscriptions")
    async def subscribe(request: Request) -> HTTPResponse:
        claims = await service.admitted(request)
        await board.subscribe(Looker(claims.user, claims.order), wished_incident(request.body))
        return raw(b"", status=204, headers=NOT_KEPT)
