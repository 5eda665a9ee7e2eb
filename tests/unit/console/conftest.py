"""Consoles over real HTTP, over the database of a house with customers and a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from bot.bootstrap import FAILED_SIGN_INS, console_places, console_work
from bot.channel.service import RateLimiter
from bot.channel.tokens import ROLE_AGENT, TokenVerifier, issue
from bot.console import register
from bot.staff.entrances import CONSOLE
from bot.staff.ways import SignIn
from bot.web.metrics import Metrics
from bot.web.site import add_site
from tests.unit.demo.serving import Serving
from tests.unit.desk.conftest import SECRET, provider
from tests.unit.handoff.conftest import House, demo_file, house

__all__ = ["demo_file", "house", "provider"]


def token_of(role: str, name: str | None = None) -> str:
    """A token of somebody who has this role, and is called by it."""
    if role == ROLE_AGENT:
        return issue(SECRET, name or f"{role}-1", role=role)
    return issue(SECRET, name or f"{role}-1", roles=[role])


class Caller:
    """Somebody at one console: with a browser, whose cookie is the token, or with a program, which sends it as a bearer."""

    def __init__(self, address: str, role: str, token: str | None = None) -> None:
        self.address = address
        self.token = token or token_of(role)
        self._csrf: dict[str, str] = {}

    def look(self, path: str, **options: Any) -> requests.Response:
        """Asks for a page."""
        return self._send("GET", path, {"Cookie": f"{CONSOLE.cookie}={self.token}"}, **options)

    def submit(self, path: str, page: str = "/console", **fields: str) -> requests.Response:
        """Sends a form of a page, which is looked at once."""
        if not self._csrf.get(page):
            self._csrf[page] = self.look(page).text.partition('name="csrf" value="')[2][:64]
        return self._send("POST", path, {"Cookie": f"{CONSOLE.cookie}={self.token}"}, data={"csrf": self._csrf[page], **fields})

    def get(self, path: str, **options: Any) -> requests.Response:
        """Asks for JSON."""
        return self._send("GET", f"/console/api{path}", {"Authorization": f"Bearer {self.token}"}, **options)

    def post(self, path: str, body: Any) -> requests.Response:
        """Sends JSON."""
        return self._send("POST", f"/console/api{path}", {"Authorization": f"Bearer {self.token}"}, json=body)

    def _send(self, method: str, path: str, headers: dict[str, str], **options: Any) -> requests.Response:
        return requests.request(method, self.address + path, headers=headers, allow_redirects=False, timeout=20, **options)


@pytest.fixture
def consoles(house: House) -> Iterator[Callable[..., str]]:
    """Starts a console and gives its address."""
    running: list[Serving] = []

    def start(always_secure: bool = False, sign_in: SignIn | None = None) -> str:
        here = house.application
        # The first of a process reads all of it, for which no request of a test waits.
        _ = here.knowledge.current

        def furnish(app: Any) -> None:
            add_site(app, Metrics(), {})
            verifier, attempts = TokenVerifier({"HS256": SECRET}), RateLimiter(FAILED_SIGN_INS)
            register(app, console_work(here), verifier, attempts, console_places(here), always_secure, sign_in)

        running.append(Serving(furnish))
        return running[-1].address

    yield start
    for server in running:
        server.close()


@pytest.fixture
def call(consoles: Callable[..., str]) -> Callable[[str], Caller]:
    """Somebody of a role, at one console that all of them share."""
    address = consoles()
    return lambda role: Caller(address, role)
