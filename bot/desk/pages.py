"""The desk's routes: pages, forms, and a stream that says when a page has become old."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.core.handoff import NotPossible
from actions.handoff.ownership import OTHER_CAUSE, Outcome, UnknownHandoff
from actions.handoff.payload import OldPayload
from actions.handoff.rendering import environment
from actions.threads import reading, writing
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.desk.sessions import Agent, Sessions, carries_token, is_ours
from bot.desk.work import DeskWork
from bot.web.files import StaticFiles
from bot.web.headers import page_policy
from bot.web.responses import HEARTBEAT_SECONDS, NOT_KEPT, EventStream, redirect

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
LONGEST_REPLY = 1000
LOOK_SECONDS = 0.3
"""Seconds between two looks for news; a new case must be on the screen within one."""
_HEADERS = {
    **NOT_KEPT,
    # With no-referrer, browsers hide even from ourselves that a form comes from one of our pages.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": page_policy(forms="'self'"),
}

Page = Callable[..., Awaitable[HTTPResponse | None]]


class DeskRefused(Exception):
    """A request that is not obeyed; ``why`` is a key of ``refusal.html``."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


class Desk:
    """The pages.

    Args:
        work: the database.
        sessions: who may.
        locks: one thing at a time per conversation.
        feed: wakes open chats.
    """

    def __init__(self, work: DeskWork, sessions: Sessions, locks: Locks, feed: Feed) -> None:
        self._work = work
        self._sessions = sessions
        self._locks = locks
        self._feed = feed
        self._ended = False
        self._files = StaticFiles(HERE / "static")
        self._templates = environment(HERE / "templates")

    def add_to(self, app: Any) -> None:
        """Adds the routes below ``/desk``."""
        app.add_route(self._page(self._queue), "/desk", name="desk_queue")
        app.add_route(self._sign_in, "/desk/sign-in", methods=["POST"], name="desk_sign_in")
        app.add_route(self._form(self._sign_out), "/desk/sign-out", methods=["POST"], name="desk_sign_out")
        app.add_route(self._page(self._events), "/desk/events", name="desk_events")
        app.add_route(self._static, "/desk/static/<name:str>", name="desk_static")
        app.add_route(self._page(self._case), "/desk/cases/<handoff_id:str>", name="desk_case")
        for step in (self._take, self._reply, self._give_back, self._close):
            word = step.__name__.strip("_").replace("_", "-")
            app.add_route(self._form(step), f"/desk/cases/<handoff_id:str>/{word}", methods=["POST"], name=f"desk_{word}")

        @app.listener("before_server_stop")
        async def end_streams(_app: Any, _loop: Any) -> None:
            self._ended = True

    # --- pages -------------------------------------------------------------------------------------------------------------------------

    async def _queue(self, _request: Request, agent: Agent) -> HTTPResponse:
        return self._render("queue.html", agent, waiting=await writing(self._work.queue, agent))

    async def _case(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        view = await writing(self._work.case, agent, handoff_id, "state" in request.args)
        queue = self._work.briefing.queues[view.row.queue].title  # type: ignore[index]
        return self._render(
            "desk_case.html", agent, view=view, case=view.payload, queue_title=queue, longest=LONGEST_REPLY, other=OTHER_CAUSE
        )

    async def _static(self, request: Request, name: str) -> HTTPResponse:
        return await self._files.response(request, name) or self._refusal(DeskRefused("not_found", 404), None)

    async def _events(self, request: Request, agent: Agent) -> None:
        stream = await EventStream.open(request)
        case = request.args.get("case")
        seen, spoke = await reading(self._work.mark, case), time.monotonic()
        await stream.send(seen, seen)
        while not self._ended and time.time() < agent.expires_at:
            await asyncio.sleep(LOOK_SECONDS)
            mark = await reading(self._work.mark, case)
            if mark != seen:
                seen, spoke = mark, time.monotonic()
                await stream.send(mark, mark)
            elif time.monotonic() - spoke > HEARTBEAT_SECONDS:
                spoke = time.monotonic()
                await stream.beat()
        await stream.end()

    # --- forms -------------------------------------------------------------------------------------------------------------------------

    async def _sign_in(self, request: Request) -> HTTPResponse:
        if not is_ours(request):
            return self._refusal(DeskRefused("foreign", 403), None)
        response = redirect("/desk")
        agent = self._sessions.sign_in(response, request, str(request.form.get("token") or ""))
        if agent is None:
            return self._render("sign_in.html", None, status=401, refused=True)
        await writing(self._work.note, agent, "sign_in")
        return response

    async def _sign_out(self, request: Request, agent: Agent) -> HTTPResponse:
        await writing(self._work.note, agent, "sign_out")
        response = redirect("/desk")
        self._sessions.sign_out(response, request)
        return response

    async def _take(self, _request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        return await self._change(handoff_id, self._work.take, agent)

    async def _reply(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        text = str(request.form.get("text") or "").strip()
        if not text or len(text) > LONGEST_REPLY:
            raise DeskRefused("reply", 422)
        return await self._change(handoff_id, self._work.reply, agent, text)

    async def _give_back(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        return await self._change(handoff_id, self._work.give_back, agent, self._outcome(request))

    async def _close(self, request: Request, agent: Agent, handoff_id: str) -> HTTPResponse:
        return await self._change(handoff_id, self._work.close, agent, self._outcome(request))

    async def _change(self, handoff_id: str, step: Callable[..., None], agent: Agent, *given: Any) -> HTTPResponse:
        conversation = await reading(self._work.conversation_of, handoff_id)
        # A turn under way is finished first: the assistant must not speak after a person has come.
        async with self._locks.hold(conversation):
            await writing(step, agent, handoff_id, *given)
        self._feed.wake(conversation)
        return redirect(f"/desk/cases/{handoff_id}")

    def _outcome(self, request: Request) -> Outcome:
        form = request.form
        resolved_by, root_cause = str(form.get("resolved_by") or ""), str(form.get("root_cause") or "")
        if resolved_by not in self._work.briefing.outcomes or root_cause not in (*self._work.knowledge.causes, OTHER_CAUSE):
            raise DeskRefused("outcome", 422)
        return Outcome(resolved_by, root_cause, str(form.get("note") or "").strip()[:LONGEST_REPLY])

    # --- around every route ------------------------------------------------------------------------------------------------------------

    def _page(self, page: Page) -> Page:
        @functools.wraps(page)
        async def guarded(request: Request, **parts: Any) -> HTTPResponse | None:
            agent = self._sessions.agent_of(request)
            if agent is None:
                return self._render("sign_in.html", None, status=401, refused=False)
            try:
                return await page(request, agent, **parts)
            except UnknownHandoff:
                return self._refusal(DeskRefused("not_found", 404), agent)
            except NotPossible as error:
                return self._refusal(DeskRefused(f"stage.{error.stage}", 409), agent)
            except OldPayload:
                return self._refusal(DeskRefused("old", 409), agent)
            except DeskRefused as refusal:
                return self._refusal(refusal, agent)

        return guarded

    def _form(self, step: Page) -> Page:
        @functools.wraps(step)
        async def guarded(request: Request, agent: Agent, **parts: Any) -> HTTPResponse | None:
            if not is_ours(request) or not carries_token(request, agent):
                raise DeskRefused("foreign", 403)
            return await step(request, agent, **parts)

        return self._page(guarded)

    def _refusal(self, refusal: DeskRefused, agent: Agent | None) -> HTTPResponse:
        return self._render("refusal.html", agent, status=refusal.status, why=refusal.why)

    def _render(self, name: str, agent: Agent | None, status: int = 200, **values: Any) -> HTTPResponse:
        knowledge = self._work.knowledge
        context: dict[str, Any] = {"agent": agent, "knowledge": knowledge, "briefing": knowledge.briefing, **values}
        text = self._templates.get_template(name).render(context)
        return raw(text.encode(), status=status, headers=_HEADERS, content_type="text/html; charset=utf-8")
