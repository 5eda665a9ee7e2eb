"""The desk: where support agents take the cases that were handed over. Server-rendered pages under ``/desk``."""

from __future__ import annotations

from typing import Any

from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.tokens import TokenVerifier
from bot.desk.pages import Desk
from bot.desk.sessions import Sessions
from bot.desk.work import DeskWork


def register(app: Any, work: DeskWork, verifier: TokenVerifier, locks: Locks, feed: Feed) -> None:
    """Adds the desk to the web server.

    Args:
        app: the application.
        work: what agents see and do.
        verifier: checks agents' tokens.
        locks: of the conversations, so that nobody takes a case in the middle of a turn.
        feed: tells open chats about agents' messages.
    """
    Desk(work, Sessions(verifier), locks, feed).add_to(app)
