"""Amounts that a customer names: which of them is meant, and what would be left if it were paid, or goods that are named taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.core.amounts import amount_to_finance, available_limit, down_payment, free_limit, line_financed, order_amount, payable_amount
from actions.core.facts import Facts, Line
from actions.core.moments import today
from actions.core.money import Fen, fen_named, yuan_text
from actions.core.named_days import SAID_OF_DAYS
from actions.core.named_months import SAID_OF_MONTHS
from actions.core.plans import bill_left, due_bills

LARGEST = 999_999_999
"""In fen. More than this in a message is rather a slip of the keys than a price."""

Entities = Mapping[str, tuple[str, ...]]

_CLOSE = 10
"""An amount is about another one if it is not further off than this part of it."""


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


def are_of_order(asked: Unclear, facts: Facts) -> bool:
    """Whether the amounts that are named are the order's own: the whole, what is paid at once, and, in any case, what there is to finance."""
    if facts.order is None:
        return False
    named, financed = {fen_named(each) for each in asked.said}, amount_to_finance(facts)
    return financed in named and named <= {financed, payable_amount(facts), down_payment(facts)}


def is_about_order(named: int, facts: Facts) -> bool:
    """Whether a rounded amount, in fen, is what there is to finance of the order at hand."""
    financed = amount_to_finance(facts) if facts.order is not None else 0
    return abs(financed - named) * _CLOSE <= financed and financed > 0


def _of_several(prices: list[int], quantities: tuple[str, ...]) -> OfSeveral | Unclear:
    quantity = int(quantities[0]) if quantities[0].isdecimal() else 0
    if len(prices) > 1 or len(quantities) > 1 or not quantity or prices[0] * quantity > LARGEST:
        return Unclear(tuple(f"{yuan_text(price)} × {count}" for price, count in zip(prices, quantities)))
    return OfSeveral(prices[0], quantity)


def _rest(whole: int, paid: int) -> Rest | Unclear:
    return Rest(whole, paid) if paid < whole else Unclear((yuan_text(whole), yuan_text(paid)))


WHAT_IF = (
    "said.amount",
    "said.missing_after",
    "said.missing_covered",
    "said.overdue_after",
    "said.overdue_covered",
    "said.not_overdue",
    "said.is_due",
    "said.not_due",
    "said.rest_covered",
    "said.rest_missing",
    "said.price_within",
    "said.price_over",
    "said.added_short",
    "said.added_reached",
    "said.cut_short",
    "said.cut_within",
)
"""Placeholders of texts about an amount, or about goods of the order, that the customer names."""

SAID = (*WHAT_IF, *SAID_OF_DAYS, *SAID_OF_MONTHS)
"""Placeholders of texts about whatever the customer names."""


def payment_meant(facts: Facts, amounts: Sequence[Fen]) -> Fen | None:
    """The amount among several that a customer has paid or would pay: the one that is not a debt or a price of the record.

    Args:
        amounts: as they were named; one alone is always meant.

    Returns:
        None if none was named, or if it cannot be told which is meant.
    """
    distinct, baitiao = set(amounts), facts.user.baitiao
    if len(distinct) > 1:
        distinct -= {free_limit(facts), baitiao.credit_limit, baitiao.used}
        distinct -= {baitiao.overdue, *(bill.amount for bill in facts.bills)}
        if facts.order is not None:
            distinct -= {order_amount(facts), amount_to_finance(facts), Fen(amount_to_finance(facts) - available_limit(facts))}
    return distinct.pop() if len(distinct) == 1 else None


def bill_meant(facts: Facts, months: Sequence[str]) -> Fen | None:
    """What is left to pay of the bill of a month that is named; None if there is no such bill, or nothing left of it.

    Args:
        months: as the entity writes them: ``2026-11``, ``11``, ``current`` …
    """
    due = due_bills(facts)
    if len(set(months)) != 1 or not due:
        return None
    month, now = months[0], today(facts.now)
    if month == "current":
        # The bill that is to be paid this month is often called so, whichever month it is of.
        found = [bill for bill in due if bill.month == f"{now:%Y-%m}"] or list(due[:1])
    else:
        found = [bill for bill in due if month == bill.month or (month.isdecimal() and int(month) == int(bill.month[-2:]))]
    return bill_left(facts, found[0]) if len(found) == 1 else None


def what_if_paid(facts: Facts, amount: Fen | None, named: bool = True) -> Mapping[str, Fen | None]:
    """The amount, and of the gap in the limit for the order at hand and of what is overdue: what it would leave, or all of it if it covers it; and
    whether it is what the record holds as overdue or as due.

    Args:
        amount: what the customer says they have paid or would pay; None if they name none.
        named: whether it was said as a number, which may be the right one; else only the bill was named.
    """
    if amount is None:
        return {}
    left: dict[str, Fen | None] = {"said.amount": amount}
    overdue, used = facts.user.baitiao.overdue, facts.user.baitiao.used
    gaps: dict[str, tuple[int, int]] = {"overdue": (overdue, amount)}
    if facts.order is not None and used > 0:
        # Paying back frees no more of the limit than is used of it.
        gaps["missing"] = (amount_to_finance(facts) - available_limit(facts), min(amount, used))
    for what, (gap, freed) in gaps.items():
        left[f"said.{what}_after"] = Fen(gap - freed) if gap > freed else None
        left[f"said.{what}_covered"] = Fen(gap) if 0 < gap <= freed else None
    due = [bill_left(facts, bill) for bill in due_bills(facts)]
    left["said.not_overdue"] = amount if overdue > 0 and amount != overdue else None
    left["said.is_due"] = amount if named and amount in (*due[:1], sum(due)) else None
    left["said.not_due"] = amount if due and amount not in (*due, sum(due)) else None
    return left


def what_if_priced(facts: Facts, amount: Fen | None, total: bool = False) -> Mapping[str, Fen | None]:
    """An amount as the price of something else: itself if the limit covers it, else what would be missing; and as what is put to the order, or taken
    off it: what it would come to, or what would still be missing, beside the least and the most that the rules allow.

    Args:
        amount: None if none was named.
        total: whether it is what the order would come to itself.
    """
    if amount is None:
        return {}
    free = free_limit(facts)
    said = {"said.price_within": amount if amount <= free else None, "said.price_over": Fen(amount - free) if amount > free else None}
    if facts.order is None:
        return said
    more, less = (amount, amount) if total else (payable_amount(facts) + amount, payable_amount(facts) - amount)
    least = max(
        (policy.amount for policy in facts.policies_in_force if policy.kind == "min_amount" and policy.amount is not None), default=None
    )
    most = min(
        (policy.amount for policy in facts.policies_in_force if policy.kind == "max_amount" and policy.amount is not None), default=None
    )
    if least is not None:
        said["said.added_short"] = Fen(least - more) if more < least else None
        said["said.added_reached"] = Fen(more) if more >= least else None
    if most is not None and less >= 0:
        said["said.cut_short"] = Fen(less - most) if less > most else None
        said["said.cut_within"] = Fen(less) if less <= most else None
    return said


def what_if_taken_out(facts: Facts, lines: Sequence[Line]) -> Mapping[str, Fen | None]:
    """What is left of the order without some of its lines if the limit covers it, else what is still missing then.

    Args:
        lines: of the order; if they are none or all of them, nothing is said.
    """
    rest = amount_to_finance(facts) - sum(map(line_financed, lines))
    if not lines or len(lines) == len(facts.lines) or rest <= 0:
        return {}
    missing = rest - available_limit(facts)
    return {"said.rest_covered": Fen(rest) if missing <= 0 else None, "said.rest_missing": Fen(missing) if missing > 0 else None}
