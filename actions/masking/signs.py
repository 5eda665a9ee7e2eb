"""Numbers as people write them: what stands for a digit, and which digits belong to one number although something stands between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actions.masking.reading import Reading, Rules

LONGEST_NUMBER = 19
"""Digits of the longest number looked for: a bank card."""
_LONGEST_GAP = 4
"""Signs between two groups of one number, blanks in a row as one."""
_LONGEST_BLANK = 12
"""The same with blanks in a row counted."""
_STARS = "**"
"""What a masked number leaves: nothing is read through it, and what stands beside it is its own."""


@dataclass(frozen=True)
class Group:
    """Digits without anything between.

    Attributes:
        digits: as 0-9, an ``x`` at the end perhaps.
        starts: where each begins in the reading.
        ends: where each ends.
        spoken: whether they were written as characters or words.
        glued: whether a letter stands directly before, as in the number of a parcel.
        counted: whether they are one digit, said with how often it comes.
    """

    digits: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spoken: bool
    glued: bool = False
    counted: bool = False

    @property
    def start(self) -> int:
        """Where the first digit begins."""
        return self.starts[0]

    @property
    def end(self) -> int:
        """Where the last digit ends."""
        return self.ends[-1]


@dataclass(frozen=True)
class Chain:
    """Groups that may be one number.

    Attributes:
        groups: in text order.
        gaps: what stands between each and the next: nothing where only the way of writing changes.
    """

    groups: tuple[Group, ...]
    gaps: tuple[str, ...]

    @property
    def start(self) -> int:
        """Where the first digit begins."""
        return self.groups[0].start

    @property
    def end(self) -> int:
        """Where the last digit ends."""
        return self.groups[-1].end

    @property
    def digits(self) -> str:
        """All digits."""
        return "".join(group.digits for group in self.groups)


def chains(reading: Reading, rules: Rules) -> Iterator[Chain]:
    """The numbers of a text, longest possible: each ends where a word, a long gap or a masked number follows."""
    groups: list[Group] = []
    gaps: list[str] = []
    for group in _groups(reading, rules):
        if groups:
            gap = reading.text[groups[-1].end : group.start]
            if _joins(gap, rules):
                gaps.append(gap)
            else:
                yield Chain(tuple(groups), tuple(gaps))
                groups, gaps = [], []
        groups.append(group)
    if groups:
        yield Chain(tuple(groups), tuple(gaps))


def _joins(gap: str, rules: Rules) -> bool:
    if rules.patterns["gap_words"].fullmatch(gap):
        return True
    signs = " ".join(gap.split())
    return len(gap) <= _LONGEST_BLANK and len(signs) <= _LONGEST_GAP and _STARS not in gap and not any(char.isalnum() for char in signs)


def _groups(reading: Reading, rules: Rules) -> Iterator[Group]:
    text = reading.text
    for match in rules.patterns["signs"].finditer(text):
        start, end = match.span()
        if text.endswith(_STARS, 0, start) or text.startswith(_STARS, end):
            continue
        if match["counted"]:
            yield Group(text[end - 1] * int(text[start]), (start,) * int(text[start]), (end,) * int(text[start]), True, counted=True)
        elif match["words"]:
            yield from _spelled(match["words"], start, rules)
        elif match["typed"]:
            yield from _typed(reading, start, end, rules)


def _spelled(written: str, start: int, rules: Rules) -> Iterator[Group]:
    words = rules.values["digit_words"]
    found = [
        (start + match.start(), start + match.end(), words.get(match.group(), "x"))
        for match in rules.patterns["digit_words"].finditer(written)
    ]
    starts, ends, digits = zip(*found)
    yield Group("".join(digits), starts, ends, True)


def _typed(reading: Reading, start: int, end: int, rules: Rules) -> Iterator[Group]:
    """Digits and letters that look like digits; a new group where the way of writing changes, and a check letter for itself."""
    text, likes = reading.text, rules.values["look_alikes"]
    glued = start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()
    first = start
    for index in range(start, end):
        last = index + 1 == end
        if last and index > start and first == index and _begins_a_word(reading, index, rules):
            return
        if last or "x" in text[index : index + 2] or reading.spoken[index] != reading.spoken[index + 1]:
            span = range(first, index + 1)
            digits = "".join(likes.get(text[place], text[place]) for place in span)
            yield Group(digits, tuple(span), tuple(place + 1 for place in span), reading.spoken[first], glued and first == start)
            first = index + 1


def _begins_a_word(reading: Reading, index: int, rules: Rules) -> bool:
    """Whether a single digit after typed ones is the first character of a word, as in 一共."""
    return reading.spoken[index] and reading.text[index + 1 : index + 2] in tuple(rules.values["after_one"])
