"""The desk: where support agents take the cases that were handed over. Server-rendered pages under ``/desk``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.service import RateLimiter
from bot.channel.tokens import TokenVerifier
from bot.desk.oidc import Provider
from bot.desk.oidc_pages import ProviderPages
from bot.desk.pages import Desk
from bot.desk.rooms import Room
from bot.desk.seal import Seal
from bot.desk.sessions import Sessions
from bot.desk.work import DeskWork


@dataclass(frozen=True)
class SignIn:
    """How the deployment's provider signs agents in.

    Attributes:
        provider: which.
        seal: of sessions and of sign-ins under way.
        longest: seconds that a session lasts; None: as long as the provider's id token.
        public_address: the origin that browsers know us by; None: what the proxies say.
        beside_tokens: whether the login service's tokens open the desk, too.
    """

    provider: Provider
    seal: Seal
    longest: float | None
    public_address: str | None
    beside_tokens: bool


def register(
    app: Any,
    work: DeskWork,
    verifier: TokenVerifier,
    locks: Locks,
    feed: Feed,
    attempts: RateLimiter,
    always_secure: bool = True,
    sign_in: SignIn | None = None,
    rooms: Sequence[Room] = (),
) -> None:
    """Adds the desk to the web server.

    Args:
        app: the application.
        work: what agents see and do.
        verifier: checks agents' tokens.
        locks: of the conversations, so that nobody takes a case in the middle of a turn.
        feed: tells open chats about agents' messages.
        attempts: how often signing in may fail.
        always_secure: whether the cookie is for TLS only; without it, if the browser came by TLS.
        sign_in: at the deployment's provider; None: with tokens.
        rooms: pages beside the desk's own.
    """
    if sign_in is None:
        sessions = Sessions(verifier, always_secure)
    else:
        sessions = Sessions(verifier if sign_in.beside_tokens else None, always_secure, sign_in.seal, sign_in.longest)
        rooms = (*rooms, ProviderPages(sign_in.provider, sign_in.seal, sessions, work, sign_in.public_address))
    Desk(work, sessions, locks, feed, attempts, rooms).add_to(app)
