"""How a place answers, for people and programs alike: by role, in a thread, with what it refuses as a problem."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sanic.request import Request

from actions.threads import reading, writing
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown, Visit
from bot.console.work import ConsoleWork
from bot.staff.forms import is_id
from bot.staff.sessions import Agent


def visit_of(request: Request, who: Agent, parts: Mapping[str, str], given: Mapping[str, Any] | None = None) -> Visit:
    """A request as places see it.

    Raises:
        ConsoleRefused: a part of its address can be the id of nothing.
    """
    if not all(is_id(part) for part in parts.values()):
        raise ConsoleRefused("not_found")
    asked = {name: str(values[0]) for name, values in request.args.items() if values}
    return Visit(who, asked, dict(parts), dict(given or {}))


async def answered(work: ConsoleWork, place: Place, visit: Visit, verb: str) -> Shown | Done | Returned | Download:
    """What a place answers to somebody.

    Raises:
        ConsoleRefused: they may not, or the place refuses, or it takes too long.
    """
    if not (place.may_act(visit.who) if verb == "POST" else place.may_see(visit.who)):
        raise ConsoleRefused("forbidden")
    try:
        if verb == "POST":
            assert place.act is not None, "only routes of what a place can do are added"
            return await writing(place.act, visit)
        assert place.show is not None, "only routes of what a place can show are added"
        shown = await reading(place.show, visit)
        await writing(work.note_look, place, visit)
        return shown
    except asyncio.TimeoutError:
        raise ConsoleRefused("unavailable") from None
