"""The tokens of a numeral (figures, digits in words, units, the point and the half), and sums of digits and units: "twelve ten-thousands three thousand"."""

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


Span = tuple[Decimal, Decimal]
"""The bounds of a number; equal if it is exactly one."""
TEN = 10
_MYRIAD = 10_000


def is_pair(first: int, second: int) -> bool:
    """Whether two digits in a row are how people guess: "three four", or "three five"."""
    return first > 0 and (second - first == 1 or (first, second) == (3, 5))


class UnitSum:
    """Reads digits and units from left to right: a coefficient waits for its unit, a section for its ten thousands."""

    def __init__(self) -> None:
        self._total = self._section = (Decimal(0), Decimal(0))
        self._waiting: Span | None = None
        self._figures = ""  # the coefficient as it is written in figures
        self._zero = False
        self._largest = 0  # the unit that the next one of a section must stay below
        self._last = 1
        self._myriad = 0
        self._inexact = False

    def of(self, tokens: list[Token]) -> Span:
        """The sum of what the tokens say.

        Raises:
            Unclear: it can be read in more than one way, or in none.
        """
        if tokens and isinstance(tokens[-1], Half):
            return self._and_a_half(tokens[:-1])
        for token in tokens:
            match token:
                case Literal():
                    self._literal(token)
                case Digit():
                    self._digit(token.value)
                case Unit():
                    self._unit(token.value)
                case _:
                    raise Unclear
        self._tail()
        return _plus(self._total, self._section)

    def _and_a_half(self, tokens: list[Token]) -> Span:
        if len(tokens) < 2 or not isinstance(tokens[-1], Unit):
            raise Unclear
        half = Decimal(tokens[-1].value) / 2
        return _plus(UnitSum().of(tokens), (half, half))

    def _literal(self, literal: Literal) -> None:
        if self._waiting is not None:
            raise Unclear
        self._waiting, self._figures = (literal.value, literal.value), literal.text

    def _digit(self, digit: int) -> None:
        if self._waiting is None:
            if digit == 0:
                self._zero = True
            else:
                self._waiting, self._figures = (Decimal(digit), Decimal(digit)), ""
            return
        low, high = self._waiting
        if self._figures or low != high or not is_pair(int(low), digit):
            raise Unclear
        self._waiting = (low, Decimal(digit))

    def _unit(self, unit: int) -> None:
        coefficient = self._coefficient(unit)
        if unit >= _MYRIAD:
            if self._myriad and unit >= self._myriad:
                raise Unclear
            self._total = _plus(self._total, _times(_plus(self._section, coefficient), unit))
            self._section = (Decimal(0), Decimal(0))
            self._myriad, self._largest = unit, 0
        else:
            if self._largest and unit >= self._largest:
                raise Unclear
            self._section = _plus(self._section, _times(coefficient, unit))
            self._largest = unit
        self._last, self._waiting, self._figures, self._zero = unit, None, "", False

    def _coefficient(self, unit: int) -> Span:
        if self._inexact:
            # Something smaller behind a fraction of a unit, or behind a guess, adds up to nothing that anybody says.
            if unit < _MYRIAD or self._waiting is not None or self._myriad:
                raise Unclear
            return Decimal(0), Decimal(0)
        if self._waiting is None:
            if unit >= _MYRIAD and self._section[0]:
                return Decimal(0), Decimal(0)
            if unit != TEN:
                raise Unclear
            return Decimal(1), Decimal(1)
        self._inexact = "." in self._figures or self._waiting[0] != self._waiting[1]
        return self._waiting

    def _tail(self) -> None:
        if self._waiting is None:
            if self._zero:
                raise Unclear
            return
        low, high = self._waiting
        if self._last == 1 and not self._zero:
            self._section = _plus(self._section, self._waiting)
            return
        if self._inexact or "." in self._figures and self._figures.index(".") != _zeros(self._last):
            raise Unclear
        if len(self._figures.partition(".")[0]) > 1:
            self._figures_behind(low)
        elif self._zero or self._last <= TEN or low == 0:
            self._section = _plus(self._section, self._waiting)
        else:
            self._section = _plus(self._section, _times((low, high), Decimal(self._last) / TEN))

    def _figures_behind(self, value: Decimal) -> None:
        """Figures behind a unit fill its places (1 ten-thousand 2500), or all but one (1 ten-thousand 500); fewer can be meant either way."""
        places, digits = _zeros(self._last), len(self._figures.partition(".")[0])
        if not self._zero and digits != places and not (digits == places - 1 > 2 and self._figures[0] != "0"):
            raise Unclear
        if digits > places:
            raise Unclear
        self._section = _plus(self._section, (value, value))


def _zeros(unit: int) -> int:
    return len(str(unit)) - 1


def _plus(first: Span, second: Span) -> Span:
    return first[0] + second[0], first[1] + second[1]


def _times(span: Span, factor: int | Decimal) -> Span:
    return span[0] * factor, span[1] * factor
