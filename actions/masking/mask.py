"""Masks a message, and a number that was sent in two messages: the one entrance of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actions.masking.matching import Marker, Value, build_marker
from actions.masking.numbers import numbers
from actions.masking.reading import SEPARATOR, Reading, Rules, read, rules
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

    def find(self, text: str) -> tuple[PersonalPart, ...]:
        """The values to replace, in text order, none overlapping."""
        reading = read(text, self._rules.reading)
        if not reading.text:
            return ()
        shapes, cues = self._marker(reading.text)
        context = Context(reading, cues, self._rules)
        chosen = _without_overlaps([*numbers(reading, shapes, context), *secrets(context), *words(context)])
        return tuple(self._found(reading, value) for value in chosen)

    def _found(self, reading: Reading, value: Value) -> PersonalPart:
        plain = reading.text[value.start : value.end].replace("-", "").upper()
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


_LEAST_DIGITS = 3
"""Digits in each part: fewer are an amount, a tenor or an answer."""
_MOST_DIGITS = 40
"""Digits of the first part: a number that is announced or that ends in the next message is never so long, and looking through a message of
digits for one takes a tenth of a second."""
_NUMBER = re.compile(rf"\d(?:[{SEPARATOR},.]?[\dx])*")
_MASKED = re.compile(r"[\dX]*\*{4,}[\dX]*\D*$")
"""A number at the end of a message that was masked although it went on in the next."""
_WHOLE = {15: "id", 18: "id", 16: "card", 17: "card", 19: "card"}
"""What a masked number is together with what follows it, by its length."""
_WORDS = 8
"""Characters beside the rest of a number: more are a message of its own."""
_NEAR = 12
"""Characters before a number in which its announcement is looked for."""


@dataclass(frozen=True)
class Pair:
    """Two messages after each other without the number that was divided between them.

    Attributes:
        earlier, later: the texts, unchanged if nothing was found.
        kinds: what was taken out of both.
    """

    earlier: str
    later: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """A number in a text: where it stands, its digits, and whether it is an amount, a count or a public number."""

    start: int
    end: int
    digits: str
    counted: bool


def mask_pair(earlier: str, later: str) -> Pair:
    """Takes a number out of two messages that begins in the one and ends in the other.

    Args:
        earlier: as it was stored, masked by itself.
        later: as the customer typed it; what stands wholly in it is left to ``mask``.
    """
    parts = list(_parts(earlier))
    head, tail = parts[-1] if parts else None, next(_parts(later), None)
    if tail is None or tail.counted:
        return Pair(earlier, later, ())
    alone = any(found.start < tail.end for found in finder().find(later))
    rest = None if alone else _rest_of_masked(earlier, later, tail)
    if rest is not None:
        return Pair(earlier, _without(later, tail), (rest,))
    if head is None or head.counted or len(head.digits) > _MOST_DIGITS:
        return Pair(earlier, later, ())
    kind = _kind_of(earlier[: head.start], head.digits, tail.digits[:_MOST_DIGITS])
    # The end of an ID number, year of birth first, may look like a phone.
    if kind is None or (alone and kind != "id"):
        return Pair(earlier, later, ())
    return Pair(_without(earlier, head), _without(later, tail), (kind,))


def _kind_of(before: str, head: str, tail: str) -> str | None:
    """What the two parts are together; words between them, such as "and the rest is", count for nothing."""
    border = len(before) + len(head)
    crossing = [found for found in finder().find(before + head + tail) if found.start < border < found.end]
    announced = read(before, rules().reading).text[-_NEAR:]
    is_order = any(word in announced for word in rules().cues["order"])
    return next((found.kind for found in crossing if not (is_order and found.kind == "card")), None)


def _rest_of_masked(earlier: str, later: str, tail: _Part) -> str | None:
    """What a number was of which enough stood in the first message to be masked there, and whose rest follows now."""
    masked = _MASKED.search(earlier)
    if masked is None or len(later) - (tail.end - tail.start) > _WORDS:
        return None
    return _WHOLE.get(sum(char in "*X" or char.isdigit() for char in masked.group()) + len(tail.digits))


def _without(text: str, part: _Part) -> str:
    return text[: part.start] + re.sub(r"\S", "*", text[part.start : part.end]) + text[part.end :]


def _parts(text: str) -> Iterator[_Part]:
    reading = read(text, rules().reading)
    for match in _NUMBER.finditer(reading.text):
        digits = re.sub(r"[^\dx]", "", match.group())
        if len(digits) >= _LEAST_DIGITS:
            before, after = reading.text[: match.start()].rstrip(rules().amount_filler), reading.text[match.end() :].lstrip()
            amount = before.endswith(rules().amount_before) or bool(set(",.") & set(match.group()))
            counted = amount or digits in rules().hotlines or after.startswith(tuple(rules().values["units"]))
            yield _Part(reading.starts[match.start()], reading.ends[match.end() - 1], digits, counted)
