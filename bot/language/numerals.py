"""Numbers as people say them: a grammar over digits, units, the point and the half, in words, in figures or mixed.

A text is read as a whole or not at all: what the grammar cannot take in to the last character has no value, never that of a part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from actions.knowledge.glossary_numbers import Numerals
from bot.language.unit_sums import TEN, Digit, Literal, Point, Span, Token, Unclear, Unit, UnitSum, Vague, is_pair, tokens_of


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


def read_numeral(text: str, numerals: Numerals) -> Reading | None:
    """What a text says that is a numeral from its first to its last character; None if it is none."""
    tokens = tokens_of(text.strip().lower(), numerals)
    if not any(isinstance(token, (Literal, Digit, Unit)) for token in tokens):
        return None
    unit = max((token.value for token in tokens if isinstance(token, Unit)), default=1)
    try:
        low, high = _span(tokens)
    except Unclear:
        return Reading(unit=unit)
    return Reading(low, high, unit, all(isinstance(token, Literal) for token in tokens))


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


def _span(tokens: list[Token]) -> Span:
    if any(isinstance(token, Vague) for token in tokens):
        raise Unclear
    points = [place for place, token in enumerate(tokens) if isinstance(token, Point)]
    if points:
        if len(points) > 1:
            raise Unclear
        return _with_point(tokens[: points[0]], tokens[points[0] + 1 :])
    if all(isinstance(token, Digit) for token in tokens):
        return _read_out([token for token in tokens if isinstance(token, Digit)])
    return UnitSum().of(tokens)


def _read_out(digits: list[Digit]) -> Span:
    """Digits without any unit: one of them, two neighbours as a guess, or a number that is read out digit by digit."""
    if len(digits) == 2 and is_pair(digits[0].value, digits[1].value):
        return Decimal(digits[0].value), Decimal(digits[1].value)
    if len(digits) > 1 and (digits[0].value == 0 or any(digit.counts_only for digit in digits)):
        raise Unclear
    value = Decimal("".join(str(digit.value) for digit in digits))
    return value, value


def _with_point(before: list[Token], behind: list[Token]) -> Span:
    """A number with a point in words, then at most one unit: "fifteen point eight ten-thousands"."""
    last = behind[-1] if behind else None
    unit = last.value if isinstance(last, Unit) else 1
    fraction = _fraction(behind if unit == 1 else behind[:-1])
    if not before or unit in (TEN, TEN * TEN):
        raise Unclear
    low, high = _span(before)
    if low != high or low != int(low) or (unit > 1 and low >= unit * TEN):
        raise Unclear
    value = Decimal(f"{int(low)}.{fraction}") * unit
    return value, value


def _fraction(tokens: list[Token]) -> str:
    """The digits behind a point, in words or in figures."""
    said = [token for token in tokens if isinstance(token, Digit) and not token.counts_only]
    figures = [token.text for token in tokens if isinstance(token, Literal) and token.text.isdecimal()]
    if said and len(said) == len(tokens):
        return "".join(str(digit.value) for digit in said)
    if len(figures) == len(tokens) == 1:
        return figures[0]
    raise Unclear
