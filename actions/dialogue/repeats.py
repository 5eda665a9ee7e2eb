"""Sentences that say mostly the same: in a reply put together of several texts, only the first of them is said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

MOSTLY_THE_SAME = 0.6
"""The share of common characters from which on a second sentence adds nothing, if it names no other number."""
_LEAST = 6
"""Characters below which a sentence is too short to be compared."""
_ENDS = re.compile(r"(?<=[。！？])")
_NUMBERS = re.compile(r"\d[\d.,:]*")


def put_together(texts: Iterable[str]) -> str:
    """The texts line by line, without the sentences that an earlier one of them has said already.

    Args:
        texts: lines of sentences; what one text says twice itself stays.
    """
    told: list[str] = []
    for text in texts:
        told += filter(None, [unsaid(text, told)])
    return "\n".join(told)


def unsaid(text: str, earlier: Iterable[str]) -> str:
    """A text without the sentences that earlier ones have said already; empty if nothing is left."""
    said = [sentence for each in earlier for line in each.split("\n") for sentence in _sentences(line)]
    lines = ["".join(each for each in _sentences(line) if not _is_said(each, said)) for line in text.split("\n")]
    return "\n".join(filter(None, lines))


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts are for the most part the same words, and the one names no number that the other does not."""
    if not set(_NUMBERS.findall(text)) <= set(_NUMBERS.findall(other)):
        return False
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return matcher.real_quick_ratio() > MOSTLY_THE_SAME and matcher.quick_ratio() > MOSTLY_THE_SAME and matcher.ratio() > MOSTLY_THE_SAME


def _is_said(sentence: str, said: Iterable[str]) -> bool:
    return len(sentence) >= _LEAST and any(says_the_same(sentence, other) for other in said)


def _sentences(line: str) -> list[str]:
    return [sentence for sentence in _ENDS.split(line) if sentence]
