"""Masks a message together with those before it: values announced in one message and given in another, and numbers sent in several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actions.masking.announcements import announced, is_pointed_at, value_of
from actions.masking.divided import NumberPart, assembled, is_phone_backwards, number_parts, rest_of_masked
from actions.masking.mask import PersonalPart, finder
from actions.masking.reading import rules
from actions.masking.words import Context

MOST_MESSAGES = 4
"""Earlier messages looked at that say something of the kind; a pressed button or a word between does not count."""
_LONGEST_INTERJECTION = 20
"""Characters of a message that may stand between two parts of a number."""
_LOOKED_AT = 120
"""Characters at the end of an earlier message and at the beginning of the latest: the time this takes has a bound."""
_MOST_BESIDE = 10
"""Letters beside a part in the middle of a number."""
_LEAST_UNPOINTED = 6
"""Characters of a value that a word says afterwards although nothing points back."""
_LABELLED = re.compile(r"\*{3}|\[[^\]]{2,3}\]")
"""What masking leaves: nothing is announced across it."""


@dataclass(frozen=True)
class Window:
    """A message and those before it, without what is personal in them together.

    Attributes:
        earlier: the texts, unchanged where nothing was found.
        text: the message; what stands wholly in it is left to ``mask``.
        kinds: what was taken out, each kind once.
    """

    earlier: tuple[str, ...]
    text: str
    kinds: tuple[str, ...]


def mask_window(earlier: Sequence[str], text: str) -> Window:
    """Takes out of a message and those before it what is personal only when they are read together.

    Args:
        earlier: the customer's messages before, as they were stored, oldest first.
        text: the message as the customer typed it.
    """
    if not earlier:
        return Window((), text, ())
    texts = [*earlier, text]
    found = {index: part for index, part in _Messages(texts).found()}
    for index, part in found.items():
        texts[index] = texts[index][: part.start] + part.replacement + texts[index][part.end :]
    return Window(tuple(texts[:-1]), texts[-1], tuple(dict.fromkeys(part.kind for part in found.values())))


class _Messages:
    """One window while it is searched."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._last = len(texts) - 1
        self._offsets = [max(0, len(text) - _LOOKED_AT) for text in texts[:-1]] + [0]
        self._contexts: dict[int, Context] = {}

    def found(self) -> Iterator[tuple[int, PersonalPart]]:
        """What must go, with the message it lies in; at most one thing of each."""
        given = self._given()
        if given is not None:
            yield self._last, given
            return
        yield from self._divided()
        meant = self._meant()
        if meant is not None:
            yield meant

    def _text(self, index: int) -> str:
        return self._texts[index][self._offsets[index] :][:_LOOKED_AT]

    def _context(self, index: int) -> Context:
        if index not in self._contexts:
            self._contexts[index] = finder().look(self._text(index))
        return self._contexts[index]

    def _interjects(self, index: int) -> bool:
        return len(self._texts[index]) <= _LONGEST_INTERJECTION and not number_parts(self._context(index))

    def _given(self) -> PersonalPart | None:
        """A value in the latest message that one before announced, with nothing but interjections between."""
        for index in range(self._last - 1, -1, -1):
            if _LABELLED.search(self._texts[index]):
                return None
            kind = announced(self._context(index))
            value = value_of(kind, self._texts[self._last], finder(), rules()) if kind else None
            if value is not None or not self._interjects(index):
                return value
        return None

    def _meant(self) -> tuple[int, PersonalPart] | None:
        """A value in a message before that the latest one says was one."""
        kind = announced(self._context(self._last))
        if kind is None:
            return None
        pointed = is_pointed_at(self._context(self._last))
        for index in range(self._last - 1, -1, -1):
            value = value_of(kind, self._texts[index], finder(), rules())
            if value is not None:
                # A bare word after a short number may begin something new.
                return (index, value) if pointed or value.end - value.start >= _LEAST_UNPOINTED else None
            if not self._interjects(index):
                return None
        return None

    def _divided(self) -> Iterator[tuple[int, PersonalPart]]:
        """The parts of a number that ends in the latest message."""
        tail = next(iter(number_parts(self._context(self._last))), None)
        if tail is None:
            return
        alone = any(part.start < tail.end for part in finder().find(self._text(self._last)))
        rest = None if alone else rest_of_masked(self._masked(), tail)
        if rest is not None:
            yield self._last, self._starred(self._last, tail, rest)
            return
        places, kind = self._longest(tail)
        # The end of an ID number, year of birth first, may look like a phone.
        if kind is None or (alone and kind != "id"):
            return
        for index, part in places:
            yield index, self._starred(index, part, kind)

    def _masked(self) -> Iterator[str]:
        """The messages before, latest first, up to one in which a number stands that nobody masked."""
        for index in range(self._last - 1, -1, -1):
            if number_parts(self._context(index)):
                return
            if "*" in self._texts[index] or not self._interjects(index):
                yield self._texts[index]

    def _longest(self, tail: NumberPart) -> tuple[list[tuple[int, NumberPart]], str | None]:
        """The most parts before the tail that make a number with it."""
        places = [(self._last, tail)]
        best: tuple[list[tuple[int, NumberPart]], str | None] = ([], None)
        for index in range(self._last - 1, -1, -1):
            parts = number_parts(self._context(index))
            if not parts:
                if self._interjects(index):
                    continue
                break
            places.insert(0, (index, parts[-1]))
            kind = self._kind(places)
            if kind is not None:
                best = (list(places), kind)
            if len(places) > MOST_MESSAGES or len(parts) > 1 or parts[0].beside > _MOST_BESIDE:
                break
        return best

    def _kind(self, places: Sequence[tuple[int, NumberPart]]) -> str | None:
        first = places[0][0]
        kinds = {kind for _, part in places for kind in part.announced}
        before = range(max(0, first - 1), first)
        kinds.update(filter(None, (announced(self._context(index)) for index in before)))
        if any(self._context(index).cues("order") for index in range(before.start, self._last + 1)):
            kinds.add("order")
        parts = [part for _, part in places]
        kind = assembled(parts, kinds)
        if kind is None and len(parts) == 2 and self._turned(first):
            kind = assembled(parts[::-1], kinds)
        if kind is None and len(parts) == 2 and "order" not in kinds and is_phone_backwards(*parts):
            kind = "phone"
        return kind

    def _turned(self, first: int) -> bool:
        """Whether the end of a number was sent first: the messages say so."""
        ends, begins = rules().values["end_words"], rules().values["beginning_words"]
        return any(word in self._text(first) for word in ends) or any(word in self._text(self._last) for word in begins)

    def _starred(self, index: int, part: NumberPart, kind: str) -> PersonalPart:
        start, end = self._offsets[index] + part.start, self._offsets[index] + part.end
        return PersonalPart(kind, start, end, re.sub(r"\S", "*", self._texts[index][start:end]))
