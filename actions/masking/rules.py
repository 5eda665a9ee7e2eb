"""The masking rules of ``rules.yml``, read once and typed."""

from __future__ import annotations

import re
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
    patterns = ("reversed", "code", "cvv", "password", "not_a_secret", "email", "plate", "address_stop", "landline")
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
        patterns={name: re.compile(values[name]) for name in patterns},
    )
