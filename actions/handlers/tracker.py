"""From Rasa's tracker to a turn."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.core.case import CASE_SLOT, Case
from actions.core.turn import Turn


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
        written=metadata.get("written"),
        first=not any(event.get("event") == "bot" for event in tracker.events),
        topics=tuple((entry["name"], float(entry["confidence"])) for entry in message.get("topic_ranking") or []),
        second_topic=second.get("topic") if isinstance(second, dict) else None,
        aspects=tuple(message.get("aspects") or ()),
        readings={
            matter: tuple((name, float(score)) for name, score in read) for matter, read in (message.get("sub_questions") or {}).items()
        },
        claims=tuple(message.get("claims") or ()),
    )


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
