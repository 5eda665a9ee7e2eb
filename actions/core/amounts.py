"""What a snapshot comes to: amounts, limits, tenors and dates that are computed from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actions.core.catalogue import Category
from actions.core.facts import Facts, Line
from actions.core.moments import end_of
from actions.core.money import Fen, fen_named, share_rounded_up, yuan_text


@dataclass(frozen=True)
class Spending:
    """A category of the order with what this month's 白条 payments in it come to, this order included."""

    category: Category
    amount: Fen
    total: Fen


def line_amount(line: Line) -> Fen:
    """Price × quantity."""
    return Fen(line.item.price * line.quantity)


def line_financed(line: Line) -> Fen:
    """What is left to finance of a line after its down payment, which is rounded up to the fen."""
    amount = line_amount(line)
    return Fen(amount - share_rounded_up(amount, line.item.min_down_payment))


def order_amount(facts: Facts) -> Fen:
    """Σ price × quantity."""
    return Fen(sum(line_amount(line) for line in facts.lines))


def payable_amount(facts: Facts) -> Fen:
    """The order's amount without its discount, at least 0."""
    return _discounted(facts, order_amount(facts))


def down_payment(facts: Facts) -> Fen:
    """Σ line × min_down_payment, each rounded up to the fen."""
    return Fen(sum(line_amount(line) - line_financed(line) for line in facts.lines))


def amount_to_finance(facts: Facts) -> Fen:
    """Σ line × (1 − min_down_payment) without the order's discount, at least 0."""
    return _discounted(facts, sum(line_financed(line) for line in facts.lines))


def _discounted(facts: Facts, amount: int) -> Fen:
    return Fen(max(0, amount - (facts.order.discount if facts.order is not None else 0)))


def line_excluded(line: Line) -> bool:
    """Whether the line's category, its item or its promotion excludes it."""
    return line.category.installment == "excluded" or line.item.installment == "excluded" or line.item.promotion_excluded


def _temporary_valid(facts: Facts) -> bool:
    expires = facts.user.baitiao.temporary_limit.expires_on
    return expires is None or end_of(expires) > facts.now


def free_limit(facts: Facts) -> Fen:
    """What can be spent on anything: credit limit − used + valid temporary limit; may be negative."""
    baitiao = facts.user.baitiao
    return Fen(baitiao.credit_limit - baitiao.used + (baitiao.temporary_limit.amount if _temporary_valid(facts) else 0))


def available_limit(facts: Facts) -> Fen:
    """What can be spent on the order: the free limit + the exclusive limit as far as its goods need it; may be negative."""
    exclusive = facts.user.baitiao.exclusive_limit
    return Fen(
        free_limit(facts) + min(exclusive.amount, sum(line_financed(each) for each in facts.lines if each.item.sku in exclusive.skus))
    )


def expired_temporary_covers(facts: Facts) -> bool:
    """Whether a temporary limit that has expired would have covered what is missing."""
    if _temporary_valid(facts):
        return False
    return available_limit(facts) + facts.user.baitiao.temporary_limit.amount >= amount_to_finance(facts)


def common_tenors(facts: Facts) -> tuple[int, ...]:
    """The tenors of the plan table that every line offers, ascending."""
    table = sorted(plan.tenor for plan in facts.plans)
    return tuple(tenor for tenor in table if all(tenor in line.item.tenors for line in facts.lines))


def missing_tenors(facts: Facts) -> tuple[int, ...]:
    """The tenors of the plan table that some line does not offer, ascending."""
    offered = common_tenors(facts)
    return tuple(sorted(plan.tenor for plan in facts.plans if plan.tenor not in offered))


def bill_amount(facts: Facts) -> Decimal | None:
    """What of the bill may be split, in fen, exact: (amount − in_installments) × the smallest bill_max_ratio in force."""
    if facts.bill is None:
        return None
    ratios = [policy.ratio for policy in facts.policies_in_force if policy.kind == "bill_max_ratio" and policy.ratio is not None]
    return Decimal(facts.bill.amount - facts.bill.in_installments) * min(ratios, default=Decimal(1))


def restoration_due(facts: Facts) -> datetime | None:
    """When the configured wait after the last repayment is over; None without a policy or a repayment."""
    waits = [policy.hours for policy in facts.policies_in_force if policy.kind == "restoration_wait" and policy.hours is not None]
    cleared = facts.user.baitiao.overdue_cleared_at
    if not waits or cleared is None:
        return None
    start = cleared if isinstance(cleared, datetime) else end_of(cleared)
    return start + timedelta(hours=max(waits))


def spendings(facts: Facts) -> tuple[Spending, ...]:
    """One row per category of the order, in order of appearance."""
    amounts: dict[str, int] = {}
    categories: dict[str, Category] = {}
    for line in facts.lines:
        categories.setdefault(line.category.id, line.category)
        amounts[line.category.id] = amounts.get(line.category.id, 0) + line_amount(line)
    spent = facts.user.baitiao.monthly_spent
    return tuple(Spending(categories[key], Fen(amount), Fen(amount + spent.get(key, 0))) for key, amount in amounts.items())


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
