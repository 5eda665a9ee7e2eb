"""Who works at the desk: a signed token with the role ``agent`` in a cookie that scripts cannot read."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel.tokens import ROLE_AGENT, Claims, InvalidToken, TokenVerifier, fingerprint

COOKIE = "baitiao_desk"
PATH = "/desk"
# The standard library's reader takes a tenth of a second for 8 KB of quoted nonsense (CVE-2024-7592); ours is never quoted.
_COOKIE = re.compile(rf"(?:^|;) *{COOKIE}=([\w.-]{{1,8192}}) *(?:;|$)", re.ASCII)


@dataclass(frozen=True)
class Agent:
    """Somebody who is signed in.

    Attributes:
        name: the token's subject, which stands in the audit.
        session: what the token is remembered by once it is signed out.
        csrf: what every form of theirs must carry.
        expires_at: epoch seconds.
        shown_as: the name by which customers know them; None: none.
    """

    name: str
    session: str
    csrf: str
    expires_at: float
    shown_as: str | None = None


class Sessions:
    """Recognises agents and keeps their tokens in their browsers.

    Args:
        verifier: checks tokens.
        always_secure: whether browsers may send the cookie over TLS only, however this server was asked; without it, if the browser came by TLS.
    """

    def __init__(self, verifier: TokenVerifier, always_secure: bool) -> None:
        self._verifier = verifier
        self._always_secure = always_secure

    def agent_of(self, request: Request) -> Agent | None:
        """Who sends this request, None if nobody who may. Whether they have signed out since is not looked at."""
        found = _COOKIE.search(request.headers.get("cookie", ""))
        return self.agent_with(found[1]) if found else None

    def agent_with(self, token: str) -> Agent | None:
        """Who has this token, None if it is not a valid token of an agent."""
        token = token.strip()
        try:
            claims: Claims = self._verifier.verify(token)
        except InvalidToken:
            return None
        if claims.role != ROLE_AGENT:
            return None
        # Nobody else knows the cookie, so nobody else can make this from it.
        csrf = hashlib.sha256(b"csrf:" + token.encode()).hexdigest()
        return Agent(claims.user, fingerprint(token), csrf, claims.expires_at, claims.shown_as)

    def keep(self, response: HTTPResponse, request: Request, token: str, agent: Agent) -> None:
        """Puts the token into the cookie."""
        self._set(response, request, token.strip(), int(agent.expires_at - time.time()))

    def take_away(self, response: HTTPResponse, request: Request) -> None:
        """Takes the cookie away."""
        self._set(response, request, "", 0)

    def _set(self, response: HTTPResponse, request: Request, token: str, lifetime: int) -> None:
        parts = [f"{COOKIE}={token}", f"Path={PATH}", "HttpOnly", "SameSite=Strict", f"Max-Age={lifetime}"]
        secure = self._always_secure or _came_by_tls(request)
        response.headers.add("Set-Cookie", "; ".join([*parts, *(["Secure"] if secure else [])]))


def _came_by_tls(request: Request) -> bool:
    # Of several proxies the first stands in front of the browser, and each adds what it was asked by at the end.
    first = ",".join(request.headers.getall("x-forwarded-proto", [])).partition(",")[0].strip().lower()
    return (first or request.scheme) == "https"
