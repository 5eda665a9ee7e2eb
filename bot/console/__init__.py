"""The console: where those who run the assistant see what needs them and act. Server-rendered pages under ``/console``, the same as JSON under ``/console/api``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channel.service import RateLimiter
from bot.channel.tokens import TokenVerifier
from bot.console.api import ConsoleApi
from bot.console.pages import ConsolePages
from bot.console.places import Place
from bot.console.work import ConsoleWork
from bot.staff.entrances import CONSOLE
from bot.staff.ways import SignIn, entering


def register(
    app: Any,
    work: ConsoleWork,
    verifier: TokenVerifier,
    attempts: RateLimiter,
    places: Sequence[Place],
    always_secure: bool = True,
    sign_in: SignIn | None = None,
) -> None:
    """Adds the console to the web server.

    Args:
        app: the application.
        work: its frame on the database.
        verifier: checks tokens of staff and programs.
        attempts: how often signing in may fail.
        places: what there is.
        always_secure: whether the cookie is for TLS only; without it, if the browser came by TLS.
        sign_in: at the deployment's provider; None: with tokens.
    """
    sessions, provider_pages = entering(CONSOLE, work.attendance, verifier, always_secure, sign_in)
    ConsolePages(work, sessions, attempts, places, provider_pages).add_to(app)
    ConsoleApi(work, verifier, places).add_to(app)
