"""The tokens of a numeral: figures, digits in words, units, the point and the half."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.knowledge.glossary_numbers import Numerals

LITERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?:\.\d+)?(?!\d)|\d(?: \d){3,}(?!\d)|\d+(?:\.\d+)?"
"""Figures, with the thousands or all of them apart or not."""
_LITERAL = re.compile(LITERAL)


class Unclear(Exception):
    """A numeral that says no exact number, such as "some thousands"."""


@dataclass(frozen=True)
class Literal:
    """A number in figures."""

    text: str

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.text.replace(",", "").replace(" ", ""))


@dataclass(frozen=True)
class Digit:
    """A digit in words; one that only counts is never read out as one of several."""

    value: int
    counts_only: bool = False


@dataclass(frozen=True)
class Unit:
    """Ten, a hundred, a thousand …"""

    value: int


class Point:
    """The point between a whole and its fraction, in words."""


class Half:
    """Half of the unit before it."""


class Vague:
    """Some, a few."""


Token = Literal | Digit | Unit | Point | Half | Vague


def tokens_of(text: str, numerals: Numerals) -> list[Token]:
    """The tokens of a text; none if any of its characters belongs to no numeral."""
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        literal = _LITERAL.match(text, place)
        if literal:
            tokens.append(Literal(literal.group()))
            place = literal.end()
            continue
        token = _word(text[place], numerals)
        if token is None and not text[place].isspace():
            return []
        if token is not None:
            tokens.append(token)
        place += 1
    return tokens


def _word(character: str, numerals: Numerals) -> Token | None:
    if character in numerals.digits:
        return Digit(numerals.digits[character], character in numerals.counting)
    if character in numerals.units:
        return Unit(numerals.units[character])
    if character in numerals.point:
        return Point()
    if character in numerals.half:
        return Half()
    return Vague() if character in numerals.vague or character in numerals.more else None
