"""The spaCy part: a Matcher on a blank Chinese vocabulary, one token per character.

One character per token keeps token and character positions equal and keeps the vocabulary, which never forgets a token it has
seen, free of anybody's numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from actions.masking.reading import Rules


@dataclass(frozen=True)
class Mark:
    """A cue of a kind at a place of the reading."""

    kind: str
    start: int
    end: int


Marker = Callable[[str], list[Mark]]
"""Reading text → cues, in text order."""


def build_marker(rules: Rules) -> Marker:
    """Builds the Matcher; imports spaCy."""
    with without_frameworks():
        import spacy
        from spacy.matcher import Matcher
        from spacy.tokens import Doc

    vocab = spacy.blank("zh").vocab
    cues = Matcher(vocab)
    for kind, words in rules.cues.items():
        cues.add(kind, [[{"ORTH": char} for char in word] for word in words])
    names = vocab.strings

    def mark(text: str) -> list[Mark]:
        doc = Doc(vocab, words=list(text), spaces=[False] * len(text))
        found = [Mark(names[key], start, end) for key, start, end in cues(doc)]
        return sorted(found, key=lambda mark: (mark.start, mark.end))

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


_RANKS = {kind: rank for rank, kind in enumerate(("password", "code", "id", "card", "phone", "email", "plate", "address", "name"))}


@dataclass(frozen=True)
class Value:
    """A span of a reading that must not be stored.

    Attributes:
        kind: which mask applies.
        start: first character of the reading.
        end: one past the last.
        digits: of a number, without what stands between them; by default what the span reads as.
    """

    kind: str
    start: int
    end: int
    digits: str = ""

    @property
    def rank(self) -> int:
        """Which of two equally long values wins: the smaller rank, that is the one that leaves less."""
        return _RANKS[self.kind]
