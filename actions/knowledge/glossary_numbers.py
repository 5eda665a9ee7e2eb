"""How the glossary says what numbers are in words, and what makes one an amount of money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from actions.core.fields import Strict

AmountRole = Literal["per_period", "down_payment", "remaining"]
AMOUNT_KINDS = ("amount", "amount_range", *get_args(AmountRole), "quantity")
"""Entities of what is said about money."""


class Part(Strict):
    """A part of the glossary."""


class Numerals(Part):
    """How numbers are spoken: digits and units by character, and the characters of the rest.

    Attributes:
        counting: digits that count and are never read out as one of several.
        point: between the whole and its fraction.
        half: half of the unit before it.
        vague: some, a few: whatever holds one is no exact number.
        more: and some more, which is vague where a unit follows: "300 and some ten-thousands".
    """

    digits: dict[str, int]
    units: dict[str, int]
    counting: str = ""
    point: str = ""
    half: str = ""
    vague: str = ""
    more: str = ""


class RolePattern(Part):
    """What makes an amount another entity than ``amount``.

    Attributes:
        role: the entity.
        after, before: regular expressions of what stands directly before and behind the amount; either makes it one.
    """

    role: AmountRole
    after: str | None = None
    before: str | None = None


class QuantityPattern(Part):
    """How many are meant of what an amount is the price of: group ``n``, directly before or behind the amount."""

    after: str | None = None
    before: str | None = None


class Amounts(Part):
    """What makes a numeral an amount. All are regular expressions; of what comes before a numeral they match the end.

    Attributes:
        sign: a currency before the numeral.
        currency: one behind it.
        about: what may stand between both.
        change: fractions of a yuan behind the numeral, from the currency on; with groups ``tenths`` and ``hundredths``.
        tenths, hundredths: a currency of which ten or a hundred are a yuan.
        not_after, not_before: what makes any numeral no amount.
        figures_not_after: what makes figures none.
        bare: numerals that are amounts without currency or unit.
        bare_not: those among them that are none.
        bare_not_before: what makes them none.
        spent: behind it, a number with one decimal is an amount too.
        not_currency: a numeral with what seems to be its currency.
        between: joins two numerals to a range.
        roles: what an amount is to others.
        total: an amount behind it is that of all that is meant.
        quantities: how many are meant.
    """

    sign: str
    currency: str
    about: str
    change: tuple[str, ...]
    tenths: str
    hundredths: str
    not_after: str
    figures_not_after: str
    not_before: str
    bare: str
    bare_not: str
    bare_not_before: str
    spent: str
    not_currency: str
    between: str
    roles: tuple[RolePattern, ...]
    total: str
    quantities: tuple[QuantityPattern, ...]


def amount_patterns(amounts: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every regular expression of the section ``amounts`` as it stands in the file, with its place in it."""
    for name, given in amounts.items():
        if isinstance(given, str):
            yield (name,), given
        for index, each in enumerate(given if isinstance(given, list) else ()):
            if isinstance(each, dict):
                yield from (((name, index, key), pattern) for key, pattern in each.items() if key != "role")
            else:
                yield (name, index), each
