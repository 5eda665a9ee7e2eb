"""One spelling for many: what a text is turned into before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby, islice
from re import Match, Pattern

import opencc

from actions.knowledge.glossary import LONGEST_TEXT, Correction

_CJK = r"\u3400-\u9fff"
_SPACES = re.compile(r"\s+")
_LEADING_COMMAND = re.compile(r"^[\s/\\]+")
_SPACE_AROUND_SINGLE = re.compile(rf"(?<![^\s])([{_CJK}]) (?=[{_CJK}])|(?<=[{_CJK}]) (?=[{_CJK}](?:\s|$))")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1+")
_REPEATED_CHARACTER = re.compile(r"([^\W\d])\1{2,}")
# A piece of three characters or more that holds a word, said again and again. Without a word in it, the signs between the pieces could be taken
# for pieces in more ways than a computer can count.
_WHOLE_REPEATED = re.compile(r"^(\W{2,}\w.*?|\W\w.+?|\w.{2,}?)\W*(?:\1\W*)+$", re.DOTALL)
_LONGEST_NUMERAL = 40
"""Digits or numerals in a row; the longest number that anybody writes has half of that."""
_LONGEST_SIGNS = 16
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me"})


@lru_cache(maxsize=1)
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """A text in half-width, simplified characters with single spaces, without emoji, repetitions or a leading slash.

    A leading slash would be a command to Rasa; nothing a customer types is one. The result may be empty.
    """
    # One character may become eighteen.
    text = unicodedata.normalize("NFKC", text)[:LONGEST_TEXT]
    text = "".join(c if c.isspace() or unicodedata.category(c) not in _DROPPED_CATEGORIES else " " for c in text)
    text = _traditional().convert(_SPACES.sub(" ", text))
    text = _LEADING_COMMAND.sub("", text).strip()
    text = _SPACE_AROUND_SINGLE.sub(lambda match: match.group(1) or "", text)
    text = _REPEATED_SIGN.sub(r"\1", text)
    text = _REPEATED_CHARACTER.sub(_once_unless_numeral, text)
    text = _with_runs_bounded(text)
    whole = _WHOLE_REPEATED.match(text)
    return whole.group(1).strip() if whole and not _is_one_number(whole) else text


def _once_unless_numeral(match: Match[str]) -> str:
    """A repeated character is emphasis; a repeated numeral is another number."""
    return match.group() if match.group(1).isnumeric() else match.group(1)


def _is_one_number(match: Match[str]) -> bool:
    """Whether a text that repeats itself is one number of repeated figures, such as 529529."""
    return match.group().isnumeric()


def _with_runs_bounded(text: str) -> str:
    """The text with long runs of signs or numerals cut: the glossary's patterns look at each of their parts in each of their ways."""
    return "".join("".join(islice(run, longest)) for longest, run in groupby(text, _longest_run))


def _longest_run(character: str) -> int | None:
    if character.isnumeric():
        return _LONGEST_NUMERAL
    return None if character.isalpha() or character == "_" else _LONGEST_SIGNS


class Normaliser:
    """``normalise`` followed by the corrections of the glossary."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._corrections: list[tuple[Pattern[str], str]] = [(re.compile(c.wrong, re.IGNORECASE), c.right) for c in corrections]

    def __call__(self, text: str) -> str:
        """The text as everything else sees it."""
        text = normalise(text)
        for wrong, right in self._corrections:
            text = wrong.sub(right, text)
        return text
