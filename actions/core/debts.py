"""What a customer owes: what is due of bills, and the rest of contracts under way."""

from __future__ import annotations

from actions.core.facts import Facts, Line
from actions.core.moments import end_of
from actions.core.money import Fen
from actions.core.plans import fee_of
from actions.core.records import Bill, Contract, Repayment


def posted_to(facts: Facts, bill: Bill) -> tuple[Repayment, ...]:
    """The repayments of a bill that have arrived."""
    return tuple(each for each in facts.repayments if each.bill == bill.id and each.status == "posted")


def bill_left(facts: Facts, bill: Bill) -> Fen:
    """What is still to be paid of a bill itself: nothing once it is settled, or split, which makes a contract of it."""
    if bill.status == "settled" or bill.tenor is not None:
        return Fen(0)
    return Fen(max(0, bill.amount - sum(each.amount for each in posted_to(facts, bill))))


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
