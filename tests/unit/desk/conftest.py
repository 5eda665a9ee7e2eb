"""Desks over real HTTP, each with verifier, locks and limits of its own as two processes have them, over one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from actions.state import audit
from actions.state.database import Database
from bot.bootstrap import FAILED_SIGN_INS, desk_rooms, desk_work
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.service import RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import TokenVerifier, issue
from bot.desk import register
from bot.staff.entrances import DESK
from bot.staff.ways import SignIn
from bot.web.metrics import Metrics
from bot.web.site import add_site
from tests.unit.demo.serving import Serving
from tests.unit.desk.at_provider import Browser, sign_in_at
from tests.unit.desk.openid_provider import OpenIdProvider
from tests.unit.handoff.conftest import House, demo_file, house

__all__ = ["demo_file", "house"]

SECRET = "a secret of the tests, longer than 32 characters"


class AgentsBrowser:
    """One browser at one desk; cookies are its own, and it follows no redirect."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookie: str | None = None
        self._csrf: dict[str | None, str] = {}

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {**({"Cookie": f"{DESK.cookie}={self.cookie}"} if self.cookie else {}), **options.pop("headers", {})}
        return requests.request(method, self.address + path, headers=headers, allow_redirects=False, timeout=20, **options)

    def sign_in(self, token: str | None = None, **options: Any) -> requests.Response:
        token = token or issue(SECRET, "agent-1", role="agent")
        answer = self.ask("POST", "/desk/sign-in", data={"token": token}, **options)
        if answer.status_code == 303:
            self.cookie = token
        return answer

    def send(self, path: str, **options: Any) -> requests.Response:
        """Sends a form as the page has it; the page is looked at once while nobody else signs in."""
        if not self._csrf.get(self.cookie):
            self._csrf = {self.cookie: self.ask("GET", "/desk").text.partition('name="csrf" value="')[2][:64]}
        return self.ask("POST", path, data={"csrf": self._csrf[self.cookie], **options.pop("data", {})}, **options)


@pytest.fixture
def desks(house: House) -> Iterator[Callable[..., str]]:
    """Starts a desk and gives its address."""
    running: list[Serving] = []

    def start(always_secure: bool = False, sign_in: SignIn | None = None) -> str:
        application = house.application
        # The first of a process reads all of it, for which no request of a test waits.
        _ = application.knowledge.current

        def furnish(app: Any) -> None:
            add_site(app, Metrics(), {})
            feed = Feed(ChannelStore(application.database, application.facts))
            verifier, attempts = TokenVerifier({"HS256": SECRET}), RateLimiter(FAILED_SIGN_INS)
            register(app, desk_work(application), verifier, LocalLocks(), feed, attempts, always_secure, sign_in, desk_rooms(application))

        running.append(Serving(furnish))
        return running[-1].address

    yield start
    for server in running:
        server.close()


@pytest.fixture
def browser(desks: Callable[..., str]) -> AgentsBrowser:
    return AgentsBrowser(desks())


def audited(database: Database, action: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    return audited_by(database, f"desk.{action}")


def audited_by(database: Database, action: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    with database.session() as session:
        return [(entry.actor, entry.handoff_id, entry.detail) for entry in audit.entries(session) if entry.action == action]


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    yield provider
    provider.close()


@pytest.fixture
def desk(desks: Callable[..., str], provider: OpenIdProvider) -> Callable[..., Browser]:
    def start(**options: Any) -> Browser:
        return Browser(desks(sign_in=sign_in_at(provider, **options)))

    return start
