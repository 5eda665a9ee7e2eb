"""What a customer types is only text: nothing typed may reach Rasa's command parser."""

from __future__ import annotations

import re
import unicodedata

from bot.channel.problems import ProblemError

LONGEST_TEXT = 500
"""Characters after trimming."""

# What Rasa's parser would take for `/intent`, `/intent@0.9` or `/intent{"entity": …}`, with anything after the first brace.
_COMMAND = re.compile(r"/[/\s]*[A-Za-z_][\w.+\-/]*\s*(@[0-9.]*)?\s*(\{.*)?", re.ASCII | re.DOTALL)


def trimmed(text: str) -> str:
    """The text without spaces and invisible characters at its ends.

    Raises:
        ProblemError: binary content (400), nothing left (422), or more than 500 characters (413).
    """
    if any(_is_binary(character) for character in text):
        raise ProblemError("malformed")
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


def _is_binary(character: str) -> bool:
    category = unicodedata.category(character)
    return category == "Cs" or (category == "Cc" and character not in "\t\n\r\x85")
