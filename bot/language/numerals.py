"""Numbers as people say them: a grammar over digits, units, the point and the half, in words, in figures or mixed.

A text is read as a whole or not at all: what the grammar cannot take in to the last character has no value, never that of a part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.knowledge.glossary import Numerals

_TEN, _MYRIAD = 10, 10_000
_LITERAL = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_Span = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Reading:
    """What a numeral says.

    Attributes:
        low, high: the bounds it names, equal if it is one number; both None if it is a numeral whose value only the speaker knows.
        unit: the largest unit in it, 1 if there is none.
        written: whether it is in figures alone.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    unit: int = 1
    written: bool = False

    @property
    def value(self) -> Decimal | None:
        """The number, if it is exactly one."""
        return self.low if self.low == self.high else None


class _Unclear(Exception):
    """A numeral that says no exact number, such as "some thousands"."""


@dataclass(frozen=True)
class _Literal:
    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text.replace(",", "").replace(" ", ""))

    @property
    def has_point(self) -> bool:
        return "." in self.text


@dataclass(frozen=True)
class _Digit:
    value: int
    counts_only: bool = False  # a word for two that is never read out as a digit


@dataclass(frozen=True)
class _Unit:
    value: int


class _Point:
    pass


class _Half:
    pass


class _Vague:
    pass


_Token = _Literal | _Digit | _Unit | _Point | _Half | _Vague


def read_numeral(text: str, numerals: Numerals) -> Reading | None:
    """What a text says that is a numeral from its first to its last character; None if it is none."""
    tokens = _tokens(text.strip().lower(), numerals)
    if not any(isinstance(token, (_Literal, _Digit, _Unit)) for token in tokens):
        return None
    unit = max((token.value for token in tokens if isinstance(token, _Unit)), default=1)
    try:
        low, high = _span(tokens)
    except _Unclear:
        return Reading(unit=unit)
    return Reading(low, high, unit, all(isinstance(token, _Literal) for token in tokens))


def spoken_number(text: str, numerals: Numerals) -> Decimal | None:
    """The value of a number in digits, in words or mixed; None if it is none, or not exactly one.

    The last digit after a hundred, thousand or ten thousand counts in the next lower unit, as people speak ("five thousand three" is
    5300), unless a zero stands before it.
    """
    reading = read_numeral(text, numerals)
    return reading.value if reading is not None else None


def plain(value: Decimal) -> str:
    """Decimal text without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tokens(text: str, numerals: Numerals) -> list[_Token]:
    """The tokens of a text; none if any of its characters belongs to no numeral."""
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        literal = _LITERAL.match(text, place)
        if literal:
            tokens.append(_Literal(literal.group()))
            place = literal.end()
            continue
        token = _word(text[place], numerals)
        if token is None and not text[place].isspace():
            return []
        if token is not None:
            tokens.append(token)
        place += 1
    return tokens


def _word(character: str, numerals: Numerals) -> _Token | None:
    if character in numerals.digits:
        return _Digit(numerals.digits[character], character in numerals.counting)
    if character in numerals.units:
        return _Unit(numerals.units[character])
    if character in numerals.point:
        return _Point()
    if character in numerals.half:
        return _Half()
    return _Vague() if character in numerals.vague else None


def _span(tokens: list[_Token]) -> _Span:
    if any(isinstance(token, _Vague) for token in tokens):
        raise _Unclear
    points = [place for place, token in enumerate(tokens) if isinstance(token, _Point)]
    if points:
        if len(points) > 1:
            raise _Unclear
        return _with_point(tokens[: points[0]], tokens[points[0] + 1 :])
    if all(isinstance(token, _Digit) for token in tokens):
        return _read_out([token for token in tokens if isinstance(token, _Digit)])
    return _Sum().of(tokens)


def _read_out(digits: list[_Digit]) -> _Span:
    """Digits without any unit: one of them, two neighbours as a guess, or a number that is read out digit by digit."""
    if len(digits) == 2 and _is_pair(digits[0].value, digits[1].value):
        return Decimal(digits[0].value), Decimal(digits[1].value)
    if len(digits) > 1 and (digits[0].value == 0 or any(digit.counts_only for digit in digits)):
        raise _Unclear
    value = Decimal("".join(str(digit.value) for digit in digits))
    return value, value


def _is_pair(first: int, second: int) -> bool:
    """Whether two digits in a row are how people guess: "three four", or "three five"."""
    return first > 0 and (second - first == 1 or (first, second) == (3, 5))


def _with_point(before: list[_Token], behind: list[_Token]) -> _Span:
    """A number with a point in words, then at most one unit: "fifteen point eight ten-thousands"."""
    last = behind[-1] if behind else None
    unit = last.value if isinstance(last, _Unit) else 1
    fraction = _fraction(behind if unit == 1 else behind[:-1])
    if not before or unit in (_TEN, _TEN * _TEN):
        raise _Unclear
    low, high = _span(before)
    if low != high or low != int(low) or (unit > 1 and low >= unit * _TEN):
        raise _Unclear
    value = Decimal(f"{int(low)}.{fraction}") * unit
    return value, value


def _fraction(tokens: list[_Token]) -> str:
    """The digits behind a point, in words or in figures."""
    said = [token for token in tokens if isinstance(token, _Digit) and not token.counts_only]
    figures = [token.text for token in tokens if isinstance(token, _Literal) and token.text.isdecimal()]
    if said and len(said) == len(tokens):
        return "".join(str(digit.value) for digit in said)
    if len(figures) == len(tokens) == 1:
        return figures[0]
    raise _Unclear


class _Sum:
    """Reads digits and units from left to right: a coefficient waits for its unit, a section for its ten thousands."""

    def __init__(self) -> None:
        self._total = self._section = (Decimal(0), Decimal(0))
        self._waiting: _Span | None = None
        self._figures = ""  # the coefficient as it is written in figures
        self._zero = False
        self._largest = 0  # the unit that the next one of a section must stay below
        self._last = 1
        self._myriad = 0
        self._inexact = False

    def of(self, tokens: list[_Token]) -> _Span:
        """The sum of what the tokens say.

        Raises:
            _Unclear: it can be read in more than one way, or in none.
        """
        if tokens and isinstance(tokens[-1], _Half):
            return self._and_a_half(tokens[:-1])
        for token in tokens:
            match token:
                case _Literal():
                    self._literal(token)
                case _Digit():
                    self._digit(token.value)
                case _Unit():
                    self._unit(token.value)
                case _:
                    raise _Unclear
        self._tail()
        return _plus(self._total, self._section)

    def _and_a_half(self, tokens: list[_Token]) -> _Span:
        if len(tokens) < 2 or not isinstance(tokens[-1], _Unit):
            raise _Unclear
        half = Decimal(tokens[-1].value) / 2
        return _plus(_Sum().of(tokens), (half, half))

    def _literal(self, literal: _Literal) -> None:
        if self._waiting is not None:
            raise _Unclear
        self._waiting, self._figures = (literal.value, literal.value), literal.text

    def _digit(self, digit: int) -> None:
        if self._waiting is None:
            if digit == 0:
                self._zero = True
            else:
                self._waiting, self._figures = (Decimal(digit), Decimal(digit)), ""
            return
        low, high = self._waiting
        if self._figures or low != high or not _is_pair(int(low), digit):
            raise _Unclear
        self._waiting = (low, Decimal(digit))

    def _unit(self, unit: int) -> None:
        coefficient = self._coefficient(unit)
        if unit >= _MYRIAD:
            if self._myriad and unit >= self._myriad:
                raise _Unclear
            self._total = _plus(self._total, _times(_plus(self._section, coefficient), unit))
            self._section = (Decimal(0), Decimal(0))
            self._myriad, self._largest = unit, 0
        else:
            if self._largest and unit >= self._largest:
                raise _Unclear
            self._section = _plus(self._section, _times(coefficient, unit))
            self._largest = unit
        self._last, self._waiting, self._figures, self._zero = unit, None, "", False

    def _coefficient(self, unit: int) -> _Span:
        if self._inexact:
            # Something smaller behind a fraction of a unit, or behind a guess, adds up to nothing that anybody says.
            if unit < _MYRIAD or self._waiting is not None or self._myriad:
                raise _Unclear
            return Decimal(0), Decimal(0)
        if self._waiting is None:
            if unit >= _MYRIAD and self._section[0]:
                return Decimal(0), Decimal(0)
            if unit != _TEN:
                raise _Unclear
            return Decimal(1), Decimal(1)
        self._inexact = "." in self._figures or self._waiting[0] != self._waiting[1]
        return self._waiting

    def _tail(self) -> None:
        if self._waiting is None:
            if self._zero:
                raise _Unclear
            return
        low, high = self._waiting
        if self._last == 1 and not self._zero:
            self._section = _plus(self._section, self._waiting)
            return
        if self._inexact or "." in self._figures and self._figures.index(".") != _zeros(self._last):
            raise _Unclear
        if len(self._figures.partition(".")[0]) > 1:
            self._figures_behind(low)
        elif self._zero or self._last <= _TEN or low == 0:
            self._section = _plus(self._section, self._waiting)
        else:
            self._section = _plus(self._section, _times((low, high), Decimal(self._last) / _TEN))

    def _figures_behind(self, value: Decimal) -> None:
        """Figures behind a unit fill its places (1 ten-thousand 2500), or all but one (1 ten-thousand 500); fewer can be meant either way."""
        places, digits = _zeros(self._last), len(self._figures.partition(".")[0])
        if not self._zero and digits != places and not (digits == places - 1 > 2 and self._figures[0] != "0"):
            raise _Unclear
        if digits > places:
            raise _Unclear
        self._section = _plus(self._section, (value, value))


def _zeros(unit: int) -> int:
    return len(str(unit)) - 1


def _plus(first: _Span, second: _Span) -> _Span:
    return first[0] + second[0], first[1] + second[1]


def _times(span: _Span, factor: int | Decimal) -> _Span:
    return span[0] * factor, span[1] * factor
