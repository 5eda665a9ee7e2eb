"""Who works here: a signed token in a cookie that scripts cannot read, issued by the shop's login service or, after a sign-in at the provider, by us."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Collection
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel.tokens import ROLE_AGENT, ROLE_LEAD, Claims, InvalidToken, TokenVerifier, fingerprint, with_contained
from bot.staff.entrances import Entrance
from bot.staff.identity import Identity
from bot.staff.seal import Seal

LONGEST_SESSION = 86400.0
"""Seconds; somebody who has lost their role at the provider must not stay for longer."""
# The standard library's reader takes a tenth of a second for 8 KB of quoted nonsense (CVE-2024-7592); ours is never quoted.
_VALUE = r"(?:^|;) *{name}=([\w.-]{{1,8192}}) *(?:;|$)"


@dataclass(frozen=True)
class Agent:
    """Somebody who is signed in.

    Attributes:
        name: the token's subject, which stands in the audit.
        session: what the token is remembered by once it is signed out.
        csrf: what every form of theirs must carry.
        expires_at: epoch seconds.
        roles: what they may.
        shown: what they are called on the screen.
        by_provider: whether the deployment's provider has signed them in.
        shown_as: the name by which customers know them; None: none.
    """

    name: str
    session: str
    csrf: str
    expires_at: float
    roles: frozenset[str] = frozenset({ROLE_AGENT})
    shown: str = ""
    by_provider: bool = False
    shown_as: str | None = None

    @property
    def is_lead(self) -> bool:
        """Whether they may see the desk's numbers."""
        return ROLE_LEAD in self.roles


@dataclass(frozen=True)
class Ways:
    """How one can sign in: at the provider, or with a token."""

    provider: bool
    token: bool


class Sessions:
    """Recognises staff at one entrance and keeps their tokens in their browsers.

    Args:
        verifier: checks the login service's tokens; None: those open nothing here.
        always_secure: whether browsers may send the cookie over TLS only, however this server was asked; without it, if the browser came by TLS.
        seal: of sessions that the provider has begun; None: there is no provider.
        longest: seconds that such a session lasts; None: as long as the id token.

    Attributes:
        entrance: which.
    """

    def __init__(
        self,
        entrance: Entrance,
        verifier: TokenVerifier | None,
        always_secure: bool,
        seal: Seal | None = None,
        longest: float | None = None,
    ) -> None:
        self.entrance = entrance
        self._verifier = verifier
        self._always_secure = always_secure
        self._seal = seal
        self._longest = longest

    @property
    def ways(self) -> Ways:
        """How one can sign in."""
        return Ways(self._seal is not None, self._verifier is not None)

    def agent_of(self, request: Request) -> Agent | None:
        """Who sends this request, None if nobody who may. Whether they have signed out since is not looked at."""
        token = cookie_of(request, self.entrance.cookie)
        return self.agent_with(token) if token else None

    def agent_with(self, token: str) -> Agent | None:
        """Who has this token, None if it is not a valid token of somebody who may come in here."""
        token = token.strip()
        agent = self._begun_by_provider(token) or self._of_login_service(token)
        return agent if agent is not None and self.entrance.role in agent.roles else None

    def _of_login_service(self, token: str) -> Agent | None:
        if self._verifier is None:
            return None
        try:
            claims = self._verifier.verify(token)
        except InvalidToken:
            return None
        return _of_token(token, claims)

    def _begun_by_provider(self, token: str) -> Agent | None:
        claims = None if self._seal is None else self._seal.opened("session", token)
        if claims is None:
            return None
        return _of_provider(token, claims["sub"], float(claims["exp"]), claims["roles"], claims["shown"], claims.get("shown_as"))

    def begin(self, identity: Identity) -> tuple[str, Agent]:
        """A token of ours for somebody whom the provider has signed in, and who that is."""
        assert self._seal is not None, "only a provider signs in, and with it comes a seal"
        ends = identity.expires_at if self._longest is None else time.time() + self._longest
        ends = min(ends, time.time() + LONGEST_SESSION)
        claims = {"sub": identity.user, "shown": identity.shown, "roles": sorted(identity.roles), "shown_as": identity.shown_as}
        token = self._seal.seal("session", claims, ends)
        return token, _of_provider(token, identity.user, float(int(ends)), identity.roles, identity.shown, identity.shown_as)

    def keep(self, response: HTTPResponse, request: Request, token: str, agent: Agent) -> None:
        """Puts the token into the cookie."""
        self.set_cookie(response, request, self.entrance.cookie, token.strip(), int(agent.expires_at - time.time()))

    def take_away(self, response: HTTPResponse, request: Request) -> None:
        """Takes the cookie away."""
        self.set_cookie(response, request, self.entrance.cookie, "", 0)

    def set_cookie(
        self, response: HTTPResponse, request: Request, name: str, text: str, lifetime: int, below: str = "", same_site: str = "Strict"
    ) -> None:
        """Leaves a text with the browser that no script reads, for so many seconds, to be sent to this place, or ``below`` it."""
        parts = [f"{name}={text}", f"Path={self.entrance.path}{below}", "HttpOnly", f"SameSite={same_site}", f"Max-Age={lifetime}"]
        secure = self._always_secure or came_by_tls(request)
        response.headers.add("Set-Cookie", "; ".join([*parts, *(["Secure"] if secure else [])]))


def bearer(verifier: TokenVerifier, authorization: str | None) -> Agent:
    """Who has the token of an Authorization header: staff or a program, at no entrance.

    Raises:
        InvalidToken: there is no valid token.
    """
    claims = verifier.verify_header(authorization)
    return _of_token((authorization or "").partition(" ")[2].strip(), claims)


def cookie_of(request: Request, name: str) -> str | None:
    """What we have left with the browser by that name."""
    found = re.search(_VALUE.format(name=name), request.headers.get("cookie", ""), re.ASCII)
    return found[1] if found else None


def _of_token(token: str, claims: Claims) -> Agent:
    return Agent(claims.user, fingerprint(token), _csrf(token), claims.expires_at, claims.roles, claims.user, shown_as=claims.shown_as)


def _of_provider(token: str, user: str, ends: float, roles: Collection[str], shown: str, shown_as: str | None) -> Agent:
    return Agent(user, fingerprint(token), _csrf(token), ends, with_contained(roles), shown, by_provider=True, shown_as=shown_as)


def _csrf(token: str) -> str:
    # Nobody else knows the cookie, so nobody else can make this from it.
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


def came_by_tls(request: Request) -> bool:
    """Whether the browser came by TLS, however its request reached us."""
    return (first_of(request, "x-forwarded-proto").lower() or request.scheme) == "https"


def first_of(request: Request, header: str) -> str:
    """What the first of several proxies says: it stands in front of the browser, and each adds what it was asked by at the end."""
    return ",".join(request.headers.getall(header, [])).partition(",")[0].strip()
