"""Signing in at the provider: there with a secret in the browser, and back with a code that is used once."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
import time
from dataclasses import asdict
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from actions.threads import Threads, writing
from bot.channel.tokens import with_contained
from bot.staff.attendance import Attendance
from bot.staff.forms import PageRefused
from bot.staff.identity import SignInRefused
from bot.staff.oidc import Attempt, Provider, ProviderDown
from bot.staff.rooms import Frame
from bot.staff.seal import Seal
from bot.staff.sessions import Sessions, came_by_tls, cookie_of, first_of
from bot.web.responses import RETRY_SECONDS, redirect

logger = logging.getLogger(__name__)

ATTEMPT_COOKIE = "baitiao_sign_in"
BELOW = "/oidc"
ATTEMPT_SECONDS = 600
"""For signing in at the provider; who takes longer begins anew."""
DOWN = "provider"
_LONGEST_CODE = 2048
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?", re.IGNORECASE)

asking = Threads("provider", most=4, patience=12.0)
"""Work that waits for the provider; it must not keep readers of the database waiting."""


class ProviderPages:
    """The routes below ``/oidc`` of an entrance.

    Args:
        provider: who signs in.
        seal: of attempts and sessions.
        sessions: keeps who is signed in.
        attendance: remembers what was used, and audits.
        public_address: the origin that browsers know us by; None: what the proxies say.
    """

    def __init__(self, provider: Provider, seal: Seal, sessions: Sessions, attendance: Attendance, public_address: str | None) -> None:
        self._provider = provider
        self._seal = seal
        self._sessions = sessions
        self._attendance = attendance
        self._public_address = public_address

    def add_to(self, app: Any, frame: Frame) -> None:
        """Adds the routes."""
        self._frame = frame
        name = self._sessions.entrance.name
        app.add_route(self._start, f"{self._path}/start", name=f"{name}_oidc_start")
        app.add_route(self._callback, f"{self._path}/callback", name=f"{name}_oidc_callback")
        app.add_route(self._end, f"{self._path}/end", name=f"{name}_oidc_end")

    @property
    def _path(self) -> str:
        return f"{self._home}{BELOW}"

    @property
    def _home(self) -> str:
        return self._sessions.entrance.path

    async def _start(self, request: Request) -> HTTPResponse:
        try:
            back = f"{self._origin(request)}{self._path}/callback"
            attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64), back)
            place = await self._asked(self._provider.address_for, attempt)
        except PageRefused as refusal:
            return await self._refused(request, refusal)
        response = redirect(place, 302)
        self._leave(response, request, self._seal.seal("attempt", asdict(attempt), time.time() + ATTEMPT_SECONDS), ATTEMPT_SECONDS)
        return response

    async def _callback(self, request: Request) -> HTTPResponse:
        try:
            response = await self._came_back(request)
        except PageRefused as refusal:
            response = await self._refused(request, refusal)
        self._leave(response, request, "", 0)
        return response

    async def _came_back(self, request: Request) -> HTTPResponse:
        attempt, ends = self._attempt_of(request)
        # Whatever becomes of it: an attempt is used once.
        if not await writing(self._attendance.use_attempt, attempt.state, ends):
            raise PageRefused("attempt", 401)
        if request.args.get("error"):
            raise PageRefused("declined" if request.args.get("error") == "access_denied" else "code", 401)
        code = request.args.get("code", "")
        if not 0 < len(code) <= _LONGEST_CODE or not code.isprintable():
            raise PageRefused("code", 401)
        identity = await self._asked(self._provider.identify, attempt, code)
        if self._sessions.entrance.role not in with_contained(identity.roles):
            raise PageRefused("role", 403)
        token, agent = self._sessions.begin(identity)
        if not await writing(self._attendance.sign_in, agent):
            raise PageRefused("attempt", 401)
        # Not a redirect: at the end of a way that began at the provider, browsers would hold our strict cookie back.
        response = self._frame.render("signed_in.html", None, home=self._home)
        self._sessions.keep(response, request, token, agent)
        return response

    def _attempt_of(self, request: Request) -> tuple[Attempt, float]:
        found = cookie_of(request, ATTEMPT_COOKIE)
        claims = self._seal.opened("attempt", found) if found else None
        if claims is None:
            raise PageRefused("attempt", 401)
        attempt = Attempt(*(str(claims[name]) for name in Attempt.__dataclass_fields__))
        if not hmac.compare_digest(request.args.get("state", "").encode(), attempt.state.encode()):
            raise PageRefused("attempt", 401)
        # RFC 9207: a code of another provider must not reach this one.
        issuer = request.args.get("iss")
        if issuer is not None and issuer != self._provider.settings.issuer:
            raise PageRefused("attempt", 401)
        return attempt, float(claims["exp"])

    async def _end(self, request: Request) -> HTTPResponse:
        try:
            way = await self._asked(self._provider.way_out, f"{self._origin(request)}{self._home}")
        except PageRefused:
            way = None
        # Not a redirect either: our policy lets forms, and signing out is one, lead to ourselves only.
        return self._frame.render("signed_out.html", None, way=way, home=self._home)

    async def _refused(self, request: Request, refusal: PageRefused) -> HTTPResponse:
        if refusal.why != DOWN:
            return await self._frame.not_in(request, refusal)
        # Nobody has failed: it must not be counted against those who try again.
        response = self._frame.render("sign_in.html", None, status=refusal.status, why=refusal.why)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    async def _asked(self, work: Any, *given: Any) -> Any:
        try:
            return await asking(work, *given)
        except ProviderDown as error:
            logger.warning("the provider that signs agents in cannot be used: %s", error)
            raise PageRefused(DOWN, 503) from None
        except asyncio.TimeoutError:
            logger.warning("the provider that signs agents in does not answer in time")
            raise PageRefused(DOWN, 503) from None
        except SignInRefused as error:
            logger.info("nobody is signed in: %s (%s)", error.why, type(error.__cause__).__name__)
            raise PageRefused(error.why, 403 if error.why in ("role", "user") else 401) from None

    def _origin(self, request: Request) -> str:
        if self._public_address is not None:
            return self._public_address
        host = first_of(request, "x-forwarded-host") or request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            raise PageRefused("address", 400)
        return f"{'https' if came_by_tls(request) else 'http'}://{host.lower()}"

    def _leave(self, response: HTTPResponse, request: Request, text: str, lifetime: int) -> None:
        # Lax: the provider sends the browser back, and then it must be with us.
        self._sessions.set_cookie(response, request, ATTEMPT_COOKIE, text, lifetime, BELOW, "Lax")
