"""One spelling for many: what a text is turned into before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Iterable, List, Pattern, Tuple

import opencc

from actions.knowledge.glossary import Correction

_CJK = r"\u3400-\u9fff"
_SPACES = re.compile(r"\s+")
_LEADING_COMMAND = re.compile(r"^[\s/\\]+")
_SPACE_AROUND_SINGLE = re.compile(rf"(?<![^\s])([{_CJK}]) (?=[{_CJK}])|(?<=[{_CJK}]) (?=[{_CJK}](?:\s|$))")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1+")
_REPEATED_CHARACTER = re.compile(r"([^\W\d])\1{2,}")
_WHOLE_REPEATED = re.compile(r"^(.{3,}?)[\s\W]*(?:\1[\s\W]*)+$", re.DOTALL)
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me"})


@lru_cache(maxsize=1)
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """A text in half-width, simplified characters with single spaces, without emoji, repetitions or a leading slash.

    A leading slash would be a command to Rasa; nothing a customer types is one. The result may be empty.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c if c.isspace() or unicodedata.category(c) not in _DROPPED_CATEGORIES else " " for c in text)
    text = _traditional().convert(_SPACES.sub(" ", text))
    text = _LEADING_COMMAND.sub("", text).strip()
    text = _SPACE_AROUND_SINGLE.sub(lambda match: match.group(1) or "", text)
    text = _REPEATED_SIGN.sub(r"\1", text)
    text = _REPEATED_CHARACTER.sub(r"\1", text)
    whole = _WHOLE_REPEATED.match(text)
    return whole.group(1).strip() if whole else text


class Normaliser:
    """``normalise`` followed by the corrections of the glossary."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._corrections: List[Tuple[Pattern[str], str]] = [(re.compile(c.wrong, re.IGNORECASE), c.right) for c in corrections]

    def __call__(self, text: str) -> str:
        """The text as everything else sees it."""
        text = normalise(text)
        for wrong, right in self._corrections:
            text = wrong.sub(right, text)
        return text
