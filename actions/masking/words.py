"""E-mail addresses, licence plates, names and postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actions.masking.matching import Mark, Value
from actions.masking.reading import Reading
from actions.masking.rules import Rules

_NEAR_BEFORE = 12
_NEAR_AFTER = 8
_CENTS = re.compile(r"^-\d\d(?!\d)")


class Context:
    """The cues of one reading and what they say about a place in it.

    Attributes:
        reading: the text as read.
        rules: the masking rules.
    """

    def __init__(self, reading: Reading, cues: Sequence[Mark], rules: Rules) -> None:
        self.reading = reading
        self.rules = rules
        self._cues = tuple(cues)

    def cues(self, *kinds: str) -> list[Mark]:
        """The cues of some kinds, in text order."""
        return [cue for cue in self._cues if cue.kind in kinds]

    def announced_as(self, kind: str, start: int) -> bool:
        """Whether the nearest cue before a place, not far away, is of this kind."""
        near = [cue for cue in self._cues if start - _NEAR_BEFORE <= cue.end <= start]
        last = max((cue.end for cue in near), default=-1)
        return any(cue.end == last and cue.kind == kind for cue in near)

    def is_order(self, start: int, end: int) -> bool:
        """Whether an order, delivery or article number is announced before these digits, or named directly after them."""
        near = [cue for cue in self._cues if start - _NEAR_BEFORE <= cue.end <= start]
        if near:
            return self.announced_as("order", start)
        return any(cue.kind == "order" and end <= cue.start <= end + _NEAR_AFTER for cue in self._cues)

    def is_called_order(self, start: int) -> bool:
        """Whether the order cue stands directly before, with nothing but connecting words between."""
        filler = self.rules.values["order_filler"]
        last: Mark | None = None
        for cue in self._cues:
            if cue.end <= start and cue.kind == "order":
                last = cue
        return last is not None and all(char in filler for char in self.reading.text[last.end : start])

    def is_amount(self, start: int, end: int) -> bool:
        """Whether money is spoken of directly before or after."""
        before = self.reading.text[max(0, start - 6) : start].rstrip(self.rules.amount_filler)
        after = _CENTS.sub("", self.reading.text[end : end + 6], count=1).lstrip()
        return before.endswith(self.rules.amount_before) or after.startswith(self.rules.amount_after)


def words(context: Context) -> Iterator[Value]:
    """Values known by their form (e-mail, plate) or by the cue before them (name, address)."""
    text = context.reading.text
    if "@" in text:
        for match in context.rules.patterns["email"].finditer(text):
            yield Value("email", match.start(), match.end())
    for match in context.rules.patterns["plate"].finditer(text):
        yield Value("plate", match.start(), match.end())
    for cue in context.cues("name"):
        yield from _name(cue, context)
    for cue in context.cues("named"):
        yield from _named(cue, context)
    for cue in context.cues("address"):
        yield from _address(cue, context)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _name_end(start: int, context: Context) -> int | None:
    """Where a name that begins here ends; nothing if it does not begin with a surname."""
    text, values = context.reading.text, context.rules.values
    if any(text.startswith(word, start) for word in values["not_a_name"]):
        return None
    if any(text.startswith(surname, start) for surname in values["compound_surnames"]):
        given = start + 2
    elif start < len(text) and text[start] in values["surnames"]:
        given = start + 1
    else:
        return None
    if given >= len(text) or not _is_given(text[given], values["name_ends"]):
        return None
    if given + 1 < len(text) and _is_given(text[given + 1], values["name_ends"]):
        return given + 2
    return given + 1


def _is_given(char: str, ends: str) -> bool:
    return (_han(char) or char.isdigit()) and char not in ends


def _name(cue: Mark, context: Context) -> Iterator[Value]:
    start = _skip(cue.end, context, context.rules.values["named_filler"])
    end = _name_end(start, context)
    if end is not None:
        yield Value("name", start, end)


def _named(cue: Mark, context: Context) -> Iterator[Value]:
    """A name after a form field; after a colon it need not begin with a known surname."""
    text = context.reading.text
    start = _skip(cue.end, context, context.rules.values["named_filler"])
    end = _name_end(start, context)
    if end is None and ":" in text[cue.end : start]:
        end = start
        while end < len(text) and end - start < 4 and _han(text[end]):
            end += 1
        if end - start < 2 or (end < len(text) and _han(text[end])):
            return
    if end is not None:
        yield Value("name", start, end)


def _address(cue: Mark, context: Context) -> Iterator[Value]:
    """From the cue to the last word that only addresses have, if there are enough of them."""
    text, values = context.reading.text, context.rules.values
    start = _skip(cue.end, context, values["address_filler"])
    stop = context.rules.patterns["address_stop"].search(text, start, start + values["longest_address"])
    limit = stop.start() if stop else min(len(text), start + values["longest_address"])
    marks = [index for index in range(start, limit) if text[index] in values["address_marks"]]
    if len(marks) < values["address_least_marks"]:
        return
    end = marks[-1] + 1
    while end < limit and (text[end].isdigit() or text[end] == "-"):
        end += 1
    yield Value("address", start, end)


def _skip(start: int, context: Context, filler: str) -> int:
    text = context.reading.text
    while start < len(text) and text[start] in filler:
        start += 1
    return start
