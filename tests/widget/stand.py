"""A stand-in for the assistant: the real channel, database and pages, with scripted answers in place of Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channel
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html

from actions.state import conversations
from actions.state.conversations import Message, MessageDraft
from actions.state.database import Database
from bot.bootstrap import FAILED_SIGN_INS, console_places, console_work, demo_shop, desk_rooms, desk_work
from bot.channel.locks import LocalLocks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import TokenVerifier, issue
from bot.channel.widget.input import WidgetInput
from bot.console import register as register_console
from bot.demo import register
from bot.desk import register as register_desk
from bot.engine.turn_state import current_turn
from bot.staff.ways import SignIn
from bot.web.headers import ONLY_OURSELVES, Embedding
from bot.web.site import add_site
from conversations.application import STORE, composed
from tests.unit.demo.serving import Serving
from tools.message_examples import read_examples

SECRET = "a secret of the tests, longer than 32 characters"
USER, ORDER = "u-1013", "o-1013"
EXAMPLES: dict[str, Any] = {name: given for name, given in read_examples().items() if name != "picture"}
"""One real message of every kind that the assistant sends."""

PAGE = """<!doctype html>
<html lang="zh-CN">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>host</title>
  <link rel="icon" href="data:,">
  <script type="module" src="{service}/widget/baitiao-chat.js"></script></head>
  <body><main><h1>Checkout</h1><button>elsewhere</button></main>
  <baitiao-chat token="{token}" order="{order}" {attributes}></baitiao-chat></body>
</html>"""

FRAMING = """<!doctype html>
<html lang="zh-CN"><head><title>framing</title><link rel="icon" href="data:,"></head><body><iframe src="{source}/shop"></iframe></body></html>"""


class Stand:
    """Everything a browser meets, with scripted answers.

    Attributes:
        heard: what the assistant was asked: texts, or the intents of payloads.
        script: answers a message; replace it to answer otherwise.
    """

    def __init__(self, database: Database, port: int = 0, embedding: Embedding = ONLY_OURSELVES, sign_in: SignIn | None = None) -> None:
        self.database = database
        self.heard: list[str] = []
        self.script: Callable[[UserMessage], Awaitable[None]] = self.answer
        self._embedding, self._sign_in = embedding, sign_in
        self._application = composed(database)
        self._verifier, self._locks = TokenVerifier({"HS256": SECRET}), LocalLocks()
        self.service = ChannelService(
            ChannelStore(database, self._application.facts), self._verifier, RateLimiter("100000/minute"), self._locks
        )
        self.channel = WidgetInput(self.service, STORE)
        self.serving = Serving(self._furnish, port)
        self.address = self.serving.address

    def close(self) -> None:
        self.serving.close()

    def token(self, user: str = USER, order: str | None = ORDER, **claims: Any) -> str:
        return issue(SECRET, user, order, **claims)

    def host(self, **options: str) -> str:
        """The address of a page that embeds the component; options become attributes of the element."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"{self.address}/host?{query}"

    def tell(self, *drafts: MessageDraft, user: str = USER) -> list[Message]:
        """Writes messages unasked, as the recovery watcher and the desk do."""
        with self.database.session() as session:
            return list(conversations.append(session, user, drafts))

    def history(self, user: str = USER) -> list[Message]:
        with self.database.session() as session:
            return list(conversations.history(session, user))

    async def answer(self, message: UserMessage) -> None:
        """A text that names an example gets it; anything else gets a step with its buttons."""
        wanted = [name for name in str(message.text).split() if name in EXAMPLES] or ["step"]
        for name in wanted:
            given = EXAMPLES[name]
            response = {"text": given["text"], "buttons": given.get("buttons", []), "custom": given.get("data", {})}
            await message.output_channel.send_response(message.sender_id, response)

    async def plainly(self, message: UserMessage) -> None:
        """Thanks, and offers nothing."""
        await message.output_channel.send_response(message.sender_id, {"text": EXAMPLES["plain"]["text"]})

    def _furnish(self, app: Sanic) -> None:
        app.ctx.agent = type("Agent", (), {"handle_message": staticmethod(self._handle)})
        register_channel([self.channel], app, "/webhooks/")
        add_site(app, self.service.metrics, {}, home="/shop", embedding=self._embedding)
        register(app, demo_shop(self._application), SECRET)
        attempts = RateLimiter(FAILED_SIGN_INS)
        register_desk(
            app,
            desk_work(self._application),
            self._verifier,
            self._locks,
            self.service.feed,
            attempts,
            always_secure=False,
            sign_in=self._sign_in,
            rooms=desk_rooms(self._application),
        )
        here = self._application
        register_console(
            app, console_work(here), self._verifier, attempts, console_places(here), always_secure=False, sign_in=self._sign_in
        )

        @app.get("/host")
        async def page(request: Request) -> HTTPResponse:
            options = dict(request.query_args)
            service = options.pop("service", "")
            token = self.token() if options.pop("token", "") != "none" else ""
            attributes = " ".join(f'{name}="{value}"' for name, value in options.items())
            policy = f"default-src 'none'; script-src {service}; connect-src {service}; img-src data:"
            headers = {"Content-Security-Policy": policy} if service else {}
            return html(PAGE.format(service=service, token=token, order=ORDER, attributes=attributes), headers=headers)

        @app.get("/framing")
        async def framing(request: Request) -> HTTPResponse:
            source = request.args.get("src")
            policy = {"Content-Security-Policy": f"default-src 'none'; frame-src {source}; img-src data:"}
            return html(FRAMING.format(source=source), headers=policy)

    async def _handle(self, message: UserMessage) -> None:
        parsed = message.parse_data
        self.heard.append(f"/{parsed['intent']['name']}" if parsed else str(message.text))
        turn = current_turn()
        assert turn is not None
        await self.script(message)
        turn.save_tracker('{"events": []}')


def example(name: str, role: str = "bot") -> MessageDraft:
    """An example as a message to be told."""
    given = EXAMPLES[name]
    return MessageDraft(role=role, text=given["text"], buttons=given.get("buttons", ()), data=given.get("data"))
