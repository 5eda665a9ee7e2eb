"""Rasa's working state (slots and a window of recent events), kept with the conversation it belongs to; and the store by which `rasa shell` is believed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from rasa.core.actions import action
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, ConversationPaused, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import select

from actions.bootstrap import application
from actions.callers import SECRET_HEADER, actions_secret
from actions.core.case import CASE_SLOT, Case
from actions.state.conversations import CONVERSATIONS, load_tracker, save_tracker
from actions.state.database import Database
from actions.threads import reading, writing
from bot.engine.effects import EffectfulAction
from bot.engine.events import events_from
from bot.engine.turn_state import current_turn

WINDOW = 32
"""Events after which the oldest turns leave the window. The customer's history is not here but in the messages table."""
KEPT = 20
"""Events that stay when turns leave: enough for two turns, which is further back than any rule looks."""


class ConversationTrackerStore(TrackerStore):
    """Stores each tracker in its conversation's row.

    Within a turn of the widget channel nothing is written: the state joins the turn's unit of work and is stored together with
    the messages. Elsewhere (`rasa shell`) it is stored at once.

    Args:
        domain: Rasa's domain.
        event_broker: unused; Rasa passes it to every store.
        database: default, for Rasa's own commands, which know stores by name: the one of this process's application.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        database: Database | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._database = database or application().database

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the tracker's window."""
        text = dumps(tracker)
        turn = current_turn(tracker.sender_id)
        if turn is not None:
            turn.save_tracker(text)
        else:
            await writing(self._save, tracker.sender_id, text)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as it was saved, its events being the window."""
        turn = current_turn(sender_id)
        text = turn.tracker if turn is not None else await reading(self._load, sender_id)
        return None if text is None else self.deserialise_tracker(sender_id, text)

    def deserialise_tracker(self, sender_id: str, serialised_tracker: str | bytes) -> DialogueStateTracker:
        """The tracker that ``dumps`` wrote."""
        tracker: DialogueStateTracker = self.init_tracker(sender_id)
        stored = json.loads(serialised_tracker)
        tracker.recreate_from_dialogue(Dialogue(stored["name"], events_from(stored["events"])))
        return tracker

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations that have a tracker."""
        return await reading(self._keys)

    def _save(self, conversation: str, text: str) -> None:
        with self._database.session() as session:
            save_tracker(session, conversation, text)

    def _load(self, conversation: str) -> str | None:
        with self._database.session() as session:
            return load_tracker(session, conversation)

    def _keys(self) -> list[str]:
        with self._database.session() as session:
            return list(session.execute(select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.tracker.is_not(None))).scalars())


def dumps(tracker: DialogueStateTracker) -> str:
    """The tracker's window as text, which `TrackerStore.deserialise_tracker` reads."""
    events = [event.as_dict() for event in window(tracker)]
    return json.dumps({"name": tracker.sender_id, "events": events}, ensure_ascii=False, separators=(",", ":"))


def case_in(text: str) -> Case:
    """The case in a tracker that ``dumps`` wrote, without making the tracker."""
    events = json.loads(text)["events"]
    slots = (each for each in reversed(events) if each["event"] == SlotSet.type_name and each["name"] == CASE_SLOT)
    return Case.from_json(next((each["value"] for each in slots), None))


def with_said(text: str, said: Iterable[str], case: Case) -> str:
    """A tracker that ``dumps`` wrote, with what the bot has said since the customer's latest message, and the case as it is by now."""
    stored, now = json.loads(text), time.time()
    said_since = [BotUttered(each, timestamp=now).as_dict() for each in said]
    stored["events"] += [*said_since, SlotSet(CASE_SLOT, case.to_json(), timestamp=now).as_dict()]
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def said_since_customer(text: str) -> frozenset[str]:
    """The texts of the bot's since the customer's latest message."""
    events = json.loads(text)["events"]
    last = max((index for index, each in enumerate(events) if each["event"] == UserUttered.type_name), default=0)
    return frozenset(each["text"] for each in events[last:] if each["event"] == BotUttered.type_name and each.get("text"))


def window(tracker: DialogueStateTracker) -> list[Event]:
    """The tracker's recent events, preceded by events that recreate the state before them.

    What leaves the window is replaced by a session start that carries the slots over, as Rasa itself begins a new session,
    so that replaying the window gives the same slots, loop and pause as replaying everything.
    """
    events = list(tracker.events)
    if len(events) <= WINDOW:
        return events
    # Reverted turns are resolved before cutting: an event that undoes a turn means nothing without that turn.
    events = tracker.applied_events()
    cut = _cut(events)
    if cut == 0:
        return events
    before = tracker.init_copy()
    for event in events[:cut]:
        event.apply_to(before)
    return _carried_over(before, events[cut - 1].timestamp) + events[cut:]


def _cut(events: list[Event]) -> int:
    """The index of the customer's message with which the window begins: the earliest that leaves at most KEPT events."""
    turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    fitting = [index for index in turns if len(events) - index <= KEPT]
    if fitting:
        return fitting[0]
    # A single turn longer than the window stays whole.
    return turns[-1] if turns else 0


def _carried_over(state: DialogueStateTracker, timestamp: float) -> list[Event]:
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    for slot in state.slots.values():
        if slot.value != slot.initial_value:
            events.append(SlotSet(slot.name, slot.value))
    if state.active_loop_name:
        events.append(ActiveLoop(state.active_loop_name))
    if state.is_paused():
        events.append(ConversationPaused())
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in events:
        event.timestamp = timestamp
    return events


class BelievedAction(EffectfulAction):
    """A custom action, called with the secret."""

    def __init__(self, name: str, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(name, action_endpoint)
        if action_endpoint is not None:
            action_endpoint.headers[SECRET_HEADER] = actions_secret(application().settings)


class ShellTrackerStore(ConversationTrackerStore):
    """The tracker store that bot/endpoints.yml names: the one thing of ours that Rasa's own commands make, so it brings the caller along.

    An endpoint of Rasa can take the secret from a variable, but the file is refused if that is unset, and a file cannot name another.

    Args:
        settings: see ConversationTrackerStore.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        action.RemoteAction = BelievedAction
