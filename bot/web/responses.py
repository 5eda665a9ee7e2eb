"""Answers of the web server: JSON, redirects, streams of server-sent events, and refusals as application/problem+json (RFC 7807) with their texts in problems.yml."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.yaml_source import Source

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 3
"""After how long a request that failed may be sent again."""


@dataclass(frozen=True)
class Kind:
    """One entry of a catalogue.

    Attributes:
        status: HTTP status.
        title: for machines and engineers, English.
        detail: for the customer, one honest Chinese sentence.
    """

    status: int
    title: str
    detail: str


class Catalogue:
    """All kinds of refusals of an API by name.

    Args:
        path: the file that lists them.
        prefix: what the type of each begins with.
    """

    def __init__(self, path: Path, prefix: str) -> None:
        self._path = path
        self._prefix = prefix

    @functools.cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """What the file says, read once."""
        return {name: Kind(**fields) for name, fields in Source.read(self._path).data.items()}

    def type_of(self, name: str) -> str:
        """The URN of a refusal."""
        return f"{self._prefix}{name.replace('_', '-')}"


class ProblemError(Exception):
    """A request that is refused.

    Args:
        name: a key of the catalogue.
        retry_after: seconds after which a repetition makes sense.
        kept: whether the customer's message was stored although it was not answered; only for 503.
    """

    catalogue: ClassVar[Catalogue] = Catalogue(Path(__file__).with_name("problems.yml"), "urn:baitiao:problem:")

    def __init__(self, name: str, retry_after: int | None = None, kept: bool | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.retry_after = retry_after
        self.kept = kept

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.catalogue.kinds[self.name].status

    def document(self) -> dict[str, Any]:
        """The problem document's members."""
        kind = self.catalogue.kinds[self.name]
        document: dict[str, Any] = {
            "type": self.catalogue.type_of(self.name),
            "title": kind.title,
            "status": kind.status,
            "detail": kind.detail,
        }
        if self.kept is not None:
            document["kept"] = self.kept
        return document

    def body(self) -> bytes:
        """The problem document."""
        return json.dumps(self.document(), ensure_ascii=False).encode()

    def headers(self) -> dict[str, str]:
        """Headers that belong to the refusal."""
        headers = {"Cache-Control": "no-store"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, self.retry_after))
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


NOT_KEPT = {"Cache-Control": "no-store"}


def json_response(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON document."""
    return raw(json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json", headers=NOT_KEPT)


def problem_response(problem: ProblemError) -> HTTPResponse:
    """A refusal as a problem document."""
    return raw(problem.body(), status=problem.status, headers=problem.headers(), content_type=CONTENT_TYPE)


def redirect(address: str, status: int = 303) -> HTTPResponse:
    """The way to another page; 303 after a form, 302 otherwise."""
    return raw(b"", status=status, headers={"Location": address, **NOT_KEPT})


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
        # A server that stops ends its streams, and would then wait for their connections to fall silent.
        stream: Any = request.stream
        stream.keep_alive = False
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

    async def tell(self, name: str, data: str) -> None:
        """Sends what holds now and is in no history: a lost connection goes on from where it was without it.

        Args:
            name: the event's type.
            data: one line.
        """
        await self._response.send(f"event: {name}\ndata: {data}\n\n")

    async def beat(self) -> None:
        """Sends a comment, which no browser shows."""
        await self._response.send(": still here\n\n")

    async def end(self) -> None:
        """Ends the stream."""
        await self._response.eof()
