"""A second channel: one JSON request, one JSON answer, for clients that show no buttons. It proves that turns belong to no channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel.requests import envelope
from bot.channel.service import ChannelService
from bot.web.responses import json_response


class PlainInput(InputChannel):
    """Rasa's input channel `plain`."""

    def __init__(self, service: ChannelService) -> None:
        self._service = service

    @classmethod
    def name(cls) -> str:
        return "plain"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        turns = self._service.turns(on_new_message, self.name())
        routes = Blueprint("plain_channel")

        @routes.post("/say")
        @self._service.answering("say")
        async def say(request: Request) -> HTTPResponse:
            claims = await self._service.admitted(request)
            replies = await turns.take(claims, envelope(request.body))
            return json_response({"text": "\n".join(message.text for message in replies if message.text)})

        @routes.listener("after_server_stop")
        async def stop(_app: Any, _loop: Any) -> None:
            await turns.close()

        return routes
