"""The guard of a place's pages: who asks must be signed in there, forms must be ours, and what is refused is audited. Signing in and out belong to it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from actions.threads import writing
from bot.channel.service import RateLimiter
from bot.staff.attendance import Attendance
from bot.staff.forms import PageRefused, carries_token, form_of, is_id
from bot.staff.rooms import Page
from bot.staff.sessions import Agent, Sessions
from bot.web.responses import ProblemError, redirect

Explain = Callable[[Exception], PageRefused | None]
"""What a page's failure means for who asked; None: nothing that we know, so that it stays a failure."""


class Doors:
    """The guard.

    Args:
        sessions: who is signed in, and where.
        attendance: the database.
        attempts: how often signing in may fail from one address. A valid token gets in however many others have failed, so that nobody
            can lock staff out; what is bounded is the work for guesses, and the audit.
        render: makes a page of a template, who asks, and what stands in it.
        refused: the page that says why something was not done.
        explain: what other failures of the place's pages mean.
    """

    def __init__(
        self,
        sessions: Sessions,
        attendance: Attendance,
        attempts: RateLimiter,
        render: Callable[..., HTTPResponse],
        refused: Callable[[PageRefused, Agent | None], HTTPResponse],
        explain: Explain,
    ) -> None:
        self._sessions = sessions
        self._attendance = attendance
        self._attempts = attempts
        self._render = render
        self._refused = refused
        self._explain = explain

    def add_to(self, app: Any) -> None:
        """Adds the routes of signing in and out."""
        place = self._sessions.entrance
        app.add_route(self._sign_in, f"{place.path}/sign-in", methods=["POST"], name=f"{place.name}_sign_in")
        app.add_route(self.form(self._sign_out), f"{place.path}/sign-out", methods=["POST"], name=f"{place.name}_sign_out")

    def page(self, page: Page) -> Page:
        """A page that only who is signed in sees; it gets who asks, and may raise ``PageRefused``."""

        @functools.wraps(page)
        async def guarded(request: Request, **parts: str) -> HTTPResponse | None:
            agent = self._sessions.agent_of(request)
            if agent is None or await writing(self._attendance.has_signed_out, agent):
                return self._render("sign_in.html", None, status=401, why=None)
            try:
                if not all(is_id(part) for part in parts.values()):
                    raise PageRefused("not_found", 404)
                return await page(request, agent, **parts)
            except PageRefused as refused:
                refusal = refused
            except Exception as error:
                explained = self._explain(error)
                if explained is None:
                    raise
                refusal = explained
            step, asked = page.__name__.strip("_"), parts.get("handoff_id")
            await writing(self._attendance.note_refusal, agent, step, refusal.why, asked if asked and is_id(asked) else None)
            return self._refused(refusal, agent)

        return guarded

    def form(self, step: Page) -> Page:
        """What a form of ours does; it gets who asks and the form's fields."""

        @functools.wraps(step)
        async def guarded(request: Request, agent: Agent, **parts: str) -> HTTPResponse | None:
            form = form_of(request)
            if not carries_token(form, agent):
                raise PageRefused("foreign", 403)
            return await step(request, agent, form, **parts)

        return self.page(guarded)

    async def not_in(self, request: Request, refusal: PageRefused) -> HTTPResponse:
        """The answer to who could not sign in, counted and audited."""
        try:
            # In words, so that it is no customer's window where both are counted in one Redis.
            await self._attempts.count(f"sign-in at the {self._sessions.entrance.name} from {request.ip}")
        except ProblemError as problem:
            response = self._render("sign_in.html", None, status=429, why="too_many")
            response.headers.update(problem.headers())
            return response
        await writing(self._attendance.note_refusal, None, "sign_in", refusal.why)
        return self._render("sign_in.html", None, status=refusal.status, why=refusal.why)

    async def _sign_in(self, request: Request) -> HTTPResponse:
        try:
            token = form_of(request).get("token", "")
        except PageRefused as refusal:
            return await self.not_in(request, refusal)
        agent = self._sessions.agent_with(token)
        if agent is None or not await writing(self._attendance.sign_in, agent):
            return await self.not_in(request, PageRefused("token", 401))
        response = redirect(self._sessions.entrance.path)
        self._sessions.keep(response, request, token, agent)
        return response

    async def _sign_out(self, request: Request, agent: Agent, _form: Mapping[str, str]) -> HTTPResponse:
        await writing(self._attendance.sign_out, agent)
        path = self._sessions.entrance.path
        response = redirect(f"{path}/oidc/end" if agent.by_provider else path)
        self._sessions.take_away(response, request)
        return response
