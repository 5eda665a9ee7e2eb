"""What staff send: forms that our pages made, small, of known encoding, with texts that every database and screen can take."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from sanic.request import Request

from actions.core.signs import cleaned
from bot.staff.sessions import Agent

LARGEST_FORM = 64 * 1024
"""Bytes; a reply and a note of 1000 characters each need a third of it."""
_MOST_FIELDS = 24
_ENCODING = "application/x-www-form-urlencoded"
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class PageRefused(Exception):
    """A request that is not obeyed; ``why`` is what the place's page of refusals knows it by."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


def is_ours(request: Request) -> bool:
    """Whether the browser says that one of our pages sends this, or says nothing, as programs do."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origins = request.headers.getall("origin", [])
    return all(origin.lower() in (f"http://{request.host}".lower(), f"https://{request.host}".lower()) for origin in origins)


def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, each name once, without signs that nobody can read.

    Raises:
        PageRefused: it comes from elsewhere (403), is too large (413), in another encoding (415), or has more fields than any of ours (400).
    """
    if not is_ours(request):
        raise PageRefused("foreign", 403)
    if len(request.body) > LARGEST_FORM:
        raise PageRefused("too_large", 413)
    if not request.body:
        return {}
    if request.content_type.partition(";")[0].strip().lower() != _ENCODING:
        raise PageRefused("form", 415)
    try:
        fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise PageRefused("form", 400) from None
    # The first of several counts, hence backwards.
    return {name: cleaned(text) for name, text in reversed(fields)}


def carries_token(form: Mapping[str, str], agent: Agent) -> bool:
    """Whether a form is one that we gave to this agent."""
    return hmac.compare_digest(form.get("csrf", "").encode(), agent.csrf.encode())


def is_id(text: str) -> bool:
    """Whether a text can be the id of something of ours."""
    return _ID.fullmatch(text) is not None
