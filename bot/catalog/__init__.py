"""The API for a shop's own servers: badges of many products at a time, and which of them have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from actions.connections import vouch_for
from actions.threads import reading
from bot.channel.badge_store import BadgeStore
from bot.channel.badges import badges_response, read_body, read_changes
from bot.channel.service import ChannelService
from bot.channel.tokens import ROLE_CATALOG, InvalidToken
from bot.web.responses import ProblemError

PATH = "/catalog/badges"


def register(app: Any, service: ChannelService, store: BadgeStore) -> None:
    """Adds the routes.

    Args:
        app: the web server's application.
        service: checks tokens and counts.
        store: where badges are read.
    """

    @app.post(PATH, name="catalog_badges")
    @service.answering("catalog")
    async def badges(request: Request) -> HTTPResponse:
        _admit(service, request)
        return badges_response(request, await reading(store.answer, read_body(request.body)))

    @app.get(f"{PATH}/changes", name="catalog_changes")
    @service.answering("catalog")
    async def changes(request: Request) -> HTTPResponse:
        _admit(service, request)
        after, where = read_changes(request)
        skus, version, more = await reading(store.changed, after)
        answer = await reading(store.answer, replace(where, skus=tuple(skus)))
        return badges_response(request, replace(answer, version=version), more)


def _admit(service: ChannelService, request: Request) -> None:
    """Lets programs of a shop in.

    Raises:
        ProblemError: 401 no valid token; 403 somebody else's.
    """
    try:
        claims = service.verifier.verify_header(request.headers.get("authorization"))
    except InvalidToken:
        raise ProblemError("unauthorized") from None
    if ROLE_CATALOG not in claims.roles:
        raise ProblemError("wrong_role")
    vouch_for(request)
