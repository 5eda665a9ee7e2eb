"""What a conversation is played on: the trained agent, the channel's turns, the actions in this process, a database of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from actions.bootstrap import use
from actions.state.conversations import Message
from actions.state.database import Database
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.requests import envelope
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from bot.channel.turns import Turns
from bot.channel.unasked import UnaskedChecks
from bot.engine.action_client import InProcessActions
from bot.engine.processor import TurnAgent
from bot.engine.tracker_store import ConversationTrackerStore
from bot.web.metrics import Metrics
from bot.web.responses import ProblemError
from conversations.application import composed
from conversations.backstage import Backstage, build_world, titles
from conversations.faults import Breakable, FaultyActions

__all__ = ["Stage", "Templates", "build_world", "in_process_actions", "load_agent", "titles"]


def in_process_actions() -> FaultyActions:
    """The project's actions, registered as the action server registers them."""
    executor = ActionExecutor()
    executor.register_package("actions.handlers")
    return FaultyActions(InProcessActions(executor))


def load_agent(model: Path) -> TurnAgent:
    """An agent with a trained model; loading takes seconds, so everybody shares one and gives it a tracker store of their own."""
    configure_structlog(logging.WARNING)
    agent = TurnAgent(in_process_actions(), ConversationTrackerStore(database=Database("sqlite://")))
    agent.load_model(model)
    return agent


class Templates:
    """Migrated databases that hold a world, copied for each conversation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}

    def copy(self, world: Sequence[Any], to: Path) -> Database:
        """A database of one's own with a world in it."""
        whole = [part for part in world if isinstance(part, str)]
        key = "+".join(whole)
        if key not in self._made:
            self._made[key] = self._folder / f"{len(self._made)}.db"
            template = Database(f"sqlite:///{self._made[key]}")
            template.migrate()
            build_world(template, whole)
            # The last connection to close writes the log back into the file, which can be copied then.
            template.close()
        shutil.copyfile(self._made[key], to)
        database = Database(f"sqlite:///{to}")
        build_world(database, [part for part in world if not isinstance(part, str)])
        return database


class Stage(Backstage):
    """One customer's conversation, with everything in this process.

    Args:
        agent: with its model loaded.
        database: of this conversation only; the assistant gets connections of its own to it.
        loop: where turns run.
    """

    def __init__(self, agent: TurnAgent, database: Database, loop: asyncio.AbstractEventLoop, user: str, order: str | None) -> None:
        super().__init__(database, user, order)
        self._agent, self._loop = agent, loop
        self._served: Database | None = None
        self._meanwhile: dict[str, str] | None = None
        self._last: dict[str, str] = {}
        self.meanwhile: tuple[Message, ...] | ProblemError = ()
        """What the second device got."""
        self.start()

    def start(self) -> None:
        """Puts everything between the customer and the database in place anew, as a restart of the servers does."""
        self.end()
        self._served = served = Database(str(self.database.engine.url))
        self._switch = Breakable(served)
        self.application = composed(served)
        use(self.application)
        trackers = ConversationTrackerStore(domain=self._agent.domain, database=served)
        self._agent.tracker_store = trackers
        assert self._agent.processor is not None
        self._agent.processor.tracker_store = trackers
        self._store = ChannelStore(served, self.application.facts)
        locks, self._feed, here = LocalLocks(), Feed(self._store), self.application
        self._turns = Turns(self._agent.handle_message, self._store, locks, self._feed, Metrics(), "widget")
        self._checks = UnaskedChecks(served, here.knowledge, here.facts, here.assistant_on, here.world_now, locks, self._feed)

    def end(self) -> None:
        """Repairs what was broken and closes connections."""
        if self._served is not None:
            self.break_down(())
            self._served.close()

    def break_down(self, faults: Collection[str]) -> None:
        """Lets exactly these faults be: see ``script.Fault``."""
        self._actions.faults = frozenset(faults)
        self._switch.broken = "database_down" in faults

    def say(self, text: str) -> tuple[Message, ...]:
        """The replies to a typed message.

        Raises:
            ProblemError: refused.
        """
        return self._take({"text": text})

    def press(self, payload: str) -> tuple[Message, ...]:
        """The replies to a button.

        Raises:
            ProblemError: refused.
        """
        return self._take({"payload": payload})

    def resend(self) -> tuple[Message, ...]:
        """The replies to the last message, sent again with the same id.

        Raises:
            ProblemError: refused.
        """
        return self._take(self._last)

    def send_meanwhile(self, **fields: str) -> None:
        """Lets a second device send a text or a payload while the next message is answered."""
        self._meanwhile = fields

    def look(self) -> int:
        """Lets those look once who tell customers something unasked, the chat being open; how many messages came."""
        before = len(self.history())
        self.application.recovery_watcher().look()
        self._loop.run_until_complete(self._look_at_open_chat())
        return len(self.history()) - before

    async def _look_at_open_chat(self) -> None:
        with self._feed.listen(self._user):
            await self._checks.look()
        await self._feed.close()

    @property
    def _actions(self) -> FaultyActions:
        assert isinstance(self._agent.caller, FaultyActions)
        return self._agent.caller

    def _take(self, fields: dict[str, str]) -> tuple[Message, ...]:
        self._last = {"id": str(uuid4()), **fields}
        second, self._meanwhile = self._meanwhile, None
        if second is None:
            replies = self._loop.run_until_complete(self._send(self._last))
        else:
            replies = self._loop.run_until_complete(self._send_both(self._last, second))
        self._note_subject(replies)
        return replies

    async def _send_both(self, first: dict[str, str], second: dict[str, str]) -> tuple[Message, ...]:
        sent = asyncio.ensure_future(self._send(first))
        # The lock of a conversation is fair: who came first is answered first.
        await asyncio.sleep(0)
        (other,) = await asyncio.gather(self._send({"id": str(uuid4()), **second}), return_exceptions=True)
        if isinstance(other, BaseException) and not isinstance(other, ProblemError):
            raise other
        self.meanwhile = other
        return await sent

    async def _send(self, fields: dict[str, str]) -> tuple[Message, ...]:
        claims = Claims(user=self._user, order=self._order, roles=frozenset(), expires_at=2**40)
        try:
            known = self._store.knows(claims)
        except Exception:
            # As the channel's route answers whatever happens outside of a turn.
            raise ProblemError("turn_failed", retry_after=3, kept=False) from None
        assert known, f"the token of {self._user} with order {self._order} would be refused"
        return await self._turns.take(claims, envelope(json.dumps(fields, ensure_ascii=False).encode()))
