"""From Rasa's tracker to a turn, and from a response to Rasa's dispatcher."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any, Dict, FrozenSet, List, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import application
from actions.core.case import Case
from actions.core.facts import UnknownCustomer
from actions.dialogue.turn import Reply, Response, Turn

CASE_SLOT = "case"


class Handler(Action, ABC):
    """Answers one turn. Subclasses only give a name, so that rules read well and a test can say which one ran."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[Dict[str, Any]]:
        """Answers the tracker's latest message and remembers the case.

        The work is synchronous database access, so it runs in a thread: an action that blocks would block every customer's.
        """
        response = await asyncio.to_thread(respond, turn_of(tracker))
        for reply in response.replies:
            dispatcher.utter_message(text=reply.text, buttons=[button.to_json() for button in reply.buttons], json_message=reply.data)
        return [SlotSet(CASE_SLOT, response.case.to_json())]


def respond(turn: Turn) -> Response:
    """Lets the assistant answer a turn in one transaction."""
    try:
        with application().assistant() as assistant:
            return assistant.respond(turn)
    except UnknownCustomer:
        # Only rasa shell can get here: the widget's channel refuses a token of nobody.
        return Response((Reply(application().knowledge.current.phrases.get("unknown_customer")[0]),), turn.case)


def turn_of(tracker: Tracker) -> Turn:
    """The turn a tracker stands at."""
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    second = message.get("second_intent")
    return Turn(
        user_id=tracker.sender_id,
        intent=(message.get("intent") or {}).get("name") or "nlu_fallback",
        text=message.get("text") or "",
        entities=_entities(message.get("entities") or []),
        token_order=metadata.get("order"),
        ranking=tuple((entry["name"], float(entry["confidence"])) for entry in message.get("intent_ranking") or []),
        second_intent=second.get("name") if isinstance(second, dict) else second,
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        case=Case.from_json(tracker.get_slot(CASE_SLOT)),
        said=_said(tracker.events),
        masked=tuple(metadata.get("masked") or ()),
        mended=metadata.get("mended") or {},
        first=not any(event.get("event") == "bot" for event in tracker.events),
    )


def _entities(found: List[Dict[str, Any]]) -> Dict[str, Tuple[str, ...]]:
    values: Dict[str, Tuple[str, ...]] = {}
    for entity in found:
        values[entity["entity"]] = (*values.get(entity["entity"], ()), str(entity["value"]))
    return values


def _said(events: List[Dict[str, Any]]) -> FrozenSet[str]:
    """The texts of the bot's latest turn: those between the customer's two latest messages."""
    customers = [index for index, event in enumerate(events) if event.get("event") == "user"]
    start = customers[-2] if len(customers) > 1 else 0
    return frozenset(event["text"] for event in events[start:] if event.get("event") == "bot" and event.get("text"))
