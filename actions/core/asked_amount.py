"""Which amount a customer means: the one that is named, or what the named ones come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.core.money import fen_named, yuan_text

LARGEST = 999_999_999
"""In fen. More than this in a message is rather a slip of the keys than a price."""

Entities = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Named:
    """An amount as it was named, in fen."""

    fen: int


@dataclass(frozen=True)
class OfSeveral:
    """The price of one and how many are meant."""

    price: int
    quantity: int

    @property
    def fen(self) -> int:
        """What all of them come to."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Rest:
    """What is left after a down payment; ``whole`` is None if only the order at hand can say of what."""

    whole: int | None
    paid: int


@dataclass(frozen=True)
class Periods:
    """What is paid in each period, and for how many periods if that was said: no price, fees are in it."""

    each: int
    tenor: int | None


@dataclass(frozen=True)
class Unclear:
    """It has to be asked which amount is meant; ``said`` are the readings or the words."""

    said: tuple[str, ...]


AskedAmount = Named | OfSeveral | Rest | Periods | Unclear


def asked_amount(entities: Entities, tenor: int | None) -> AskedAmount | None:
    """The amount that the entities of a message speak of; None if they speak of none.

    Args:
        entities: values by entity, as decimal text.
        tenor: number of periods that was named.
    """
    ranges = entities.get("amount_range", ())
    named = {name: [fen_named(text) for text in entities.get(name, ())] for name in ("amount", "down_payment", "remaining", "per_period")}
    texts = tuple(text for name in named for text in entities.get(name, ()))
    amounts = {name: [fen for fen in each if fen is not None and fen <= LARGEST] for name, each in named.items()}
    if ranges or sum(map(len, amounts.values())) < len(texts):
        return Unclear((*ranges, *(text for text in texts if (fen_named(text) or LARGEST + 1) > LARGEST)))
    return _among(amounts, entities.get("quantity", ()), tenor)


def _among(amounts: Mapping[str, list[int]], quantities: tuple[str, ...], tenor: int | None) -> AskedAmount | None:
    if amounts["remaining"]:
        return _only(amounts["remaining"])
    if not amounts["amount"] and amounts["per_period"]:
        periods = _only(amounts["per_period"])
        return Periods(periods.fen, tenor) if isinstance(periods, Named) else periods
    if not amounts["amount"]:
        return Rest(None, sum(amounts["down_payment"])) if amounts["down_payment"] else None
    whole = _of_several(amounts["amount"], quantities) if quantities else _only(amounts["amount"])
    if amounts["down_payment"] and not isinstance(whole, Unclear):
        return _rest(whole.fen, sum(amounts["down_payment"]))
    return whole


def _only(fen: list[int]) -> Named | Unclear:
    """The amount among several that is meant: the only one, or the last one if it is the sum of those before it."""
    distinct = list(dict.fromkeys(fen))
    *parts, last = distinct
    if not parts or (len(parts) > 1 and sum(parts) == last):
        return Named(last)
    return Unclear(tuple(map(yuan_text, distinct)))


def _of_several(prices: list[int], quantities: tuple[str, ...]) -> OfSeveral | Unclear:
    quantity = int(quantities[0]) if quantities[0].isdecimal() else 0
    if len(prices) > 1 or len(quantities) > 1 or not quantity or prices[0] * quantity > LARGEST:
        return Unclear(tuple(f"{yuan_text(price)} × {count}" for price, count in zip(prices, quantities)))
    return OfSeveral(prices[0], quantity)


def _rest(whole: int, paid: int) -> Rest | Unclear:
    return Rest(whole, paid) if paid < whole else Unclear((yuan_text(whole), yuan_text(paid)))
