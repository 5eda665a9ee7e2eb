"""Masks a message: finds what is personal in it and writes what may be stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actions.masking.matching import Marker, Value, build_marker
from actions.masking.numbers import numbers
from actions.masking.reading import Reading, Rules, read, rules
from actions.masking.words import Context, secrets, words


@dataclass(frozen=True)
class PersonalPart:
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

    def look(self, text: str) -> Context:
        """How a text is read, with what announces values and the numbers in it."""
        reading = read(text, self._rules.reading)
        return Context(reading, self._marker(reading.text) if reading.text else (), self._rules)

    def find(self, text: str) -> tuple[PersonalPart, ...]:
        """The values to replace, in text order, none overlapping."""
        context = self.look(text)
        reading = context.reading
        chosen = _without_overlaps([*numbers(context), *secrets(context), *words(context)])
        return tuple(self._found(reading, value) for value in chosen)

    def _found(self, reading: Reading, value: Value) -> PersonalPart:
        plain = (value.digits or reading.text[value.start : value.end].replace("-", "")).upper()
        replacement = self._rules.masks[value.kind].replace(plain)
        return PersonalPart(value.kind, reading.starts[value.start], reading.ends[value.end - 1], replacement)


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


@dataclass(frozen=True)
class Masked:
    """A text without personal values.

    Attributes:
        text: what may be stored, logged and shown.
        kinds: what was taken out, each kind once, in the order of its first appearance.
    """

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Replaces personal values in a text.

    Masking a masked text changes nothing: it goes on until a pass finds nothing more. That ends, because each replacement
    leaves fewer readable characters outside its own label than it found.

    Args:
        text: anything a person typed, of any length.

    Returns:
        The text and the kinds found: id, phone, card, code, password, email, plate, address, name.
    """
    from actions.masking.mask import finder

    kinds: dict[str, None] = {}
    find = finder().find
    while True:
        found = find(text)
        if not found:
            return Masked(text, tuple(kinds))
        pieces: list[str] = []
        position = 0
        for item in found:
            pieces += (text[position : item.start], item.replacement)
            position = item.end
            kinds[item.kind] = None
        pieces.append(text[position:])
        text = "".join(pieces)


def warm_up() -> None:
    """Builds the pipeline ahead of the first message; it takes seconds because spaCy is imported here."""
    mask("1")
