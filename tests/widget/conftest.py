"""The channel served over real HTTP, with a fake assistant behind it and a database of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from actions.core.facts import Facts, UnknownCustomer
from actions.core.subject import ACCOUNT, Subject
from actions.masking import warm_up
from actions.state.database import Database
from actions.strict_http import StrictProtocol
from actions.threads import reading, writing
from bot.channel.locks import Locks, make_locks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.signals import make_signals
from bot.channel.store import ChannelStore
from bot.channel.tokens import TokenVerifier, issue
from bot.channel.widget.input import WidgetInput
from bot.demo.remedies import DEMO_FILES
from bot.engine.turn_state import current_turn
from bot.web.site import add_site
from conversations.application import STORE, project_knowledge
from tests.databases import migrated
from tests.widget.browsing import Watch, launch
from tests.widget.plain_channel import PlainInput
from tests.widget.stand import Stand
from tools.pages import ROOT

SECRET = "a secret of the tests, as long as the longest algorithm that is tried wants it"
ORDERS = {"u-1": ("o-1",), "u-2": ("o-2",)}


class KnownPeople:
    """A facts source that knows two customers and an order of each."""

    def __init__(self, _session: Any) -> None:
        pass

    def customer_exists(self, user_id: str) -> bool:
        return user_id in ORDERS

    def owns_order(self, user_id: str, order_id: str) -> bool:
        return order_id in ORDERS.get(user_id, ())

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        raise UnknownCustomer(user_id)


class FakeAssistant:
    """Answers every message as its script says and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.script: Callable[[UserMessage], Awaitable[None]] = self.greet

    async def greet(self, message: UserMessage) -> None:
        buttons = [{"title": "done", "payload": "/step_done"}, {"title": "pick", "payload": '/inform{"order": "o-1"}'}]
        await self.say(message, f"you said {message.text}", buttons=buttons)

    @staticmethod
    async def say(message: UserMessage, text: str, **fields: Any) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": text, "action": "action_fake", **fields})

    async def handle(self, message: UserMessage) -> None:
        self.heard.append(message)
        turn = current_turn()
        assert turn is not None and turn.conversation == message.sender_id
        turn.intent, turn.confidence = "greet", 0.9
        await self.script(message)
        turn.save_tracker(f"state after {len(self.heard)}")


class Client:
    """One customer's view of the API."""

    def __init__(self, address: str, token: str) -> None:
        self.address = f"{address}/webhooks/widget"
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, text: str | None = None, **fields: Any) -> requests.Response:
        body: dict[str, Any] = {"id": str(uuid.uuid4()), **fields}
        if text is not None:
            body["text"] = text
        return requests.post(f"{self.address}/messages", json=body, headers=self.headers, timeout=20)

    def post_raw(self, body: bytes) -> requests.Response:
        return requests.post(f"{self.address}/messages", data=body, headers=self.headers, timeout=20)

    def history(self, after: Any = 0) -> list[dict[str, Any]]:
        response = requests.get(f"{self.address}/messages", params={"after": after}, headers=self.headers, timeout=20)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


class Served:
    """A running server.

    Attributes:
        address: without a slash at the end.
        assistant: the fake one behind the channel.
        database: the server's.
    """

    def __init__(self, database: Database, locks: Locks | None = None, rate: str = "10000/minute", redis_url: str | None = None) -> None:
        self.assistant = FakeAssistant()
        self.database = database
        self.store = ChannelStore(database, facts=KnownPeople)  # type: ignore[arg-type]
        signals = make_signals(database)
        locks = locks or make_locks(redis_url, database, signals)
        verifier = TokenVerifier({"HS256": SECRET})
        self.service = ChannelService(self.store, verifier, RateLimiter(rate, redis_url), locks, signals=signals)
        self.channel = WidgetInput(self.service, STORE, heartbeat=0.3)
        self.ready = {"agent": True}
        self.secret = SECRET
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._started.wait(20)

    def client(self, user: str = "u-1", **claims: Any) -> Client:
        return Client(self.address, issue(SECRET, user, **claims))

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._started.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        Sanic.test_mode = True
        app = Sanic(f"test-{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = type("Agent", (), {"handle_message": staticmethod(self.assistant.handle)})
        register([self.channel, PlainInput(self.service)], app, "/webhooks/")

        async def agent_ready() -> bool:
            return self.ready["agent"]

        add_site(app, self.service.metrics, {"agent": agent_ready}, home="/shop")
        # Sanic takes port 0 for "no port" and would serve on its own default, which another test may hold.
        bound = socket.create_server(("127.0.0.1", 0))
        self._server = await app.create_server(sock=bound, protocol=StrictProtocol, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()
        self.address = f"http://127.0.0.1:{bound.getsockname()[1]}"

    async def _stop(self) -> None:
        await self._server.before_stop()
        self._server.close()
        # As Sanic does when it stops: connections have a while to end by themselves.
        for _ in range(100):
            if not self.service.feed.streams:
                break
            await asyncio.sleep(0.02)
        for connection in list(self._server.connections):
            connection.close()
        await self._server.after_stop()


@pytest.fixture
def database(tmp_path: Any) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path}/channel.db")
    yield database
    database.close()


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    served = Served(database)
    yield served
    served.close()


@pytest.fixture
def serve(database: Database) -> Iterator[Callable[..., Served]]:
    """Starts servers with settings of the test's own."""
    running: list[Served] = []

    def start(**settings: Any) -> Served:
        running.append(Served(settings.pop("database", database), **settings))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture(scope="session")
def ready() -> None:
    """Masking and knowledge are loaded, as a server has them before it is asked for anything: the first page would wait for them."""
    warm_up()
    project_knowledge()


@pytest.fixture(scope="session")
def browser(ready: None) -> Iterator[Browser]:
    # What is tried is what the modules say now; whether the bundle was committed is asked by `make check`.
    subprocess.run(["scripts/bundle-widget"], check=True, cwd=ROOT)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory: pytest.TempPathFactory, ready: None) -> Path:
    """A database file with the demo world, to be copied."""
    file = tmp_path_factory.mktemp("world") / "demo.db"
    database = migrated(f"sqlite:///{file}", DEMO_FILES / "world.yml")
    database.close()
    return file


@pytest.fixture
def stands(demo_world: Path, tmp_path: Path) -> Iterator[Callable[..., Stand]]:
    """Starts stand-ins over one database with the demo world."""
    shutil.copy(demo_world, tmp_path / "stand.db")
    database = Database(f"sqlite:///{tmp_path / 'stand.db'}")
    running: list[Stand] = []

    def start(**options: Any) -> Stand:
        running.append(Stand(database, **options))
        return running[-1]

    yield start
    for stand in running:
        stand.close()
    database.close()


@pytest.fixture
def stand(stands: Callable[..., Stand]) -> Stand:
    return stands()


_WATCH = pytest.StashKey[Watch]()


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Page]]:
    """Opens pages; whatever the browser complains about in any of them fails the test."""
    # A machine that is busy with browsers is no database that is away: a page that comes late is no failure, and a 503 is one.
    for kind in (reading, writing):
        monkeypatch.setattr(kind, "patience", 60.0)
    watch = request.node.stash[_WATCH] = Watch(browser)
    yield watch.open
    watch.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Pages leave before any fixture does, whichever of them serves: a page that still loads something would miss its server."""
    if _WATCH in item.stash:
        item.stash[_WATCH].leave()
