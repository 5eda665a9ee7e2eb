"""What stands behind a conversation whatever way it is played: its database, the clock of its facts, and the people beside the customer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from sqlalchemy import MetaData, Table, select

from actions.core.moments import local
from actions.core.subject import Subject
from actions.handoff import ownership, passing_on
from actions.handoff.ownership import Outcome
from actions.state import handoffs
from actions.state.conversations import Message, history, load_tracker, save_tracker
from actions.state.database import Database
from actions.state.pictures import CleanPicture
from actions.state.policy_versions import add_version
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world, load_world_data
from actions.state.world.tables import facts_now
from bot.channel.picture_store import PictureStore
from bot.demo.remedies import DEMO_FILES, remedy
from conversations.application import STORE, composed, project_knowledge
from conversations.healthy_world import healthy, injections
from ops.advice.planning import plan_ahead
from ops.advice.sending import send_due
from ops.worker import Surroundings

AGENT, COLLEAGUE = "a-1", "a-2"
PICTURE = CleanPicture(b"a picture is looked at by nobody here", 3, 2)
OUTCOME = Outcome(resolved_by="person", root_cause="other", note="")


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
        elif isinstance(part, dict) and set(part) == {"approve"}:
            load_world_data(database, {"policies": part["approve"]})
            approve(database, part["approve"])
        elif isinstance(part, dict):
            load_world_data(database, part)
        else:
            raise ValueError(f"no such world: {part}")


def approve(database: Database, policies: Sequence[Mapping[str, Any]]) -> None:
    """Puts policies, whole as in a world file, into the register as if somebody had approved them."""
    about = dict.fromkeys(("title", "issuer", "document", "source", "owner", "rationale"), "")
    by = {"author": "author-1", "recorded_at": 0, "decided_by": "approver-1", "decided_at": 0, "review_on": None, "supersedes": None}
    with database.session() as session:
        for policy in policies:
            body = json.loads(json.dumps(policy, default=str))
            add_version(session, policy=policy["id"], body=body, risk="low", decision="approved", **about, **by)


class Backstage:
    """One customer's conversation, seen and changed through the database.

    Args:
        database: of this conversation only.
        user: the customer.
        order: the order the token names.
    """

    def __init__(self, database: Database, user: str, order: str | None) -> None:
        self.database = database
        self._user, self._order = user, order
        self.subject = Subject.of(order=order)

    # --- what happens ------------------------------------------------------------------------------------------------------------------

    def use_order(self, order: str | None) -> None:
        """Goes on with a token that names another order."""
        self._order = order

    def play_remedy(self, cause: str) -> None:
        """Plays what removes a cause, for the order or bill of the latest diagnosis."""
        with self.database.session() as session:
            facts = SqlFacts(session).snapshot(self._user, self.subject)
        load_world_data(self.database, remedy(cause, facts, project_knowledge().causes))

    def patch(self, data: Mapping[str, Any]) -> None:
        """Changes the world."""
        load_world_data(self.database, data)

    def pass_time(self, **time: int) -> None:
        """Moves the clock of the facts on by hours or minutes."""
        with self.database.session() as session:
            now = facts_now(session)
        self.patch({"now": local(now + timedelta(**time)).isoformat()})

    def look_ahead(self) -> None:
        """Lets the worker look up what is to come, and tell what is due, at noon of the day on the facts' clock."""
        here = Surroundings.of(composed(self.database))
        with self.database.session() as session:
            noon = local(facts_now(session)).replace(hour=12, minute=0)
        plan_ahead(here, now=noon)
        send_due(here, noon)

    def set_slots(self, slots: Mapping[str, Any]) -> None:
        """Lets the conversation begin with values in slots."""
        events = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), *(SlotSet(*slot) for slot in slots.items())]
        tracker = {"name": self._user, "events": [event.as_dict() for event in (*events, ActionExecuted(ACTION_LISTEN_NAME))]}
        with self.database.session() as session:
            save_tracker(session, self._user, json.dumps(tracker, ensure_ascii=False))

    def take_over(self) -> None:
        """Lets a person take the case that was handed over."""
        with self.database.session() as session:
            ownership.take(session, project_knowledge(), self._open().id, AGENT)

    def close(self) -> None:
        """Lets the person close the case."""
        with self.database.session() as session:
            ownership.close(session, project_knowledge(), self._open().id, AGENT, OUTCOME)

    def give_back(self) -> None:
        """Lets the person give the case back to the assistant."""
        with self.database.session() as session:
            ownership.give_back(session, project_knowledge(), SqlFacts(session), self._open().id, AGENT, OUTCOME)

    def transfer(self) -> None:
        """Lets the person give the case to another."""
        with self.database.session() as session:
            passing_on.transfer(session, project_knowledge(), self._open().id, AGENT, COLLEAGUE, {AGENT: None, COLLEAGUE: None})

    def move(self, queue: str) -> None:
        """Lets the person move the case to another queue."""
        with self.database.session() as session:
            passing_on.move(session, project_knowledge(), self._open().id, AGENT, queue)

    def release(self) -> None:
        """Lets the person put the case back into its queue."""
        with self.database.session() as session:
            passing_on.release(session, project_knowledge(), self._open().id, AGENT)

    def send_picture(self) -> None:
        """Lets the customer send a picture."""
        PictureStore(self.database, STORE).take(self._user, uuid4().hex, PICTURE)

    def let_wait(self) -> None:
        """Lets the customer wait for so long that they are told nobody has come."""
        with self.database.session() as session:
            assert ownership.tell_late(session, project_knowledge(), self._open()), "it was told already"

    # --- what is there -----------------------------------------------------------------------------------------------------------------

    def history(self) -> tuple[Message, ...]:
        """Everything said so far."""
        with self.database.session() as session:
            return history(session, self._user)

    def handoff(self, handoff_id: str) -> handoffs.Handoff | None:
        """A handoff."""
        with self.database.session() as session:
            return handoffs.get_handoff(session, handoff_id)

    def slot(self, name: str) -> Any:
        """The value of a slot, or of a part of one named after dots; None without one."""
        with self.database.session() as session:
            tracker = load_tracker(session, self._user)
        slot, *parts = name.split(".")
        events: list[dict[str, Any]] = json.loads(tracker)["events"] if tracker else []
        value = next((event["value"] for event in reversed(events) if event["event"] == "slot" and event["name"] == slot), None)
        for part in parts:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table."""
        rows = Table(table, MetaData(), autoload_with=self.database.engine)
        with self.database.session() as session:
            return [dict(row._mapping) for row in session.execute(select(rows)).all()]

    def dump(self) -> str:
        """The whole database as text."""
        connection = self.database.engine.raw_connection()
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()

    def _open(self) -> handoffs.Handoff:
        with self.database.session() as session:
            found = handoffs.open_handoff(session, self._user)
        assert found is not None, "nothing was handed over"
        return found

    def _note_subject(self, replies: Sequence[Message]) -> None:
        for data in (message.data for message in replies if message.data and message.data["type"] == "diagnosis"):
            self.subject = Subject.of(data["order"], data["bill"])


def titles(message: Message) -> list[str]:
    """The titles of a message's buttons."""
    return [button["title"] for button in message.buttons]
