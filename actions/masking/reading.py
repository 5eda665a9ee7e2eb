"""How a text is read when numbers are looked for: one character per token, with the way back to the original text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import Pattern
from typing import Any, cast

from actions.yaml_source import Source

RULES_FILE = Path(__file__).with_name("rules.yml")


@dataclass(frozen=True)
class ReadingRules:
    """How characters are read.

    Attributes:
        characters: what a written digit stands for.
        separators: what may stand between the digits of one number.
        spoken_separators: what may do so only after a digit written as a character.
        longest_separator: most separators in a row, in characters.
    """

    characters: Mapping[str, str]
    separators: frozenset[str]
    spoken_separators: frozenset[str]
    longest_separator: int


@dataclass(frozen=True)
class MaskRule:
    """What is left of a value: a label, or its first and last characters."""

    label: str | None
    keep_first: int
    keep_last: int

    def replace(self, value: str) -> str:
        """The replacement of a value that was read without separators."""
        if self.label is not None:
            return self.label
        last = value[len(value) - self.keep_last :] if self.keep_last else ""
        return value[: self.keep_first] + "*" * (len(value) - self.keep_first - self.keep_last) + last


@dataclass(frozen=True)
class Rules:
    """Everything ``rules.yml`` says; ``values`` holds plain settings, ``patterns`` the compiled expressions."""

    version: int
    reading: ReadingRules
    masks: Mapping[str, MaskRule]
    cues: Mapping[str, tuple[str, ...]]
    hotlines: frozenset[str]
    amount_filler: str
    amount_before: tuple[str, ...]
    amount_after: tuple[str, ...]
    values: Mapping[str, Any]
    patterns: Mapping[str, Pattern[str]]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules of this installation.

    Raises:
        SourceError: the file is not valid YAML.
    """
    data = cast(dict[str, Any], Source.read(RULES_FILE).data)
    reading = data["reading"]
    values = data["values"]
    patterns = (
        "gap_words",
        "reversed",
        "code_link",
        "code",
        "cvv",
        "password",
        "not_a_secret",
        "email",
        "plate",
        "address_stop",
        "landline",
    )
    return Rules(
        version=data["version"],
        reading=ReadingRules(
            characters=reading["characters"],
            separators=frozenset(reading["separators"]),
            spoken_separators=frozenset(reading["spoken_separators"]),
            longest_separator=reading["longest_separator"],
        ),
        masks={
            kind: MaskRule(label=rule.get("label"), keep_first=rule.get("keep_first", 0), keep_last=rule.get("keep_last", 0))
            for kind, rule in data["masks"].items()
        },
        cues={kind: tuple(words) for kind, words in data["cues"].items()},
        hotlines=frozenset(data["hotlines"]),
        amount_filler=data["amounts"]["filler"],
        amount_before=tuple(data["amounts"]["before"]),
        amount_after=tuple(data["amounts"]["after"]),
        values=values,
        patterns={**{name: re.compile(values[name]) for name in patterns}, **_signs(values)},
    )


def _signs(values: Mapping[str, Any]) -> dict[str, Pattern[str]]:
    """How digits may be written: counted, as words, as signs and letters that look like them."""
    word = "|".join(sorted(values["digit_words"], key=len, reverse=True))
    likes = "".join(values["look_alikes"])
    counted = rf"[2-9]{values['count_word']}\d"
    signs = (
        rf"(?P<counted>{counted})"
        rf"|(?P<words>(?<![a-z])(?:{word})+x?(?![a-z]))"
        rf"|(?P<typed>(?<![a-z])(?:(?!{counted})[\d{likes}])+x?(?![a-z]|(?!{counted})\d)|(?:(?!{counted})\d)+(?:x(?![a-z]))?|(?<![a-z])x(?![a-z\d]))"
    )
    return {"digit_words": re.compile(f"{word}|x$"), "signs": re.compile(signs)}


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
    digit = unicodedata.digit(char, unicodedata.numeric(char, None) if category in ("Nl", "No") else None)
    if digit is not None and digit in range(10):
        return str(int(digit))
    if category == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char
