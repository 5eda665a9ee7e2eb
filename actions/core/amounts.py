"""What a snapshot comes to: amounts, limits, tenors and dates that are computed from its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from actions.core.facts import Facts, Line
from actions.core.moments import end_of, later
from actions.core.money import Fen, share_rounded_up
from actions.core.platform import Category, Policy
from actions.core.records import Order


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


def payable(order: Order, lines: Iterable[Line]) -> Fen:
    """The same of an order that is not the subject."""
    return Fen(max(0, sum(map(line_amount, lines)) - order.discount))


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


def missing_for(facts: Facts, policy: Policy) -> Fen | None:
    """What the order, or what of the bill may be split, lacks of the least that a rule asks for, rounded up to the fen; None if it lacks nothing."""
    held: Decimal | None = None
    if policy.kind == "min_amount" and facts.order is not None:
        held = Decimal(payable_amount(facts))
    if policy.kind == "bill_min_amount":
        held = bill_amount(facts)
    return None if held is None or policy.amount is None else _more_than_none(policy.amount - held)


def excess_over(facts: Facts, policy: Policy) -> Fen | None:
    """What the order, or this month's goods of a category, come to beyond the most that a rule allows; None if they do not."""
    held: int | None = None
    if policy.kind == "max_amount" and facts.order is not None:
        held = payable_amount(facts)
    if policy.kind == "monthly_cap":
        held = next((each.total for each in spendings(facts) if each.category.id == policy.category), None)
    return None if held is None or policy.amount is None else _more_than_none(Decimal(held - policy.amount))


def _more_than_none(gap: Decimal) -> Fen | None:
    return Fen(gap.to_integral_value(ROUND_CEILING)) if gap > 0 else None


def lines_within(facts: Facts) -> tuple[Line, ...]:
    """Those of several goods of the order that the limit covers alone, though not all together; none if it covers none or all."""
    available = available_limit(facts)
    within = tuple(line for line in facts.lines if line_financed(line) <= available)
    return within if len(facts.lines) > 1 and amount_to_finance(facts) > available else ()


def restoration_due(facts: Facts) -> datetime | None:
    """When the configured wait after the last repayment is over; None without a policy or a repayment."""
    waits = [policy.hours for policy in facts.policies_in_force if policy.kind == "restoration_wait" and policy.hours is not None]
    cleared = facts.user.baitiao.overdue_cleared_at
    if not waits or cleared is None:
        return None
    start = cleared if isinstance(cleared, datetime) else end_of(cleared)
    return later(start, max(waits))


def spendings(facts: Facts) -> tuple[Spending, ...]:
    """One row per category of the order, in order of appearance."""
    amounts: dict[str, int] = {}
    categories: dict[str, Category] = {}
    for line in facts.lines:
        categories.setdefault(line.category.id, line.category)
        amounts[line.category.id] = amounts.get(line.category.id, 0) + line_amount(line)
    spent = facts.user.baitiao.monthly_spent
    return tuple(Spending(categories[key], Fen(amount), Fen(amount + spent.get(key, 0))) for key, amount in amounts.items())
