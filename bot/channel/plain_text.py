"""What a customer types is only text: nothing typed reaches Rasa's command parser, and a number that began in the message before is found."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions.core.signs import cleaned, is_binary
from actions.masking.mask import mask_pair
from actions.state.columns import real_now
from actions.state.conversations import Message
from bot.web.responses import ProblemError

LONGEST_TEXT = 500
"""Characters after trimming."""

# What Rasa's parser would take for `/intent`, `/intent@0.9` or `/intent{"entity": …}`, with anything after the first brace.
_COMMAND = re.compile(r"/[/\s]*[A-Za-z_][\w.+\-/]*\s*(@[0-9.]*)?\s*(\{.*)?", re.ASCII | re.DOTALL)


def trimmed(text: str) -> str:
    """The text without spaces and invisible characters at its ends, and without signs that turn the direction of reading.

    Raises:
        ProblemError: binary content (400), nothing left (422), or more than 500 characters (413).
    """
    if any(is_binary(character) for character in text):
        raise ProblemError("malformed")
    text = cleaned(text)
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    if start == end:
        raise ProblemError("empty")
    if end - start > LONGEST_TEXT:
        raise ProblemError("too_long")
    return text[start:end]


def spoken(text: str) -> str:
    """The text as Rasa may read it: no slash in front, in whatever width or behind whatever blank.

    Raises:
        ProblemError: it is a command (400), or there is nothing but slashes (422).
    """
    if _COMMAND.fullmatch(_normalised(text)):
        raise ProblemError("command")
    start = 0
    while start < len(text) and (_is_blank(text[start]) or unicodedata.normalize("NFKC", text[start]) == "/"):
        start += 1
    if start == len(text):
        raise ProblemError("empty")
    return text[start:]


def _normalised(text: str) -> str:
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip()


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")


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
