"""What a conversation is played on: the trained agent, the channel's turns, the actions in this process, a database of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple
from uuid import uuid4

from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from actions.recovery.watcher import look
from actions.services import Services, use_services
from actions.state import handoffs
from actions.state.conversations import Message
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.state.world import load_world, load_world_data
from bot.action_client import InProcessActions
from bot.channel.feed import Feed
from bot.channel.incoming import envelope
from bot.channel.locks import LocalLocks
from bot.channel.metrics import Metrics
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from bot.channel.turns import Turns
from bot.demo.remedies import DEMO_FILES, remedy
from bot.processor import TurnAgent
from bot.tracker_store import ConversationTrackerStore
from tests.worlds.healthy import healthy, injections


def in_process_actions() -> InProcessActions:
    """The project's actions, registered as the action server registers them."""
    executor = ActionExecutor()
    executor.register_package("actions.handlers")
    return InProcessActions(executor)


def load_agent(model: Path) -> TurnAgent:
    """An agent with a trained model; loading takes seconds, so everybody shares one and gives it a tracker store of their own."""
    configure_structlog(logging.WARNING)
    agent = TurnAgent(in_process_actions(), ConversationTrackerStore())
    agent.load_model(model)
    return agent


def build_world(database: Database, world: Sequence[Any]) -> None:
    """Loads the parts of a world one after the other."""
    for part in world:
        if part == "demo":
            load_world(database, [DEMO_FILES / "world.yml"])
        elif part == "healthy":
            load_world_data(database, healthy())
        elif isinstance(part, dict) and set(part) == {"inject"}:
            known = injections()
            for cause in part["inject"]:
                load_world_data(database, known[cause].patch)
        elif isinstance(part, dict):
            load_world_data(database, part)
        else:
            raise ValueError(f"no such world: {part}")


class Templates:
    """Migrated databases that hold a world, copied for each conversation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: Dict[str, Path] = {}

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


class Stage:
    """One customer's conversation.

    Args:
        agent: with its model loaded.
        database: of this conversation only.
        loop: where turns run.
    """

    def __init__(self, agent: TurnAgent, database: Database, loop: asyncio.AbstractEventLoop, user: str, order: Optional[str]) -> None:
        self._agent, self._database, self._loop = agent, database, loop
        self._user, self._order = user, order
        self.subject: Tuple[Optional[str], Optional[str]] = (order, None)
        self.start()

    def start(self) -> None:
        """Puts everything between the customer and the database in place anew, as a restart of the servers does."""
        use_services(Services(self._database))
        trackers = ConversationTrackerStore(domain=self._agent.domain, database=self._database)
        self._agent.tracker_store = trackers
        assert self._agent.processor is not None
        self._agent.processor.tracker_store = trackers
        self.services = Services(self._database)
        self._store = ChannelStore(self._database)
        self._turns = Turns(self._agent.handle_message, self._store, LocalLocks(), Feed(self._store), Metrics())

    def say(self, text: str) -> Tuple[Message, ...]:
        """The replies to a typed message."""
        return self._take({"text": text})

    def press(self, payload: str) -> Tuple[Message, ...]:
        """The replies to a button."""
        return self._take({"payload": payload})

    def history(self) -> Tuple[Message, ...]:
        """Everything said so far."""
        return self._store.history(self._user, 0)

    def use_order(self, order: Optional[str]) -> None:
        """Goes on with a token that names another order."""
        self._order = order

    def play_remedy(self, cause: str) -> None:
        """Plays what removes a cause, for the order or bill of the latest diagnosis."""
        with self._database.session() as session:
            facts = SqlFacts(session).snapshot(self._user, *self.subject)
        load_world_data(self._database, remedy(cause, facts))

    def patch(self, data: Dict[str, Any]) -> None:
        """Changes the world."""
        load_world_data(self._database, data)

    def take_over(self) -> None:
        """Lets a person take the case that was handed over."""
        with self._database.session() as session:
            handoff = handoffs.open_handoff(session, self._user)
            assert handoff is not None, "nothing was handed over"
            assert handoffs.take(session, handoff.id, "a-1")

    def look(self) -> int:
        """Lets the recovery watcher look once; the number of customers told."""
        return look(self.services)

    def dump(self) -> str:
        """The whole database as text."""
        connection = self._database.engine.raw_connection()
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()

    def _take(self, fields: Dict[str, Any]) -> Tuple[Message, ...]:
        claims = Claims(user=self._user, order=self._order, role=None, expires_at=2**40)
        assert self._store.knows(claims), f"the token of {self._user} with order {self._order} would be refused"
        body = json.dumps({"id": str(uuid4()), **fields}, ensure_ascii=False).encode()
        replies = self._loop.run_until_complete(self._turns.take(claims, envelope(body)))
        for data in (message.data for message in replies if message.data and message.data["type"] == "diagnosis"):
            self.subject = (data["order"], data["bill"])
        return replies


def titles(message: Message) -> List[str]:
    """The titles of a message's buttons."""
    return [button["title"] for button in message.buttons]
