"""How a text is read when numbers are looked for: one character per token, with the way back to the original text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from actions.masking.rules import ReadingRules

SEPARATOR = "-"
"""What every separator between two digits is read as."""


@dataclass(frozen=True)
class Reading:
    """A text as it is compared.

    Attributes:
        text: half width, small letters, all kinds of digits as 0-9, separators between digits as one ``-``.
        starts: for each character of ``text``, where it begins in the original.
        ends: where it ends there, unseen characters after it included.
        spoken: whether it was a digit written as a character.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spoken: tuple[bool, ...]

    def starts_a_number(self, index: int) -> bool:
        """Whether a number may begin here: no digit of the same kind stands directly before."""
        return index == 0 or not self.text[index - 1].isdigit() or self.spoken[index - 1] != self.spoken[index]

    def ends_a_number(self, end: int) -> bool:
        """Whether a number may end before ``end``; after the ``x`` of an ID number it always may."""
        return (
            end == len(self.text) or self.text[end - 1] == "x" or not self.text[end].isdigit() or self.spoken[end] != self.spoken[end - 1]
        )


def read(text: str, rules: ReadingRules) -> Reading:
    """Reads a text; every original character belongs to at most one character of the reading."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    spoken: list[bool] = []
    for index, original in enumerate(text):
        char = _simplified(original)
        if not char:
            if ends:
                ends[-1] = index + 1
            continue
        digit = rules.characters.get(char)
        chars.append(digit or char)
        starts.append(index)
        ends.append(index + 1)
        spoken.append(digit is not None)
    kept = _without_separators(chars, spoken, rules)
    return Reading(
        "".join(SEPARATOR if through > first else chars[first] for first, through in kept),
        tuple(starts[first] for first, _ in kept),
        tuple(ends[max(first, through - 1)] for first, through in kept),
        tuple(spoken[first] for first, _ in kept),
    )


def _without_separators(chars: list[str], spoken: list[bool], rules: ReadingRules) -> list[tuple[int, int]]:
    """Pairs (first, through): a plain character if they are equal, else a separator reaching up to ``through``."""
    kept: list[tuple[int, int]] = []
    index = 0
    while index < len(chars):
        end = index
        if index and _is_digit(chars[index - 1]):
            while end < len(chars) and end - index < rules.longest_separator and _separates(chars[end], spoken[index - 1], rules):
                end += 1
            if not (end < len(chars) and (_is_digit(chars[end]) or chars[end] == "x")):
                end = index
        kept.append((index, end))
        index = end if end > index else index + 1
    return kept


def _separates(char: str, after_spoken: bool, rules: ReadingRules) -> bool:
    return char in rules.separators or (after_spoken and char in rules.spoken_separators)


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"


@lru_cache(maxsize=65536)
def _simplified(char: str) -> str:
    """One comparable character, or nothing for one that cannot be seen."""
    if char == "\n" or " " <= char <= "@":
        return char
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me", "Cc"):
        return " " if char in "\t\r\x0b\x0c" else ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if category == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char
