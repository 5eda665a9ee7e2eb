"""The desk's routes: pages, forms, and a stream that says when a page has become old."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.core.handoff import NotPossible
from actions.handoff.ownership import MeantForAnother, UnknownHandoff
from actions.handoff.payload import OldPayload
from actions.handoff.rendering import environment
from actions.masking import mask
from actions.threads import reading, writing
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.service import RateLimiter
from bot.channel.uploads import Uploads, leave
from bot.channel.widget.pictures import picture_response
from bot.desk.case_steps import LONGEST_REPLY, CaseSteps
from bot.desk.forms import DeskRefused
from bot.desk.pictures import CSRF_HEADER
from bot.desk.places import PANES, as_it_was, page_before, with_query
from bot.desk.queue_view import QueueFilter
from bot.desk.team_pages import RENEWED_SECONDS, TeamForms
from bot.desk.work import DeskWork
from bot.staff import STAFF_TEMPLATES
from bot.staff.doors import Doors
from bot.staff.forms import PageRefused, carries_token, is_id, is_ours
from bot.staff.rooms import Frame, Page, Room
from bot.staff.sessions import Agent, Sessions
from bot.web.files import StaticFiles
from bot.web.headers import page_policy
from bot.web.responses import NOT_KEPT, EventStream, ProblemError, redirect

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
LONGEST_NAME = 20
"""Signs of a saved view's name."""
LOOK_SECONDS = 0.25
"""Seconds between two looks for news; a new case must be on the screen within one."""
BEAT_SECONDS = 5.0
"""A page that hears nothing for twice as long takes its stream for dead."""
_HEADERS = {
    **NOT_KEPT,
    # With no-referrer, browsers hide even from ourselves that a form comes from one of our pages.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": page_policy(forms="'self'"),
}

Form = Mapping[str, str]


class Desk:
    """The pages.

    Args:
        work: the database.
        sessions: who may.
        locks: one thing at a time per conversation.
        feed: wakes open chats.
        attempts: how often signing in may fail from one address.
        rooms: pages beside its own.
    """

    def __init__(
        self, work: DeskWork, sessions: Sessions, locks: Locks, feed: Feed, attempts: RateLimiter, rooms: Sequence[Room] = ()
    ) -> None:
        self._rooms = rooms
        self._work = work
        self._doors = Doors(sessions, work.attendance, attempts, self._render, self._refusal, _explained)
        self._locks = locks
        self._feed = feed
        self._uploads = Uploads()
        self._ended = False
        self._files = StaticFiles(HERE / "static")
        self._templates = environment(HERE / "templates", STAFF_TEMPLATES)
        self._templates.globals.update(ways=sessions.ways, entrance=sessions.entrance)

    def add_to(self, app: Any) -> None:
        """Adds the routes below ``/desk``."""
        app.add_route(self._doors.page(self._queue), "/desk", name="desk_queue")
        self._doors.add_to(app)
        app.add_route(self._doors.page(self._events), "/desk/events", name="desk_events")
        app.add_route(self._static, "/desk/static/<name:str>", name="desk_static")
        app.add_route(self._doors.page(self._case), "/desk/cases/<handoff_id:str>", name="desk_case")
        app.add_route(self._form(self._save_view), "/desk/views", methods=["POST"], name="desk_save_view")
        app.add_route(self._form(self._drop_view), "/desk/views/drop", methods=["POST"], name="desk_drop_view")
        app.add_route(self._doors.page(self._picture), "/desk/cases/<handoff_id:str>/pictures/<picture_id:str>", name="desk_picture")
        send = self._doors.page(self._send_picture)
        app.add_route(send, "/desk/cases/<handoff_id:str>/pictures", methods=["POST"], name="desk_send_picture", stream=True)
        steps = CaseSteps(self._work, self._feed, self._change, self._render).steps | TeamForms(self._work.team, self._change).steps
        for word, form in steps.items():
            app.add_route(self._form(form), f"/desk/cases/<handoff_id:str>/{word}", methods=["POST"], name=f"desk_{word}")

        for room in self._rooms:
            room.add_to(app, Frame(self._doors.page, self._render, self._doors.not_in))

        @app.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            self._ended = True

    # --- pages -------------------------------------------------------------------------------------------------------------------------

    async def _queue(self, request: Request, agent: Agent) -> HTTPResponse:
        mark = await reading(self._work.mark, agent, None)
        asked = QueueFilter.read(request.query_string, self._work.knowledge)
        queue = await writing(self._work.queue, agent, asked)
        return self._render("queue.html", agent, queue=queue, kept=asked.query, here="/desk", mark=mark)

    async def _case(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        before, pane = _number(request.args.get("before")), request.args.get("pane")
        # Before anything is read: what changes meanwhile is fetched again, and nothing is missed.
        mark = await reading(self._work.mark, agent, handoff_id)
        asked = QueueFilter.read(request.query_string, self._work.knowledge)
        view = await writing(self._work.case, agent, handoff_id, "state" in request.args, before)
        listed = await writing(self._work.queue, agent, asked)
        queue_title = self._work.briefing.queues[view.row.queue].title  # type: ignore[index]
        return self._render(
            "desk_case.html",
            agent,
            view=view,
            case=view.payload,
            queue_title=queue_title,
            longest=LONGEST_REPLY,
            before=before,
            queue=listed,
            kept=asked.query,
            here=f"/desk/cases/{handoff_id}",
            pane=pane if pane in PANES else "talk",
            reply_id=uuid4().hex,
            mark=mark,
            team=(team := await writing(self._work.team.view, agent, view.row, view.payload)),
            draft=team.draft(request.args.get("draft")),
        )

    async def _picture(self, _request: Request, agent: Agent, handoff_id: str, picture_id: str) -> HTTPResponse:
        picture = await writing(self._work.pictures.look, agent, handoff_id, picture_id)
        if picture is None:
            raise DeskRefused("not_found", 404)
        return picture_response(picture)

    async def _static(self, request: Request, name: str) -> HTTPResponse:
        return await self._files.response(request, name) or self._refusal(DeskRefused("not_found", 404), None)

    async def _events(self, request: Request, agent: Agent) -> None:
        case = request.args.get("case")
        if case and not is_id(case):
            raise DeskRefused("not_found", 404)
        stream = await EventStream.open(request)
        seen, spoke, present = "", time.monotonic(), 0.0
        while not self._ended and time.time() < agent.expires_at:
            if case and time.monotonic() - present > RENEWED_SECONDS:
                present = time.monotonic()
                await writing(self._work.team.look, agent, case)
            mark = await reading(self._work.mark, agent, case)
            if mark is None:
                break
            if mark != seen:
                seen, spoke = mark, time.monotonic()
                await stream.send(mark, mark)
            elif time.monotonic() - spoke > BEAT_SECONDS:
                spoke = time.monotonic()
                await stream.beat()
            await asyncio.sleep(LOOK_SECONDS)
        await stream.end()

    # --- forms -------------------------------------------------------------------------------------------------------------------------

    async def _save_view(self, request: Request, agent: Agent, form: Form) -> HTTPResponse:
        name, asked = form.get("name", "").strip()[:LONGEST_NAME], QueueFilter.read(form.get("query", ""), self._work.knowledge)
        if not name or not await writing(self._work.save_view, agent, mask(name).text, asked):
            raise DeskRefused("view", 422)
        return redirect(with_query(page_before(request), asked.query))

    async def _drop_view(self, request: Request, agent: Agent, form: Form) -> HTTPResponse:
        await writing(self._work.drop_view, agent, form.get("name", ""))
        return redirect(as_it_was(request, page_before(request), self._work.knowledge))

    async def _send_picture(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        try:
            given = request.headers.get(CSRF_HEADER, "")
            # Of other bytes a header is no text that can be compared.
            if not is_ours(request) or not given.isascii() or not carries_token({"csrf": given}, agent):
                raise DeskRefused("foreign", 403)
            try:
                picture = await self._uploads.picture_of(request)
            except ProblemError as problem:
                raise DeskRefused(problem.name, problem.status) from None
            return await self._change(handoff_id, self._work.pictures.send, agent, picture)
        finally:
            await leave(request)

    async def _change(self, handoff_id: str, step: Callable[..., None], agent: Agent, *given: Any) -> HTTPResponse:
        conversation = await reading(self._work.conversation_of, handoff_id)
        # A turn under way is finished first: the assistant must not speak after a person has come.
        async with self._locks.hold(conversation):
            await writing(step, agent, handoff_id, *given)
        self._feed.wake(conversation)
        return redirect(f"/desk/cases/{handoff_id}")

    # --- around every route ------------------------------------------------------------------------------------------------------------

    def _form(self, step: Page) -> Page:
        @functools.wraps(step)
        async def guarded(request: Request, agent: Agent, form: Form, **parts: str) -> HTTPResponse | None:
            response = await step(request, agent, form, **parts)
            # What only answers, as a page that asks once more does, leads nowhere.
            if response is not None and "handoff_id" in parts and "Location" in response.headers:
                response.headers["Location"] = as_it_was(request, response.headers["Location"], self._work.knowledge)
            return response

        return self._doors.form(guarded)

    def _refusal(self, refusal: PageRefused, agent: Agent | None) -> HTTPResponse:
        return self._render("refusal.html", agent, status=refusal.status, why=refusal.why)

    def _render(self, name: str, agent: Agent | None, status: int = 200, **values: Any) -> HTTPResponse:
        knowledge = self._work.knowledge
        context: dict[str, Any] = {"agent": agent, "knowledge": knowledge, "briefing": knowledge.briefing, **values}
        text = self._templates.get_template(name).render(context)
        return raw(text.encode(), status=status, headers=_HEADERS, content_type="text/html; charset=utf-8")


def _explained(error: Exception) -> PageRefused | None:
    if isinstance(error, UnknownHandoff):
        return DeskRefused("not_found", 404)
    if isinstance(error, MeantForAnother):
        return DeskRefused("assigned", 409)
    if isinstance(error, NotPossible):
        return DeskRefused(f"stage.{error.stage}", 409)
    return DeskRefused("old", 409) if isinstance(error, OldPayload) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None
