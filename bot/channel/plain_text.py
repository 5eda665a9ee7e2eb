"""What a customer types is only text: nothing typed reaches Rasa's command parser, and what is personal only together with the messages before is found."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions.core.signs import cleaned, is_binary
from actions.masking.window import mask_window
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
    """A message of the customer's before, without what is personal in it.

    Attributes:
        message: as it is stored.
        text: as it shall be stored.
    """

    message: Message
    text: str


@dataclass(frozen=True)
class ReadTogether:
    """A customer's text after it was read together with their messages before.

    Attributes:
        text: without what only they explain.
        mended: what becomes of them; those that stay are left out.
        kinds: what was taken out.
    """

    text: str
    mended: tuple[Mended, ...] = ()
    kinds: tuple[str, ...] = ()


def read_together(earlier: Sequence[Message], text: str) -> ReadTogether:
    """Takes out of a customer's text, and of their messages before, the numbers sent in several and what one announced to the other.

    Args:
        earlier: the customer's latest messages, oldest first.
    """
    now = real_now()
    near = [message for message in earlier if now - message.at <= LONGEST_PAUSE]
    window = mask_window([message.text for message in near], text)
    mended = (Mended(message, after) for message, after in zip(near, window.earlier) if after != message.text)
    return ReadTogether(window.text, tuple(mended), window.kinds)


def without_parts(tracker: str, mended: Sequence[Mended]) -> str:
    """Rasa's working state with earlier messages as they shall be stored, and without what was understood from their numbers."""
    texts = {each.message.id: each.text for each in mended}
    state = json.loads(tracker, object_hook=lambda part: _rewritten(part, texts))
    for event in state["events"]:
        text = texts.get(event.get("message_id") or "")
        if event.get("event") == "user" and text is not None:
            event["text"] = text
            event["parse_data"] = _heard(event.get("parse_data") or {}, text)
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def _rewritten(part: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    # Rasa copies a message's metadata into a slot and into what was understood.
    if "written" in part and part.get("message_id") in texts:
        return {**part, "written": texts[part["message_id"]]}
    return part


_WORDS_OF_IT = ("original_text", "text_tokens", "second_intent", "clauses")
"""What a parse result holds of the text in other words, and nobody looks at again."""


def _heard(parsed: dict[str, Any], text: str) -> dict[str, Any]:
    kept = {name: value for name, value in parsed.items() if name not in _WORDS_OF_IT}
    entities = [entity for entity in parsed.get("entities") or [] if not any(char.isdigit() for char in str(entity.get("value")))]
    return {**kept, "text": text, "entities": entities}
