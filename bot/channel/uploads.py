"""Reading a picture's bytes from a request: the only body that may be larger than a message."""

from __future__ import annotations

from sanic.request import Request

from actions.state.pictures import CleanPicture
from bot.channel.imaging import LARGEST_PICTURE, NoPicture, cleaned, imaging
from bot.web.responses import RETRY_SECONDS, ProblemError

MOST_AT_ONCE = 4
"""Pictures being read or unpacked at once; each takes up to its largest size of memory for as long as it dribbles in."""


class Uploads:
    """Takes pictures from requests, a few at a time."""

    def __init__(self) -> None:
        self._running = 0

    async def picture_of(self, request: Request) -> CleanPicture:
        """The picture that is a request's body, drawn anew.

        Raises:
            ProblemError: 413 too large; 415 no picture that is taken; 503 too many at once, nothing was kept.
            asyncio.TimeoutError: there was no time for it.
        """
        if self._running >= MOST_AT_ONCE:
            raise ProblemError("busy", retry_after=RETRY_SECONDS, kept=False)
        self._running += 1
        try:
            return await imaging(cleaned, await _body(request))
        except NoPicture:
            raise ProblemError("no_picture") from None
        finally:
            self._running -= 1


async def leave(request: Request) -> None:
    """Reads what is left of a body that nobody wants: a browser that is still sending would not see the answer."""
    left, stream = LARGEST_PICTURE, request.stream
    while left > 0 and stream is not None and stream.request_body and (part := await stream.read()):
        left -= len(part)


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    if int(request.headers.get("content-length") or 0) > LARGEST_PICTURE:
        raise ProblemError("picture_too_large")
    while request.stream is not None and (part := await request.stream.read()) is not None:
        size += len(part)
        if size > LARGEST_PICTURE:
            raise ProblemError("picture_too_large")
        parts.append(part)
    return b"".join(parts)
