"""The spaCy part: a Matcher on a blank Chinese vocabulary, one token per character.

One character per token keeps token and character positions equal and keeps the vocabulary, which never forgets a token it has
seen, free of anybody's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from actions.masking.words import Context
from actions.masking.numbers import numbers
from actions.masking.reading import SEPARATOR, Reading, read
from actions.masking.rules import Rules, rules
from actions.masking.secrets import secrets
from actions.masking.words import words

_DIGIT = {"IS_DIGIT": True}
_GAP = {"ORTH": SEPARATOR, "OP": "?"}
_Pattern = list[dict[str, Any]]


@dataclass(frozen=True)
class Mark:
    """A number shape (``id``, ``phone``, ``card``) or a cue of a kind at a place of the reading."""

    kind: str
    start: int
    end: int


Marker = Callable[[str], tuple[list[Mark], list[Mark]]]
"""Reading text → (number shapes, cues), both in text order."""


def build_marker(rules: Rules) -> Marker:
    """Builds the Matcher; imports spaCy."""
    import spacy
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

    vocab = spacy.blank("zh").vocab
    shapes = Matcher(vocab)
    shapes.add("id", [[*_digits(17), _GAP, {"ORTH": {"IN": list("0123456789x")}}], _digits(15)])
    shapes.add("phone", [_mobile([]), _mobile(list("86")), _mobile(list("0086")), _mobile(list("0"))])
    shapes.add("card", [_digits(length) for length in range(12, 20)])
    cues = Matcher(vocab)
    for kind, words in rules.cues.items():
        cues.add(kind, [[{"ORTH": char} for char in word] for word in words])
    names = vocab.strings

    def mark(text: str) -> tuple[list[Mark], list[Mark]]:
        doc = Doc(vocab, words=list(text), spaces=[False] * len(text))
        found = [[Mark(names[key], start, end) for key, start, end in matcher(doc)] for matcher in (shapes, cues)]
        for marks in found:
            marks.sort(key=lambda mark: (mark.start, mark.end))
        return found[0], found[1]

    return mark


def _digits(count: int) -> _Pattern:
    pattern: _Pattern = [_DIGIT]
    for _ in range(count - 1):
        pattern += (_GAP, _DIGIT)
    return pattern


def _mobile(prefix: list[str]) -> _Pattern:
    """Eleven digits from 13 to 19 on, after a country code or trunk digit."""
    pattern: _Pattern = [{"ORTH": char} for char in prefix]
    if prefix:
        pattern.append(_GAP)
    pattern += ({"ORTH": "1"}, _GAP, {"ORTH": {"IN": list("3456789")}})
    for _ in range(9):
        pattern += (_GAP, _DIGIT)
    return pattern


_RANKS = {kind: rank for rank, kind in enumerate(("password", "code", "id", "card", "phone", "email", "plate", "address", "name"))}


@dataclass(frozen=True)
class Value:
    """A span of a reading that must not be stored.

    Attributes:
        kind: which mask applies.
        start: first character of the reading.
        end: one past the last.
    """

    kind: str
    start: int
    end: int

    @property
    def rank(self) -> int:
        """Which of two equally long values wins: the smaller rank, that is the one that leaves less."""
        return _RANKS[self.kind]


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
