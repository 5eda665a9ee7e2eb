"""What a place lends to pages that are added to it: its guard, its frame, and how it refuses. Pages of their own know only this of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.staff.forms import PageRefused

Page = Callable[..., Awaitable[HTTPResponse | None]]


@dataclass(frozen=True)
class Frame:
    """What is lent.

    Attributes:
        page: guards a page: it gets who asks, and may raise ``PageRefused``.
        render: a template, who asks, and what stands in it.
        not_in: the answer to who could not sign in, counted and audited.
    """

    page: Callable[[Page], Page]
    render: Callable[..., HTTPResponse]
    not_in: Callable[[Request, PageRefused], Awaitable[HTTPResponse]]


class Room(Protocol):
    """Pages that are added to a place."""

    def add_to(self, app: Any, frame: Frame) -> None:
        """Adds the routes."""
