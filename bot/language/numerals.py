"""Numbers as people say them."""

from __future__ import annotations

from decimal import Decimal
from typing import List, Optional, Union

from actions.knowledge.glossary import Numerals

_TEN = 10


def spoken_number(text: str, numerals: Numerals) -> Optional[Decimal]:
    """The value of a number in digits, in words or mixed, ``None`` if it is none.

    The last digit after a hundred, thousand or ten thousand counts in the next lower unit, as people speak ("five thousand three" is
    5300), unless a zero stands before it.
    """
    parts = _parts(text.replace(",", "").strip().lower(), numerals)
    if not parts:
        return None
    if not any(isinstance(part, int) for part in parts):
        return _digits_only(parts)
    total = section = Decimal(0)
    pending: Optional[Decimal] = None
    last_unit = 1
    zero = False
    for part in parts:
        if isinstance(part, Decimal):
            zero = zero or (part == 0 and pending is None)
            pending = part
            continue
        if part >= 10 * 1000:
            total += (section + (pending or 0) if (pending is not None or section) else Decimal(1)) * part
            section = Decimal(0)
        else:
            section += (pending if pending is not None else Decimal(1)) * part
        last_unit, pending, zero = part, None, False
    if pending is not None:
        colloquial = last_unit > _TEN and not zero and pending < _TEN
        section += pending * last_unit / _TEN if colloquial else pending
    return total + section


def _digits_only(parts: List[Union[Decimal, int]]) -> Decimal:
    value = Decimal(0)
    for part in parts:
        value = value * _TEN + part if len(parts) > 1 else Decimal(part)
    return value


def _parts(text: str, numerals: Numerals) -> List[Union[Decimal, int]]:
    """Digits as ``Decimal``, units as ``int``; empty if a character belongs to neither."""
    parts: List[Union[Decimal, int]] = []
    number = ""
    for character in f"{text} ":
        if character.isascii() and (character.isdigit() or character == "."):
            number += character
            continue
        if number:
            if number.count(".") > 1 or number == ".":
                return []
            parts.append(Decimal(number))
            number = ""
        if character in numerals.digits:
            parts.append(Decimal(numerals.digits[character]))
        elif character in numerals.units:
            parts.append(numerals.units[character])
        elif not character.isspace():
            return []
    return parts


def plain(value: Decimal) -> str:
    """Decimal text without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
