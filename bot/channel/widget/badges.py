"""The widget's route for badges: what stands at products for the customer who looks at them."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.threads import reading
from bot.channel.badge_store import BadgeStore
from bot.channel.badges import badges_response, read_query
from bot.channel.service import ChannelService


def add_badges(routes: Blueprint, service: ChannelService, store: BadgeStore) -> None:
    """Adds the route.

    Args:
        routes: the channel's.
        service: what channels share.
        store: where badges are read.
    """

    @routes.get("/badges")
    @service.answering("badges")
    async def badges(request: Request) -> HTTPResponse:
        claims = await service.authenticate(request)
        wanted = read_query(request)
        answer = await reading(store.answer_for, claims.user, wanted)
        if any(each.badge.state != "available" for each in answer.found):
            service.counts.note_badged_page()
        return badges_response(request, answer)
