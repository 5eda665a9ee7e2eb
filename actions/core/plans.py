"""What paying in installments costs: periods that add up to the fen, total, and the nominal annual rate.

The annual rate is the internal rate of return of the schedule times twelve, as China's rule on showing the all-in cost of personal loans
asks for an annualised figure wherever a cost is named (in force since 2026-08-01).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from actions.core.amounts import amount_to_finance, bill_amount, common_tenors, line_financed
from actions.core.facts import Facts, Line
from actions.core.moments import end_of, is_over
from actions.core.money import Fen, yuan_number
from actions.core.platform import Plan
from actions.core.records import Bill, Contract, Repayment

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class PricedPlan:
    """One tenor with its cost.

    Attributes:
        amount: what is financed, in fen.
        payments: what is due in each period, in fen; the last one carries the rounding.
        fee_total: all fees, in fen.
        apr: nominal annual rate as a ratio (0.109 is 10.9 %).
    """

    tenor: int
    amount: int
    payments: tuple[int, ...]
    fee_total: int
    apr: float

    @property
    def per_period(self) -> int:
        """The regular payment, in fen."""
        return self.payments[0]

    @property
    def total(self) -> int:
        """Everything to be paid, in fen."""
        return self.amount + self.fee_total

    def to_data(self) -> dict[str, Any]:
        """The plan in the widget contract's words."""
        return {
            "tenor": self.tenor,
            "per_period": yuan_number(self.per_period),
            "fee_total": yuan_number(self.fee_total),
            "total": yuan_number(self.total),
            "apr": round(self.apr, 4),
        }


@lru_cache(maxsize=4096)
def annual_rate(amount: int, payments: tuple[int, ...]) -> float:
    """Nominal annual rate of monthly payments, as a ratio.

    Args:
        amount: what is financed, in fen, greater than 0.
        payments: what is paid each month, in fen.
    """
    if sum(payments) <= amount:
        return 0.0
    from numpy_financial import irr  # numpy is slow to import, and a diagnosis without plans does not need it

    return float(irr([-amount, *payments])) * MONTHS_A_YEAR


def fee_of(amount: int, tenor: int, fee_rate: Decimal) -> int:
    """All fees of an amount in fen: its share per period, for as many periods, rounded to the fen."""
    return int((amount * fee_rate * tenor).to_integral_value(rounding=ROUND_HALF_UP))


def price_plan(amount: int, tenor: int, fee_rate: Decimal, free_amount: int = 0) -> PricedPlan:
    """Prices one tenor.

    Args:
        amount: what is financed, in fen, greater than 0.
        tenor: number of monthly periods, at least 1.
        fee_rate: fee per period as a ratio of the principal.
        free_amount: the part of ``amount``, in fen, that an interest-free offer covers.
    """
    fee_total = fee_of(amount - free_amount, tenor, fee_rate)
    regular, remainder = divmod(amount + fee_total, tenor)
    payments = (regular,) * (tenor - 1) + (regular + remainder,)
    return PricedPlan(tenor, amount, payments, fee_total, annual_rate(amount, payments))


def price_amount(amount: int, table: Iterable[Plan], tenor: int | None = None) -> tuple[PricedPlan, ...]:
    """Prices an amount by the plan table, for one tenor or for all, ascending; empty when the table lacks the tenor."""
    rows = sorted((plan for plan in table if tenor in (None, plan.tenor)), key=lambda plan: plan.tenor)
    return tuple(price_plan(amount, plan.tenor, plan.fee_rate_per_period) for plan in rows) if amount > 0 else ()


def plans_for(facts: Facts) -> tuple[PricedPlan, ...]:
    """The plans the subject of a snapshot has: what all lines of an order offer, or the table for a bill; none for the account alone."""
    if facts.bill is not None:
        return price_amount(int(bill_amount(facts) or 0), facts.plans)
    amount = amount_to_finance(facts)
    if facts.order is None or amount <= 0:
        return ()
    rates = {int(plan.tenor): plan.fee_rate_per_period for plan in facts.plans}
    return tuple(price_plan(amount, tenor, rates[tenor], _free_amount(facts, tenor)) for tenor in common_tenors(facts))


def _free_amount(facts: Facts, tenor: int) -> int:
    # A discount is taken off every line in proportion.
    free = sum(line_financed(line) for line in facts.lines if _is_free(facts, line, tenor))
    return free * amount_to_finance(facts) // sum(map(line_financed, facts.lines))


def _is_free(facts: Facts, line: Line, tenor: int) -> bool:
    offer = line.item.interest_free
    return tenor in offer.tenors and not (offer.until is not None and is_over(offer.until, facts.now))


def posted_to(facts: Facts, bill: Bill) -> tuple[Repayment, ...]:
    """The repayments of a bill that have arrived."""
    return tuple(each for each in facts.repayments if each.bill == bill.id and each.status == "posted")


def bill_left(facts: Facts, bill: Bill) -> Fen:
    """What is still to be paid of a bill itself: nothing once it is settled, or split, which makes a contract of it."""
    if bill.status == "settled" or bill.tenor is not None:
        return Fen(0)
    return Fen(max(0, bill.amount - sum(each.amount for each in posted_to(facts, bill))))


def pending_to(facts: Facts, bill: Bill) -> tuple[Repayment, ...]:
    """The repayments of a bill that are on their way."""
    return tuple(each for each in facts.repayments if each.bill == bill.id and each.status == "processing")


def bill_missing(facts: Facts, bill: Bill) -> Fen:
    """What is still to be paid of a bill once the repayments on their way have arrived."""
    return Fen(max(0, bill_left(facts, bill) - sum(each.amount for each in pending_to(facts, bill))))


def due_bills(facts: Facts) -> tuple[Bill, ...]:
    """The issued bills of which something is to be paid, by due date."""
    due = [bill for bill in facts.bills if bill.status == "issued" and bill_left(facts, bill) > 0]
    return tuple(sorted(due, key=lambda bill: (bill.due_on is None, bill.due_on and end_of(bill.due_on), bill.id)))


def running_contracts(facts: Facts) -> tuple[Contract, ...]:
    """The contracts under way, what is due next first."""
    return tuple(contract for contract in facts.contracts if contract.status == "active")


def contract_fee(contract: Contract) -> Fen:
    """All fees of a contract, paid or not."""
    return Fen(fee_of(contract.amount, contract.tenor, contract.fee_rate_per_period))


def left_periods(contract: Contract) -> int:
    """How many periods are still to be paid; none once a contract is over."""
    return max(0, contract.tenor - max(0, contract.paid_periods)) if contract.status == "active" else 0


def contract_left(contract: Contract) -> Fen:
    """What is still to be paid of a contract with its fees; the last period carries the rounding."""
    total = contract.amount + contract_fee(contract)
    periods = left_periods(contract)
    return Fen(total - (contract.tenor - periods) * (total // contract.tenor)) if periods else Fen(0)


def lines_of(facts: Facts, order_id: str | None) -> tuple[Line, ...]:
    """The lines of one of the customer's orders; none if it is no order of theirs."""
    return next((each.lines for each in facts.orders if each.order.id == order_id), ())
