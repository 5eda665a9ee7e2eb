"""Who works at the desk: a signed token with the role ``agent`` in a cookie that scripts cannot read, and forms that only our pages can send."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel.tokens import ROLE_AGENT, Claims, InvalidToken, TokenVerifier

COOKIE = "baitiao_desk"
PATH = "/desk"


@dataclass(frozen=True)
class Agent:
    """Somebody who is signed in.

    Attributes:
        name: the token's subject, which stands in the audit.
        csrf: what every form of theirs must carry.
        expires_at: epoch seconds.
    """

    name: str
    csrf: str
    expires_at: float


class Sessions:
    """Signs agents in and out, and recognises them.

    Args:
        verifier: checks tokens.
    """

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def agent_of(self, request: Request) -> Agent | None:
        """Who sends this request, None if nobody who may."""
        return self._agent(request.cookies.get(COOKIE) or "")

    def sign_in(self, response: HTTPResponse, request: Request, token: str) -> Agent | None:
        """Puts a token into the cookie, if it is a valid token of an agent."""
        agent = self._agent(token)
        if agent is not None:
            self._set(response, request, token, int(agent.expires_at - time.time()))
        return agent

    def sign_out(self, response: HTTPResponse, request: Request) -> None:
        """Takes the cookie away."""
        self._set(response, request, "", 0)

    def _agent(self, token: str) -> Agent | None:
        try:
            claims: Claims = self._verifier.verify(token.strip())
        except InvalidToken:
            return None
        if claims.role != ROLE_AGENT:
            return None
        # Nobody else knows the cookie, so nobody else can make this from it.
        csrf = hashlib.sha256(b"csrf:" + token.strip().encode()).hexdigest()
        return Agent(claims.user, csrf, claims.expires_at)

    @staticmethod
    def _set(response: HTTPResponse, request: Request, token: str, lifetime: int) -> None:
        secure = request.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        parts = [f"{COOKIE}={token.strip()}", f"Path={PATH}", "HttpOnly", "SameSite=Strict", f"Max-Age={lifetime}"]
        response.headers.add("Set-Cookie", "; ".join([*parts, *(["Secure"] if secure else [])]))


def is_ours(request: Request) -> bool:
    """Whether the browser says that one of our pages sends this."""
    origin: Any = request.headers.get("origin")
    return origin is None or (origin != "null" and urlsplit(origin).netloc == request.host)


def carries_token(request: Request, agent: Agent) -> bool:
    """Whether a form is one that we gave to this agent."""
    return hmac.compare_digest(str(request.form.get("csrf") or "").encode(), agent.csrf.encode())
