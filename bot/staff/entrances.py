"""Where staff come in: each place has its own address, cookie and roles, and one session opens one of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channel.tokens import ROLE_AGENT, ROLE_VIEWER


@dataclass(frozen=True)
class Entrance:
    """One place.

    Attributes:
        name: what its steps begin with in the audit.
        path: its first page, and what the cookie is for.
        cookie: the cookie's name.
        role: who has it may come in.
    """

    name: str
    path: str
    cookie: str
    role: str


DESK = Entrance("desk", "/desk", "baitiao_desk", ROLE_AGENT)
CONSOLE = Entrance("console", "/console", "baitiao_console", ROLE_VIEWER)
