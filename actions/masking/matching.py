"""The spaCy part: a Matcher on a blank Chinese vocabulary, one token per character.

One character per token keeps token and character positions equal and keeps the vocabulary, which never forgets a token it has
seen, free of anybody's numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from actions.masking.reading import SEPARATOR, Rules

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
    with without_frameworks():
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


_FRAMEWORKS = ("tensorflow", "h5py")


@contextmanager
def without_frameworks() -> Iterator[None]:
    """Lets spaCy come without frameworks that its library of networks (``thinc.compat``) imports wherever they are installed.

    A Matcher has no network, and TensorFlow takes 360 MB and seconds of the start. Whoever needs it afterwards finds it as ever.
    """
    hidden = [name for name in _FRAMEWORKS if name not in sys.modules]
    # Python's own way to say that there is no such module.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


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
