"""How the assistant read the customer's latest message, and where the case stands after it: from the stored state of the conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from actions.core.case import CASE_SLOT, Case, Phase


@dataclass(frozen=True)
class Reading:
    """One message as it was read.

    Attributes:
        topics: by falling confidence.
        aspects: in the order of the text.
        phase: of the case after the reply.
    """

    intent: str
    confidence: float
    topics: tuple[tuple[str, float], ...]
    aspects: tuple[str, ...]
    phase: Phase

    @property
    def taken_for(self) -> tuple[str, float]:
        """The likeliest topic, else the intent, each with its confidence."""
        return self.topics[0] if self.topics else (self.intent, self.confidence)


def reading_of(tracker: str | None) -> Reading | None:
    """Reads it from a stored tracker; None if nothing was said yet."""
    events: list[dict[str, Any]] = json.loads(tracker)["events"] if tracker else []
    heard = next((event["parse_data"] for event in reversed(events) if event["event"] == "user"), None)
    if heard is None:
        return None
    kept = next((event["value"] for event in reversed(events) if event["event"] == "slot" and event["name"] == CASE_SLOT), None)
    return Reading(
        intent=heard["intent"]["name"] or "nlu_fallback",
        confidence=heard["intent"].get("confidence") or 0.0,
        topics=tuple((entry["name"], float(entry["confidence"])) for entry in heard.get("topic_ranking") or ()),
        aspects=tuple(heard.get("aspects") or ()),
        phase=Case.from_json(kept).phase,
    )
