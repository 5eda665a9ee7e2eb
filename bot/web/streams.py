"""Server-sent events: a stream that is kept open, and kept alive while there is nothing to say."""

from __future__ import annotations

from typing import Any

from sanic.request import Request

from bot.web.responses import NOT_KEPT

HEARTBEAT_SECONDS = 15.0
"""Proxies drop silent connections after 30 to 60 seconds."""
RECONNECT_MILLISECONDS = 1000


class EventStream:
    """An open stream of events to one browser."""

    def __init__(self, response: Any) -> None:
        self._response = response

    @classmethod
    async def open(cls, request: Request) -> EventStream:
        """Begins the answer to a request, and says after how long a lost connection is to be made anew."""
        # X-Accel-Buffering: some proxies would otherwise collect what belongs to the browser at once.
        headers = {**NOT_KEPT, "X-Accel-Buffering": "no"}
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
        await response.send(f"retry: {RECONNECT_MILLISECONDS}\n\n")
        return cls(response)

    async def send(self, identifier: int | str, data: str, name: str | None = None) -> None:
        """Sends an event.

        Args:
            identifier: from where a lost connection goes on.
            data: one line.
            name: the event's type; None: a plain message.
        """
        kind = f"event: {name}\n" if name else ""
        await self._response.send(f"id: {identifier}\n{kind}data: {data}\n\n")

    async def beat(self) -> None:
        """Sends a comment, which no browser shows."""
        await self._response.send(": still here\n\n")

    async def end(self) -> None:
        """Ends the stream."""
        await self._response.eof()
