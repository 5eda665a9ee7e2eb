"""Numbers divided between two messages: the first part is taken out of what is already stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions.masking.split import mask_pair
from actions.state.conversations import Message
from actions.state.real_time import real_now

LONGEST_PAUSE = timedelta(minutes=30)
"""After which two messages are not one thought any more."""


@dataclass(frozen=True)
class Mended:
    """The customer's message before, without its part of a number.

    Attributes:
        message: as it is stored.
        text: as it shall be stored.
        kinds: what was taken out.
    """

    message: Message
    text: str
    kinds: tuple[str, ...]


def divided(previous: Message | None, text: str) -> tuple[str, Mended | None]:
    """The customer's text without its part of a number that began in the message before, and what that one becomes."""
    if previous is None or real_now() - previous.at > LONGEST_PAUSE:
        return text, None
    pair = mask_pair(previous.text, text)
    return pair.later, Mended(previous, pair.earlier, pair.kinds) if pair.kinds else None


def without_part(tracker: str, mended: Mended) -> str:
    """Rasa's working state with the earlier message as it shall be stored, and without what was understood from its numbers."""
    state = json.loads(tracker, object_hook=lambda part: _rewritten(part, mended))
    for event in state["events"]:
        if event.get("event") == "user" and event.get("message_id") == mended.message.id:
            event["text"] = mended.text
            event["parse_data"] = _heard(event.get("parse_data") or {}, mended.text)
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def _rewritten(part: dict[str, Any], mended: Mended) -> dict[str, Any]:
    # Rasa copies a message's metadata into a slot and into what was understood.
    if "written" in part and part.get("message_id") == mended.message.id:
        return {**part, "written": mended.text}
    return part


def _heard(parsed: dict[str, Any], text: str) -> dict[str, Any]:
    kept = {name: value for name, value in parsed.items() if name not in ("original_text", "text_tokens")}
    entities = [entity for entity in parsed.get("entities") or [] if not any(char.isdigit() for char in str(entity.get("value")))]
    return {**kept, "text": text, "entities": entities}
