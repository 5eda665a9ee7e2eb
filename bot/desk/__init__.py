"""The desk: where support agents take the cases that were handed over. Server-rendered pages under ``/desk``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.service import RateLimiter
from bot.channel.tokens import TokenVerifier
from bot.desk.pages import Desk
from bot.desk.work import DeskWork
from bot.staff.entrances import DESK
from bot.staff.rooms import Room
from bot.staff.ways import SignIn, entering


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
    sessions, provider_pages = entering(DESK, work.attendance, verifier, always_secure, sign_in)
    Desk(work, sessions, locks, feed, attempts, (*rooms, *provider_pages)).add_to(app)
