"""HTTP as both servers speak it: a request that can be read in two ways is refused before Sanic acts on it.

Sanic 21.12 takes for a length whatever ``int()`` takes. ``Content-Length: -1`` then makes its loop ask for a body for ever, and a length
that a proxy reads in another way lets one request hide in another. No later Sanic fits Rasa 3.6, so the protocol is made strict here.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httptools
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.http import HTTP_CONTINUE, Http, Stage

from actions.connections import BoundedProtocol, Phase

_END = b"\r\n\r\n"
_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} (?:/|https?://)[!-~]* HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[\t ]*[0-9]{1,10}[\t ]*")
_CODING = re.compile(rb"[\t ]*chunked")
_EXPECTATION = re.compile(rb"[\t ]*100-continue[\t ]*", re.IGNORECASE)
_CHUNK = re.compile(rb"\r\n([0-9A-Fa-f]{1,8})[\t ]*(?:;[\t -~\x80-\xff]*)?")
_LONGEST_CHUNK_LINE = 64
"""As in Sanic."""
_MOST_SEGMENTS = 64
"""Of a path; Sanic's router goes one call deeper for each, until Python refuses."""


def is_unambiguous(head: bytes) -> bool:
    """Whether everybody reads a request's head in the same way.

    Names are tokens without a blank before the colon, no line is folded or holds control characters, there is at most one
    Content-Length, of ASCII digits, and a Transfer-Encoding is ``chunked``, stands alone and is not of HTTP/1.0, which has none. There is
    at most one Host, nothing is expected but ``100-continue``, and the target is a URL.

    Args:
        head: request line and fields, without the empty line at their end.
    """
    line, *lines = head.split(b"\r\n")
    fields = [_FIELD.fullmatch(each) for each in lines]
    if not _LINE.fullmatch(line) or not all(fields):
        return False
    named = [(field[1].lower(), field[2]) for field in fields if field]
    lengths = [value for name, value in named if name == b"content-length"]
    codings = [value for name, value in named if name == b"transfer-encoding"]
    expected = [value for name, value in named if name == b"expect"]
    hosts = [value for name, value in named if name == b"host"]
    if len(lengths) + len(codings) > 1 or len(hosts) > 1 or (codings and line.endswith(b"/1.0")):
        return False
    values_are_known = (
        all(map(_LENGTH.fullmatch, lengths)) and all(map(_CODING.fullmatch, codings)) and all(map(_EXPECTATION.fullmatch, expected))
    )
    return values_are_known and _is_url(line.split(b" ")[1])


def _is_url(target: bytes) -> bool:
    try:
        path: bytes | None = httptools.parse_url(target).path
    except httptools.HttpParserInvalidURLError:
        return False
    return path is None or path.count(b"/") <= _MOST_SEGMENTS


class _StrictHttp(Http):
    __slots__ = ()

    def init_for_request(self) -> None:
        """As in Sanic."""
        self.protocol.enter(Phase.IDLE)
        super().init_for_request()

    async def http1_request_header(self) -> None:
        """As in Sanic, which finds the whole head in the buffer when it comes to read it."""
        self.protocol.enter(Phase.HEAD)
        # Of requests that came at once, others' are answered in between.
        await asyncio.sleep(0)
        try:
            await self._read_head()
        except BaseException:
            self.protocol.unread = True
            raise
        if self.request_body is True and not self.request_bytes_left:
            self.request_body = None
        self.protocol.enter(Phase.ANSWER)

    async def _read_head(self) -> None:
        buffer = self.recv_buffer
        while (end := buffer.find(_END)) < 0 and len(buffer) < self.HEADER_MAX_SIZE:
            await self._receive_more()
        if not 0 <= end < self.HEADER_MAX_SIZE:
            # Sanic itself would go on reading for up to three characters more, and then take the head unseen.
            raise PayloadTooLarge("Request header exceeds the size limit")
        if not is_unambiguous(bytes(buffer[:end])):
            raise InvalidUsage("Bad Request")
        await super().http1_request_header()

    async def read(self) -> bytes | None:
        """As in Sanic, after a look at the line before a chunk."""
        if not self.protocol.is_in(Phase.BODY):
            self.protocol.enter(Phase.BODY)
        if self.expecting_continue:
            self.expecting_continue = False
            await self._send(HTTP_CONTINUE)
        if self.request_body == "chunked" and not self.request_bytes_left:
            # As between requests: ten thousand chunks may have come at once.
            await asyncio.sleep(0)
            if not await self._chunk_is_unambiguous():
                self.leave_body()
                raise InvalidUsage("Bad chunked encoding")
        data: bytes | None = await super().read()
        if not self.request_body:
            self.protocol.enter(Phase.ANSWER)
        return data

    def leave_body(self) -> None:
        """Gives up what is still to be read of a request, and with it the connection. Sanic would wait for it when all is answered."""
        if self.request_body:
            self.keep_alive, self.request_body, self.expecting_continue, self.protocol.unread = False, None, False, True

    def respond(self, response: Any) -> Any:
        """As in Sanic; what was not read until now never is."""
        self.leave_body()
        return super().respond(response)

    async def http1_response_header(self, data: bytes, end_stream: bool) -> None:
        """As in Sanic; whoever is about to stop takes no further request on this connection, and would wait for it to fall silent."""
        if getattr(self.protocol.app.ctx, "draining", False):
            self.keep_alive = False
        await super().http1_response_header(data, end_stream)
        if self.stage is Stage.RESPONSE:
            self.protocol.enter(Phase.STREAM)

    async def _chunk_is_unambiguous(self) -> bool:
        buffer = self.recv_buffer
        while (end := buffer.find(b"\r\n", 2)) < 0 and len(buffer) <= _LONGEST_CHUNK_LINE:
            await self._receive_more()
        line = _CHUNK.fullmatch(bytes(buffer[:end])) if 0 <= end <= _LONGEST_CHUNK_LINE else None
        if line is None or int(line[1], 16):
            return line is not None
        # After the last chunk Sanic skips four characters, whatever they are; fields there would begin the next request.
        while len(buffer) < end + 4:
            await self._receive_more()
        return bytes(buffer[end : end + 4]) == _END

    def create_empty_request(self) -> None:
        """As in Sanic, without the target: it may be just what could not be read."""
        self.url = None
        super().create_empty_request()


class StrictProtocol(BoundedProtocol):
    """Sanic's HTTP protocol for requests with one meaning; the others are answered with 400, and their connection ends."""

    __slots__ = ()

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = _StrictHttp(self)
