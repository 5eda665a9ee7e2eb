"""Which order or bill a complaint is about: the token's order, else the one described, else the only unpaid one, else it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from actions.core.amounts import line_amount
from actions.core.facts import Line
from actions.core.money import fen_named
from actions.core.records import Bill, Order
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import Turn

BILL_COMPLAINT = "bill_installment_missing"
NO_ORDER = "none"
_TELLING = 3
"""Characters of a title that suffice to recognise it."""

OwnOrder = Tuple[Order, Tuple[Line, ...]]


@dataclass(frozen=True)
class Ask:
    """The subject has to be asked for."""

    orders: Tuple[OwnOrder, ...]


def resolve(turn: Turn, intent: str, orders: Sequence[OwnOrder], bills: Sequence[Bill]) -> Subject | Ask:
    """Finds the subject of a complaint.

    Args:
        turn: the customer's message, the token's order, and the case, which remembers a choice made under the same token.
        intent: the complaint.
        orders: the customer's own orders, newest first.
        bills: the customer's own bills.
    """
    own = {order.id for order, _ in orders}
    chosen = turn.entity("order")
    if chosen == NO_ORDER:
        return ACCOUNT
    if chosen is not None and chosen in own:
        return Subject("order", chosen)
    chosen_bill = turn.entity("bill")
    if chosen_bill is not None and chosen_bill in {bill.id for bill in bills}:
        return Subject("bill", chosen_bill)
    corrected = turn.has("cue_not_this_order")
    if intent == BILL_COMPLAINT and bills and not corrected:
        return Subject("bill", _bill(bills).id)
    case = turn.case
    # Who turns away from a bill has rejected no order.
    held = case.subject or ACCOUNT
    rejected = (held.order or turn.token_order) if corrected and held.bill is None else None
    others = tuple(entry for entry in orders if entry[0].id != rejected)
    found = described(turn, others)
    if corrected:
        return Subject("order", found) if found else Ask(others)
    if held.order in own and case.token_order == turn.token_order and not (found and not turn.token_order):
        return held
    if turn.token_order:
        return Subject("order", turn.token_order)
    if found:
        return Subject("order", found)
    unpaid = [order.id for order, _ in orders if order.status == "unpaid"]
    if len(unpaid) == 1:
        return Subject("order", unpaid[0])
    return Ask(tuple(orders)) if orders else ACCOUNT


def _bill(bills: Sequence[Bill]) -> Bill:
    """The latest issued without tenor, else latest issued, else latest open, else latest settled; ties by id."""

    def rank(bill: Bill) -> int:
        if bill.status == "issued":
            return 0 if bill.tenor is None else 1
        return 2 if bill.status == "open" else 3

    best = min(rank(bill) for bill in bills)
    latest = max(bill.month for bill in bills if rank(bill) == best)
    return min((bill for bill in bills if rank(bill) == best and bill.month == latest), key=lambda bill: bill.id)


def described(turn: Turn, orders: Sequence[OwnOrder]) -> Optional[str]:
    """The only order that fits what the message says of amount, goods, category and merchant."""
    words = [value for name in ("item", "category", "merchant") for value in turn.entities.get(name, ())]
    amounts = {amount for amount in map(fen_named, turn.entities.get("amount", ())) if amount is not None}
    fitting = [
        order.id
        for order, lines in orders
        if (words or amounts)
        and all(any(_speaks_of(word, line) for line in lines) for word in words)
        and (not amounts or _amounts_of(lines) & amounts)
    ]
    if not words and not amounts:
        # The glossary does not know every name, but the customer's own orders do.
        fitting = [order.id for order, lines in orders if any(_is_named_in(turn.text, line) for line in lines)]
    return fitting[0] if len(fitting) == 1 else None


def _is_named_in(text: str, line: Line) -> bool:
    if any(name and name in text for name in (line.category.name, line.merchant.name)):
        return True
    title = line.item.title
    pieces = (title[start : start + _TELLING] for start in range(len(title) - _TELLING + 1))
    return any(piece.isalpha() and piece in text for piece in pieces)


def _speaks_of(word: str, line: Line) -> bool:
    names = (line.item.title, line.item.sku, line.item.category, line.category.name, line.merchant.id, line.merchant.name)
    return any(word.lower() in name.lower() for name in names)


def _amounts_of(lines: Sequence[Line]) -> set[int]:
    return {int(sum(line_amount(line) for line in lines)), *(int(line.item.price) for line in lines)}
