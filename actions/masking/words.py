"""Secrets and words that name a person: codes, passwords, e-mail addresses, licence plates, names and postal addresses, known by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actions.masking.matching import Mark, Value
from actions.masking.reading import Reading, Rules
from actions.masking.signs import chains

_NEAR_BEFORE = 12
_NEAR_AFTER = 8
_CENTS = re.compile(r"^-\d\d(?!\d)")


class Context:
    """The cues of one reading and what they say about a place in it.

    Attributes:
        reading: the text as read.
        rules: the masking rules.
        chains: the numbers in it, longest possible.
    """

    def __init__(self, reading: Reading, cues: Sequence[Mark], rules: Rules) -> None:
        self.reading = reading
        self.rules = rules
        self.chains = tuple(chains(reading, rules))
        self._cues = tuple(cues)

    def cues(self, *kinds: str) -> list[Mark]:
        """The cues of some kinds, in text order."""
        return [cue for cue in self._cues if cue.kind in kinds]

    def announced_as(self, kind: str, start: int) -> bool:
        """Whether the nearest cue before a place, not far away, is of this kind."""
        near = [cue for cue in self._cues if start - _NEAR_BEFORE <= cue.end <= start]
        last = max((cue.end for cue in near), default=-1)
        return any(cue.end == last and cue.kind == kind for cue in near)

    def follows(self, kind: str, start: int) -> bool:
        """Whether only connecting words stand between a cue of this kind and a place."""
        near = (cue for cue in self._cues if cue.kind == kind and start - _NEAR_BEFORE <= cue.end <= start)
        return any(all(char in self.rules.values["fillers"] for char in self.reading.text[cue.end : start]) for cue in near)

    def nears(self, start: int, *kinds: str) -> bool:
        """Whether any cue of these kinds stands before a place, not far away."""
        return any(cue.kind in kinds and start - _NEAR_BEFORE <= cue.end <= start for cue in self._cues)

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

    def counts(self, end: int) -> bool:
        """Whether a unit follows, so that the digits before it count something."""
        rest = self.reading.text[end : end + 2].lstrip(" ")
        return bool(rest) and rest[0] in self.rules.values["units"]

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


_WEAK_DIGITS = 6
_WORD_LETTERS = 6
_LEAST_CODE, _MOST_CODE = 4, 8
"""Digits of a code."""


def secrets(context: Context) -> Iterator[Value]:
    """Values announced as a code, card check value or password, before or after their cue."""
    for cue in context.cues("code", "cvv", "password"):
        yield from _after(cue, context)
        if cue.kind == "code":
            yield from _before(cue, context)


def _after(cue: Mark, context: Context) -> Iterator[Value]:
    text, rules = context.reading.text, context.rules
    fillers, longest, strong = rules.values["fillers"], rules.values["longest_filler"], rules.values["strong"]
    position = cue.end
    while position < len(text) and position - cue.end < longest and text[position] in fillers:
        position += 1
    filler = text[cue.end : position]
    announced = any(char in strong for char in filler)
    before = text[max(0, cue.start - 4) : cue.start]
    if not announced and any(char in rules.values["denied_before"] for char in before):
        return
    if cue.kind == "code":
        yield from _divided_code(position, context)
    match = rules.patterns[cue.kind].match(text, position)
    if match is None:
        return
    end = _without_unit(match.start("value"), match.end("value"), cue.kind, context)
    value = text[position:end].rstrip(".,;!?\"')")
    if _is_secret(value, cue.kind, announced, "," in filler, context):
        yield Value("password" if cue.kind == "password" else "code", position, position + len(value))


def _divided_code(start: int, context: Context) -> Iterator[Value]:
    """A code whose digits something stands between, or that is spelled; what a unit follows is no part of it."""
    chain = next((chain for chain in context.chains if chain.start <= start < chain.end), None)
    if chain is None:
        return
    groups = [group for group in chain.groups if group.start >= start]
    if groups and context.counts(groups[-1].end):
        groups.pop()
    if not groups or groups[0].start != start:
        return
    if len(groups) > 1 and len(groups[0].digits) >= _LEAST_CODE:
        groups = groups[:1]
    digits = "".join(group.digits for group in groups)
    if _LEAST_CODE <= len(digits) <= _MOST_CODE and digits not in context.rules.hotlines:
        yield Value("code", start, groups[-1].end)


def _without_unit(start: int, end: int, kind: str, context: Context) -> int:
    """Gives back the last group when a unit follows it (a code, then a price), or everything when there is only one."""
    text = context.reading.text
    rest = text[end:].lstrip(" ")
    if not rest or rest[0] not in context.rules.values["units"] or not text[start:end].replace("-", "").isdigit():
        return end
    groups = text[start:end].rfind("-")
    return start + groups if groups > 0 else start


def _is_secret(value: str, kind: str, announced: bool, after_comma: bool, context: Context) -> bool:
    rules = context.rules
    plain = value.replace("-", "")
    if plain in rules.hotlines or rules.patterns["not_a_secret"].fullmatch(value):
        return False
    if kind == "cvv":
        return len(plain) >= 3
    if not announced and after_comma and plain.isdigit() and len(plain) < _WEAK_DIGITS:
        return False
    if kind == "code":
        return len(plain) >= 4
    letters = sum(char.isalnum() for char in value)
    if any(char.isdigit() for char in value):
        return letters >= (4 if plain.isdigit() else 3)
    return announced and letters >= _WORD_LETTERS


def _before(cue: Mark, context: Context) -> Iterator[Value]:
    start = max(0, cue.start - 32)
    link = context.rules.patterns["code_link"]
    match = re.search(context.rules.patterns["reversed"], context.reading.text[start : cue.start])
    if match and match["value"].replace("-", "") not in context.rules.hotlines:
        yield Value("code", start + match.start("value"), start + match.end("value"))
    for chain in context.chains:
        fits = _LEAST_CODE <= len(chain.digits) <= _MOST_CODE and chain.digits not in context.rules.hotlines
        if fits and start <= chain.end <= cue.start and link.fullmatch(context.reading.text, chain.end, cue.start):
            yield Value("code", chain.start, chain.end)
