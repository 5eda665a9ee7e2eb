"""The desk: where support agents take the cases that were handed over. Server-rendered pages under ``/desk``."""

from __future__ import annotations

from typing import Any

from actions.services import Services
from actions.state.database import Database
from bot.channel.feed import Feed
from bot.channel.locks import Locks
from bot.channel.tokens import TokenVerifier
from bot.desk.pages import Desk
from bot.desk.sessions import Sessions
from bot.desk.work import DeskWork


def register(app: Any, database: Database, verifier: TokenVerifier, locks: Locks, feed: Feed) -> None:
    """Adds the desk to the web server.

    Args:
        app: the application.
        database: where handoffs and conversations are.
        verifier: checks agents' tokens.
        locks: of the conversations, so that nobody takes a case in the middle of a turn.
        feed: tells open chats about agents' messages.
    """
    Desk(DeskWork(Services(database)), Sessions(verifier), locks, feed).add_to(app)
