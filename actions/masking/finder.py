"""Finds personal values: spaCy's Matcher marks number shapes and cue words, the rules of this module decide which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actions.masking.context import Context
from actions.masking.matching import Marker, build_marker
from actions.masking.numbers import numbers
from actions.masking.reading import Reading, read
from actions.masking.rules import Rules, rules
from actions.masking.secrets import secrets
from actions.masking.values import Value
from actions.masking.words import words


@dataclass(frozen=True)
class Found:
    """A personal value in the original text and what replaces it."""

    kind: str
    start: int
    end: int
    replacement: str


class Finder:
    """Finds the personal values of a text. Safe to share between threads: it holds rules only."""

    def __init__(self, rules_: Rules, marker: Marker) -> None:
        self._rules = rules_
        self._marker = marker

    def find(self, text: str) -> tuple[Found, ...]:
        """The values to replace, in text order, none overlapping."""
        reading = read(text, self._rules.reading)
        if not reading.text:
            return ()
        shapes, cues = self._marker(reading.text)
        context = Context(reading, cues, self._rules)
        chosen = _without_overlaps([*numbers(reading, shapes, context), *secrets(context), *words(context)])
        return tuple(self._found(reading, value) for value in chosen)

    def _found(self, reading: Reading, value: Value) -> Found:
        plain = reading.text[value.start : value.end].replace("-", "").upper()
        replacement = self._rules.masks[value.kind].replace(plain)
        return Found(value.kind, reading.starts[value.start], reading.ends[value.end - 1], replacement)


def _without_overlaps(values: Sequence[Value]) -> Iterator[Value]:
    """The longest value wins, then the one whose kind says more; in text order."""
    taken: list[Value] = []
    for value in sorted(values, key=lambda value: (value.start - value.end, value.rank, value.start)):
        if all(value.end <= other.start or other.end <= value.start for other in taken):
            taken.append(value)
    return iter(sorted(taken, key=lambda value: value.start))


@lru_cache(maxsize=1)
def finder() -> Finder:
    """The shared finder, built at its first use because spaCy takes seconds to import."""
    return Finder(rules(), build_marker(rules()))
