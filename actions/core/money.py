"""Money as integer fen, and how files and people write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

LARGEST_DIGITS = 16
"""The power of ten from which on an amount in fen fits in no database integer."""
LONGEST_NUMBER = 40
"""Characters of a number that somebody writes, and decimals of one: what has more is made to keep the reader busy."""


def parse_yuan(value: Any) -> int:
    """Reads an amount in yuan, as files write it, into fen.

    Args:
        value: an ``int``, ``Decimal`` or decimal text. Floats are refused because they cannot hold cents exactly.

    Raises:
        ValueError: not a plain number, more than two decimals, or negative.
    """
    if isinstance(value, (bool, float)) or not isinstance(value, (int, str, Decimal)):
        raise ValueError("must be an amount in yuan with at most two decimals")
    if isinstance(value, str) and len(value) > LONGEST_NUMBER:
        raise ValueError(f"is longer than {LONGEST_NUMBER} characters")
    try:
        yuan = Decimal(value)
    except InvalidOperation:
        raise ValueError("must be an amount in yuan with at most two decimals") from None
    if not yuan.is_finite():
        raise ValueError("must be a finite amount")
    if yuan.adjusted() > LARGEST_DIGITS:
        raise ValueError("is too large")
    if yuan.as_tuple().exponent < -LONGEST_NUMBER:  # type: ignore[operator]
        raise ValueError("has more than two decimals")
    # Decimal would round a long number to its context's digits before anybody could see that it is too long.
    fen = Fraction(yuan) * 100
    if fen.denominator != 1:
        raise ValueError("has more than two decimals")
    if fen < 0:
        raise ValueError("must not be negative")
    return int(fen)


def fen_named(text: str | None) -> int | None:
    """The amount that a message names, in fen; None when it names none, or one that can be no amount."""
    try:
        return parse_yuan(text) if text else None
    except ValueError:
        return None


def yuan_text(fen: int) -> str:
    """``519900`` → ``"5199.00"``."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def yuan_number(fen: int) -> float:
    """Fen as the JSON number that prints with the same two decimals."""
    return float(yuan_text(fen))


def share_rounded_up(fen: int, ratio: Decimal) -> int:
    """``fen × ratio`` rounded up to the fen."""
    return int((fen * ratio).to_integral_value(rounding=ROUND_CEILING))


class Fen(int):
    """Integer fen in code; in files an amount in yuan, which is what validation reads."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Fen]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Fen:
        """Reads an amount in yuan; fen pass through."""
        if isinstance(value, Fen):
            return value
        return cls(parse_yuan(value))
