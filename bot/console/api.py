"""The console for programs: the same places as JSON, with a token as bearer, and refusals as problem documents."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.threads import writing
from bot.channel.tokens import InvalidToken, TokenVerifier
from bot.console.answers import answered, visit_of
from bot.console.pages import download
from bot.console.places import API, ConsoleRefused, Done, Download, Place, Returned, Shown
from bot.console.work import ConsoleWork
from bot.staff.entrances import CONSOLE
from bot.staff.forms import LARGEST_FORM
from bot.staff.sessions import Agent, bearer
from bot.web.responses import NOT_KEPT, json_response, problem_response

_JSON = "application/json"


class ConsoleApi:
    """The routes below ``/console/api``.

    Args:
        work: the database.
        verifier: checks the login service's tokens.
        places: what there is.
    """

    def __init__(self, work: ConsoleWork, verifier: TokenVerifier, places: Sequence[Place]) -> None:
        self._work = work
        self._verifier = verifier
        self._places = places

    def add_to(self, app: Any) -> None:
        """Adds the routes."""
        for place in self._places:
            for verb in place.verbs:
                name = f"console_api_{place.name}_{verb.lower()}"
                app.add_route(self._route(place, verb), f"{CONSOLE.path}{API}{place.path}", methods=[verb], name=name)

    def _route(self, place: Place, verb: str) -> Callable[..., Awaitable[HTTPResponse]]:
        async def answer(request: Request, **parts: str) -> HTTPResponse:
            who: Agent | None = None
            try:
                who = await self._who(request)
                given = _body(request) if verb == "POST" else None
                return _response(await answered(self._work, place, visit_of(request, who, parts, given), verb))
            except ConsoleRefused as refused:
                if who is not None:
                    await writing(self._work.attendance.note_refusal, who, place.name, refused.name)
                return problem_response(refused)

        return answer

    async def _who(self, request: Request) -> Agent:
        try:
            who = bearer(self._verifier, request.headers.get("authorization"))
        except InvalidToken:
            raise ConsoleRefused("unauthorized") from None
        if await writing(self._work.attendance.has_signed_out, who):
            raise ConsoleRefused("unauthorized")
        return who


def _body(request: Request) -> Mapping[str, Any]:
    if len(request.body) > LARGEST_FORM:
        raise ConsoleRefused("too_large")
    if request.body and request.content_type.partition(";")[0].strip().lower() != _JSON:
        raise ConsoleRefused("form")
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise ConsoleRefused("malformed") from None
    if not isinstance(body, dict):
        raise ConsoleRefused("malformed")
    return body


def _response(answer: Shown | Done | Returned | Download) -> HTTPResponse:
    if isinstance(answer, Returned):
        raise answer.refused
    if isinstance(answer, Download):
        return download(answer)
    if isinstance(answer, Done) and answer.status == 204:
        return raw(b"", status=204, headers=NOT_KEPT)
    return json_response(answer.data, answer.status)
