"""One Rasa action per entry of ``dialogue.assistant.ACTIONS``, chosen by name in ``data/rules``, and the turn that is made of Rasa's tracker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import application
from actions.core.asked import Clause, Reading
from actions.core.case import CASE_SLOT, Case
from actions.core.effects import EFFECTS
from actions.core.facts import UnknownCustomer
from actions.core.turn import ActionName, Reply, Response, Turn
from actions.dialogue.assistant import ACTIONS
from actions.knowledge import phrases
from actions.state.columns import real_now
from actions.threads import reading


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
        ranking=_ranking(message.get("intent_ranking")),
        second_intent=second.get("name") if isinstance(second, dict) else second,
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        case=Case.from_json(tracker.get_slot(CASE_SLOT)),
        said=_said(tracker.events),
        masked=tuple(metadata.get("masked") or ()),
        mended=metadata.get("mended") or {},
        written=metadata.get("written"),
        first=not any(event.get("event") == "bot" for event in tracker.events),
        topics=_ranking(message.get("topic_ranking")),
        second_topic=second.get("topic") if isinstance(second, dict) else None,
        aspects=tuple(message.get("aspects") or ()),
        readings=_readings(message.get("sub_questions")),
        claims=tuple(message.get("claims") or ()),
        message=metadata.get("message_id"),
        at=real_now(),
        clauses=tuple(_clause(clause) for clause in message.get("clauses") or ()),
    )


def _clause(found: dict[str, Any]) -> Clause:
    """A clause of the parse result."""
    intent = found["intent"]
    return Clause(
        text=found["text"],
        intent=intent["name"],
        confidence=float(intent["confidence"]),
        topics=_ranking(found["topic_ranking"]),
        aspects=tuple(found["aspects"]),
        readings=_readings(found["sub_questions"]),
    )


def _ranking(entries: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((entry["name"], float(entry["confidence"])) for entry in entries or ())


def _readings(found: dict[str, list[list[Any]]] | None) -> dict[str, Reading]:
    return {matter: tuple((name, float(score)) for name, score in read) for matter, read in (found or {}).items()}


def _entities(found: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for entity in found:
        values[entity["entity"]] = (*values.get(entity["entity"], ()), str(entity["value"]))
    return values


def _said(events: list[dict[str, Any]]) -> frozenset[str]:
    """The texts of the bot's latest turn: those between the customer's two latest messages."""
    customers = [index for index, event in enumerate(events) if event.get("event") == "user"]
    start = customers[-2] if len(customers) > 1 else 0
    return frozenset(event["text"] for event in events[start:] if event.get("event") == "bot" and event.get("text"))


class TurnAction(Action, ABC):
    """Answers one turn; the subclasses differ in their names, which is what decides what they do."""

    @abstractmethod
    def name(self) -> ActionName:
        """The action's name in the domain."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answers the tracker's latest message, remembers the case, and says what the turn changes beside the conversation.

        Each reply carries the name of the action that really answered, which is another than this one when something came first.
        The work is synchronous database access, so it runs in a thread: an action that blocks would block every customer's.
        """
        response = await reading(respond, turn_of(tracker), self.name())
        for reply in response.replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=[button.to_json() for button in reply.buttons],
                json_message=reply.data.to_data() if reply.data is not None else None,
                action=response.action,
            )
        if response.effects:
            # The answer has room for messages and events only, and events would stay in the tracker.
            dispatcher.messages.append({EFFECTS: [effect.to_data() for effect in response.effects]})
        return [SlotSet(CASE_SLOT, response.case.to_json())]


def respond(turn: Turn, action: ActionName) -> Response:
    """Lets the assistant answer a turn on one look at the database, of which nothing is changed: the response says what is to be."""
    try:
        with application().assistant() as assistant:
            return assistant.respond(turn, action)
    except UnknownCustomer:
        # Only rasa shell can get here: the widget's channel refuses a token of nobody.
        return Response((Reply(application().knowledge.current.phrases.title(phrases.UNKNOWN_CUSTOMER)),), turn.case, action)


def _class_of(name: ActionName) -> type[TurnAction]:
    title = "".join(part.capitalize() for part in name.split("_")[1:])
    return type(f"{title}Action", (TurnAction,), {"__doc__": f"``{name}``.", "__module__": __name__, "name": lambda _self: name})


TURN_ACTIONS = tuple(map(_class_of, ACTIONS))
"""The classes that the action server registers."""
