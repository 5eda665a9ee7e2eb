"""The console's pages: places for people, server-rendered, each behind the guard and in one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.handoff.rendering import environment
from actions.threads import writing
from actions.yaml_source import Source
from bot.channel.service import RateLimiter
from bot.console.answers import answered, visit_of
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown
from bot.console.work import ConsoleWork
from bot.staff import STAFF_TEMPLATES
from bot.staff.doors import Doors
from bot.staff.forms import PageRefused
from bot.staff.rooms import Frame, Page, Room
from bot.staff.sessions import Agent, Sessions
from bot.web.files import StaticFiles
from bot.web.headers import page_policy
from bot.web.responses import NOT_KEPT, redirect
from ops.compliance.reporting import TEMPLATES as REPORT_TEMPLATES
from ops.incidents.titles import titles
from ops.insight.showing import TEMPLATES as INSIGHT_TEMPLATES

HERE = Path(__file__).parent
_HEADERS = {
    **NOT_KEPT,
    # With no-referrer, browsers hide even from ourselves that a form comes from one of our pages.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": page_policy(forms="'self'"),
}


class _Told(PageRefused):
    """A refusal of a place, on its way through the guard."""

    def __init__(self, refused: ConsoleRefused) -> None:
        super().__init__(refused.name, refused.status)
        self.refused = refused


class ConsolePages:
    """The pages.

    Args:
        work: the database.
        sessions: who may.
        attempts: how often signing in may fail from one address.
        places: what there is.
        rooms: pages beside the places.
    """

    def __init__(
        self, work: ConsoleWork, sessions: Sessions, attempts: RateLimiter, places: Sequence[Place], rooms: Sequence[Room] = ()
    ) -> None:
        self._work = work
        self._home = sessions.entrance.path
        self._places = places
        self._rooms = rooms
        self._doors = Doors(sessions, work.attendance, attempts, self._render, self._refusal, _explained)
        self._files = StaticFiles(HERE / "static")
        self._templates = environment(HERE / "templates", STAFF_TEMPLATES, REPORT_TEMPLATES, INSIGHT_TEMPLATES)
        words: dict[str, dict[str, Any]] = Source.read(HERE / "places.yml").data
        words["incidents"]["stages"] = titles()["stages"]
        self._templates.globals.update(ways=sessions.ways, entrance=sessions.entrance, **words)

    def add_to(self, app: Any) -> None:
        """Adds the routes below ``/console``."""
        self._doors.add_to(app)
        app.add_route(self._static, f"{self._home}/static/<name:str>", name="console_static")
        for place in self._places:
            for verb in () if place.programs_only else place.verbs:
                page = self._form(place) if verb == "POST" else self._page(place)
                app.add_route(page, f"{self._home}{place.page}", methods=[verb], name=f"console_{place.name}_{verb.lower()}")
        for room in self._rooms:
            room.add_to(app, Frame(self._doors.page, self._render, self._doors.not_in))

    async def _static(self, request: Request, name: str) -> HTTPResponse:
        return await self._files.response(request, name) or self._refusal(PageRefused("not_found", 404), None)

    def _page(self, place: Place) -> Page:
        async def show(request: Request, who: Agent, **parts: str) -> HTTPResponse:
            return self._answer(place, who, await answered(self._work, place, visit_of(request, who, parts), "GET"))

        show.__name__ = place.name
        return self._doors.page(show)

    def _form(self, place: Place) -> Page:
        async def act(request: Request, who: Agent, form: Mapping[str, str], **parts: str) -> HTTPResponse:
            given = {name: text for name, text in form.items() if name != "csrf"}
            answer = await answered(self._work, place, visit_of(request, who, parts, given), "POST")
            if isinstance(answer, Returned):
                await writing(self._work.attendance.note_refusal, who, place.name, answer.refused.name)
            return self._answer(place, who, answer)

        act.__name__ = place.name
        return self._doors.form(act)

    def _answer(self, place: Place, who: Agent, answer: Shown | Done | Returned | Download) -> HTTPResponse:
        if isinstance(answer, Done):
            return redirect(f"{self._home}{answer.to}")
        if isinstance(answer, Download):
            return download(answer)
        refused, shown = (answer.refused, answer.form) if isinstance(answer, Returned) else (None, answer)
        status, problem = (refused.status, refused.document()) if refused else (shown.status, None)
        return self._render(shown.template, who, status, place=place, data=shown.data, problem=problem, **shown.words)

    def _refusal(self, refusal: PageRefused, who: Agent | None) -> HTTPResponse:
        refused = refusal.refused if isinstance(refusal, _Told) else ConsoleRefused(refusal.why)
        return self._render("refusal.html", who, refusal.status, problem=refused.document())

    def _render(self, name: str, agent: Agent | None, status: int = 200, **values: Any) -> HTTPResponse:
        knowledge = self._work.knowledge
        listed = [place for place in self._places if agent is not None and place.listed and place.may_see(agent)]
        context: dict[str, Any] = {"agent": agent, "listed": listed, "place": None, "knowledge": knowledge, "briefing": knowledge.briefing}
        text = self._templates.get_template(name).render({**context, **values})
        return raw(text.encode(), status=status, headers=_HEADERS, content_type="text/html; charset=utf-8")


def download(file: Download) -> HTTPResponse:
    """A file that browsers keep instead of showing it."""
    headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{file.name}"'}
    return raw(file.content, headers=headers, content_type=file.content_type)


def _explained(error: Exception) -> PageRefused | None:
    return _Told(error) if isinstance(error, ConsoleRefused) else None
