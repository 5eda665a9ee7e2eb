"""Where an agent is: the page, its filter of the queue, and the pane in front, all of which the address holds and a form must not lose.

A form's answer leads back to where it was sent from, which the browser says itself; so a form need not carry it, whoever adds one.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from sanic.request import Request

from actions.knowledge.model import Knowledge
from bot.desk.queue_view import QueueFilter

PANES = ("queue", "talk", "case")
"""The parts of a case's page; where there is room for one, the address says which."""
_PAGE = re.compile(r"/desk(/cases/[\w-]{1,64})?", re.ASCII)
_MOST_FIELDS = 32


def page_before(request: Request) -> str:
    """The page of ours from which a form came; the queue's, if no browser says so."""
    path = _came_from(request).path
    return path if _PAGE.fullmatch(path) else "/desk"


def as_it_was(request: Request, address: str, knowledge: Knowledge) -> str:
    """An address with the filter and the pane of the page from which a form came."""
    query = _came_from(request).query
    kept = QueueFilter.read(query, knowledge).query
    try:
        pane = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS)).get("pane")
    except ValueError:
        pane = None
    return with_query(address, "&".join(part for part in (kept, f"pane={pane}" if pane in PANES else "") if part))


def with_query(address: str, query: str) -> str:
    """An address with a query, if there is one."""
    return f"{address}?{query}" if query else address


def _came_from(request: Request) -> SplitResult:
    try:
        return urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return urlsplit("")
