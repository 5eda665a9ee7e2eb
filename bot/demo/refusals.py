"""The demo API's refusals as application/problem+json, and what every request must satisfy."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.subject import Subject
from actions.yaml_source import Source
from bot.web.responses import RETRY_SECONDS, Catalogue, ProblemError, problem_response

logger = logging.getLogger(__name__)

Route = Callable[..., Coroutine[Any, Any, HTTPResponse]]
Answer = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


_HOST = re.compile(r"(?:(?P<address>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]+\])|(?P<name>[0-9A-Za-z._-]+))(?::[0-9]{1,5})?")


class Refused(ProblemError):
    """A request that the demo refuses."""

    catalogue = Catalogue(Path(__file__).with_name("problems.yml"), "urn:baitiao:demo:")


@functools.lru_cache(maxsize=1)
def texts() -> Mapping[str, Any]:
    """texts.yml."""
    return dict(Source.read(Path(__file__).with_name("texts.yml")).data or {})


def answering(route: Route) -> Answer:
    """Turns refusals and failures of a route into problem documents, and keeps other sites' pages out."""

    @functools.wraps(route)
    async def answer(request: Request, **parameters: Any) -> HTTPResponse:
        try:
            _check_host(request)
            # The page itself may stand in a frame of whom the policy allows; what it calls is its own.
            called = request.route is not None and request.route.path.startswith("shop/api/")
            if called and request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                raise Refused("foreign")
            return await route(request, **parameters)
        except Refused as refused:
            return problem_response(refused)
        except (UnknownCustomer, UnknownSubject):
            return problem_response(Refused("unknown"))
        except Exception as error:  # the page must get an answer it can show
            logger.error("the demo failed: %s", type(error).__name__, exc_info=error)
            return problem_response(Refused("unavailable", RETRY_SECONDS))

    return answer


def _check_host(request: Request) -> None:
    """Refuses calls by a name that is not ours: any site can let a name of its own lead here, and its pages would then be taken for ours."""
    host = _HOST.fullmatch(request.headers.get("host", ""))
    if host is None or not (host["address"] or host["name"].lower() in ("localhost", *request.app.ctx.demo_names)):
        raise Refused("other_name")


def body_of(request: Request, **fields: bool) -> dict[str, str]:
    """The fields of a JSON body, all of them texts.

    Args:
        fields: every field there may be, and whether it must be there.

    Raises:
        Refused: not JSON, not a map, an unknown or missing field, or a value that is no text.
    """
    # A form on another site can post anything but this type without being asked first.
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refused("media_type")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    return checked(body, **fields)


def checked(values: Any, **fields: bool) -> dict[str, str]:
    """The given texts, ``null`` left out, if they are exactly what is expected; see ``body_of``."""
    if not isinstance(values, dict) or not set(values) <= set(fields):
        raise Refused("malformed")
    given = {name: value for name, value in values.items() if value is not None}
    if any(not isinstance(value, str) or not value for value in given.values()):
        raise Refused("malformed")
    if any(needed and name not in given for name, needed in fields.items()):
        raise Refused("malformed")
    return given


def subject_of(asked: Mapping[str, str]) -> Subject:
    """The order or bill that a request names, else the account.

    Raises:
        Refused: it names both.
    """
    try:
        return Subject.of(asked.get("order"), asked.get("bill"))
    except ValueError:
        raise Refused("malformed") from None
