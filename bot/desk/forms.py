"""What agents send: forms that our pages made, small, of known encoding, with texts that every database and screen can take."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from sanic.request import Request

from actions.core.signs import cleaned
from actions.handoff.ownership import OTHER_CAUSE
from actions.knowledge.model import Knowledge
from bot.desk.sessions import Agent

LARGEST_FORM = 64 * 1024
"""Bytes; a reply and a note of 1000 characters each need a third of it."""
_MOST_FIELDS = 16
_ENCODING = "application/x-www-form-urlencoded"
_HANDOFF_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class DeskRefused(Exception):
    """A request that is not obeyed; ``why`` is a key of ``refusal.html``."""

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
        DeskRefused: it comes from elsewhere (403), is too large (413), in another encoding (415), or has more fields than any of ours (400).
    """
    if not is_ours(request):
        raise DeskRefused("foreign", 403)
    if len(request.body) > LARGEST_FORM:
        raise DeskRefused("too_large", 413)
    if not request.body:
        return {}
    if request.content_type.partition(";")[0].strip().lower() != _ENCODING:
        raise DeskRefused("form", 415)
    try:
        fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise DeskRefused("form", 400) from None
    # The first of several counts, hence backwards.
    return {name: cleaned(text) for name, text in reversed(fields)}


def carries_token(form: Mapping[str, str], agent: Agent) -> bool:
    """Whether a form is one that we gave to this agent."""
    return hmac.compare_digest(form.get("csrf", "").encode(), agent.csrf.encode())


def is_handoff_id(text: str) -> bool:
    """Whether a text can be the id of a handoff."""
    return _HANDOFF_ID.fullmatch(text) is not None


def root_cause_of(typed: str, knowledge: Knowledge) -> str | None:
    """The id of what was typed: a title or an id, or the one title that holds it; None if that names no cause, or several."""
    titles: Mapping[str, str] = {
        **{cause.id: cause.title for cause in knowledge.causes.values()},
        OTHER_CAUSE: knowledge.briefing.other_cause,
    }
    typed = typed.strip()
    if not typed:
        return None
    exact = [name for name, title in titles.items() if typed in (name, title)]
    found = exact or [name for name, title in titles.items() if typed in title]
    return found[0] if len(found) == 1 else None
