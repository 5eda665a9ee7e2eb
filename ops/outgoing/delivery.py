"""Delivers what operators are told to the receiver of a team, with the same outbox, claims and patience as handoffs."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp

from actions.deployment_values import OperatorsFormat
from actions.handoff.delivery import Dispatcher, Patience, Target
from actions.knowledge.store import KnowledgeStore
from actions.setting_values import MINIMUM_SECRET
from actions.settings import Settings, SettingsError
from actions.state import outbox
from actions.state.columns import real_now
from actions.state.database import Database
from ops.outgoing.compliance_news import COMPLIANCE, news_of_compliance
from ops.outgoing.news import news_of
from ops.outgoing.rendering import formats, refusal_in, rendered, signed
from ops.outgoing.telling import tell_due

if TYPE_CHECKING:
    from ops.worker import Surroundings

_LONGEST_ANSWER = 65_536
_USEFUL = timedelta(hours=24)
"""Nobody is told of what is older: it may have lain here while there was no receiver."""
_HASTE = Patience(timeout=5.0)
_WHILE = 20.0
"""Seconds that one pass delivers at most."""


class OperatorsDispatcher(Dispatcher):
    """Delivers to operators.

    Args:
        database: where alerts, incidents and deliveries are.
        knowledge: what causes are called.
        url: of the receiver.
        secret: what is signed with; None: nothing is.
        form: how the receiver wants to be told.
        address: of the console, if it is known.
        patience: how long and how often.
    """

    audience = "operators"

    def __init__(
        self,
        database: Database,
        knowledge: KnowledgeStore,
        url: str,
        secret: bytes | None,
        form: OperatorsFormat,
        address: str | None = None,
        patience: Patience = _HASTE,
    ) -> None:
        super().__init__(database, knowledge, Target(url, secret or b""), patience)
        # Its first look takes longer than a delivery may.
        self._known = knowledge.current
        self._url, self._secret, self._form, self._address = url, secret, form, address

    def body_of(self, delivery: outbox.Delivery) -> bytes:
        """What is sent, as it stands when it is sent.

        Raises:
            LookupError: what it is about is gone, or too old to tell.
        """
        if real_now() - delivery.created_at > _USEFUL:
            raise LookupError("too old to tell anybody")
        with self._database.session() as session:
            told = news_of_compliance if delivery.event.startswith(COMPLIANCE) else news_of
            news = told(session, self._known, delivery.event, delivery.detail, self._address)
        return rendered(self._form, news, delivery.key, int(delivery.detail.get("telling", 1)), self._address)

    def addressed(self, body: bytes, timestamp: int) -> tuple[str, bytes, dict[str, str]]:
        """Where a body goes, with its signature where the form wants it."""
        sent = signed(self._form, self._url, self._secret, body, timestamp)
        return sent.url, sent.body, dict(sent.headers)

    async def refusal(self, response: aiohttp.ClientResponse) -> str | None:
        """Robots of teams answer with success, and say in their JSON that they have refused."""
        return refusal_in(self._form, await response.content.read(_LONGEST_ANSWER))


def operators_dispatcher(here: Surroundings) -> OperatorsDispatcher | None:
    """The one of the settings; None: nobody is told outside.

    Raises:
        SettingsError: the form needs a secret, and there is none that can be used.
    """
    settings = here.settings
    if settings.ops_webhook is None:
        return None
    secret = None if settings.ops_webhook_secret is None else settings.ops_webhook_secret.get_secret_value()
    if formats()[settings.ops_webhook_format].needs_secret and len(secret or "") < MINIMUM_SECRET:
        needed, because = Settings.variable("ops_webhook_secret"), Settings.variable("ops_webhook")
        raise SettingsError([f"{needed} must be set, {MINIMUM_SECRET} characters or more, because {because} is"])
    return OperatorsDispatcher(
        here.database,
        here.knowledge,
        settings.ops_webhook,
        None if secret is None else secret.encode(),
        settings.ops_webhook_format,
        settings.public_address,
    )


def tell_operators(here: Surroundings) -> int:
    """Notes what operators are to be told, and delivers what is due; returns how much was tried."""
    dispatcher = operators_dispatcher(here)
    if dispatcher is None:
        return 0
    with here.database.session() as session:
        tell_due(session)
    tried, until = 0, time.monotonic() + _WHILE
    while time.monotonic() < until:
        some = asyncio.run(dispatcher.deliver_due())
        tried += some
        if not some:
            break
    return tried
