"""Which order or bill a complaint is about: the token's order, else the one described, else the only unpaid one, else it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actions.core.amounts import line_amount
from actions.core.facts import Line
from actions.core.money import fen_named
from actions.core.records import Bill, Order
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import Turn

BILL_COMPLAINT = "bill_installment_missing"
NO_ORDER, OTHER, EACH = "none", "other", "each"
MORE = "more:"
"""What a button for more choices sends in place of an order, before how many were offered."""
_TELLING, _TELLING_IN_ANSWER = 3, 2
"""Characters of a title that suffice to recognise it: anywhere, and in answer to the question which order is meant."""
_NEAR = 20
"""An amount is named roughly if it is not further off than this part of it."""

MOST_ASKED = 2
"""Times in a row that it is asked which order is meant: whoever complains on without saying it means the one on the page, or the newest."""

OwnOrder = tuple[Order, tuple[Line, ...]]
MEANS_ANOTHER = "cue_not_this_order"
"""The cue that the subject in hand is not the one that is meant."""
CHOICE = "choice"
"""The entity that says which one of several orders is meant: its place in the list, one of ``_COMPARED``, the ``OTHER`` of two, ``EACH`` of
them, or ``NO_ORDER``."""
_COMPARED: dict[str, Callable[[Sequence[OwnOrder]], OwnOrder]] = {
    "last": lambda orders: orders[-1],
    "dearest": lambda orders: max(orders, key=lambda entry: _total(entry[1])),
    "cheapest": lambda orders: min(orders, key=lambda entry: _total(entry[1])),
}


@dataclass(frozen=True)
class Ask:
    """The subject has to be asked for.

    Attributes:
        orders: that may be meant.
        bills: that may be meant, too.
        told: whether the customer wants to know first what there is with each of them.
        turned_from: the order or bill that it is not.
        after: how many were offered before.
    """

    orders: tuple[OwnOrder, ...]
    bills: tuple[Bill, ...] = ()
    told: bool = False
    turned_from: Subject | None = None
    after: int = 0

    @property
    def choices(self) -> tuple[OwnOrder | Bill, ...]:
        """Everything that may be meant: of what the customer has turned from first, each kind with the newest first."""
        from_bill = self.turned_from is not None and self.turned_from.bill is not None
        return (*self.bills, *self.orders) if from_bill else (*self.orders, *self.bills)


def others(turned_from: Subject | None, orders: Sequence[OwnOrder], bills: Sequence[Bill], after: int = 0) -> Ask:
    """Asks for another order or bill than the one that was looked at; for one of the orders if none was.

    Args:
        turned_from: what it is not.
        orders, bills: the customer's own, newest first.
        after: how many of them were offered before.
    """
    if turned_from is None:
        return Ask(tuple(orders), after=after)
    kept = tuple(entry for entry in orders if entry[0].id != turned_from.order)
    return Ask(kept, tuple(bill for bill in bills if bill.id != turned_from.bill), turned_from=turned_from, after=after)


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
    if chosen is not None and chosen.startswith(MORE) and chosen[len(MORE) :].isdecimal():
        return others(turn.case.turned_from, orders, bills, after=int(chosen[len(MORE) :]))
    if chosen is not None and chosen in own:
        return Subject("order", chosen)
    chosen_bill = turn.entity("bill")
    if chosen_bill is not None and chosen_bill in {bill.id for bill in bills}:
        return Subject("bill", chosen_bill)
    corrected = turn.has(MEANS_ANOTHER)
    if intent == BILL_COMPLAINT and bills and not corrected:
        return Subject("bill", _bill(bills).id)
    case = turn.case
    named_bill = bill_described(turn, bills)
    if named_bill is not None:
        return Subject("bill", named_bill)
    tired = case.asked_for >= MOST_ASKED and turn.intent == intent
    held, turned_from = case.subject or ACCOUNT, case.turned_from if case.phase == "asking_subject" else None
    rejected = turned_from.order if turned_from is not None else None
    if corrected:
        # Who turns away from a bill has rejected no order.
        rejected = (held.order or turn.token_order) if held.bill is None else None
    left = tuple(entry for entry in orders if entry[0].id != rejected)
    found = described(turn, left)
    if found == NO_ORDER:
        return ACCOUNT
    if found == EACH:
        return Ask(left, told=True)
    if corrected:
        from_it = held if held.bill is not None else Subject.of(order=rejected)
        return Subject("order", found) if found else others(None if from_it == ACCOUNT else from_it, orders, bills)
    if turned_from is not None and found:
        return Subject("order", found)
    if turned_from is not None and turned_from.order == turn.token_order:
        # The order on the page is the one that it is not, as long as there is another one to choose.
        again = others(turned_from, orders, bills)
        if again.choices and not tired:
            return again
    if held.order in own and case.token_order == turn.token_order and not (found and not turn.token_order):
        return held
    if turn.token_order:
        return Subject("order", turn.token_order)
    if found:
        return Subject("order", found)
    unpaid = [order.id for order, _ in orders if order.status == "unpaid"]
    if len(unpaid) == 1:
        return Subject("order", unpaid[0])
    if orders and tired:
        return Subject("order", orders[0][0].id)
    return Ask(tuple(orders)) if orders else ACCOUNT


def splittable(bills: Sequence[Bill]) -> Bill | None:
    """The latest issued bill that is not in installments already."""
    bill = _bill(bills) if bills else None
    return bill if bill is not None and bill.status == "issued" and bill.tenor is None else None


def _bill(bills: Sequence[Bill]) -> Bill:
    """The latest issued without tenor, else latest issued, else latest open, else latest settled; ties by id."""

    def rank(bill: Bill) -> int:
        if bill.status == "issued":
            return 0 if bill.tenor is None else 1
        return 2 if bill.status == "open" else 3

    best = min(rank(bill) for bill in bills)
    latest = max(bill.month for bill in bills if rank(bill) == best)
    return min((bill for bill in bills if rank(bill) == best and bill.month == latest), key=lambda bill: bill.id)


def described(turn: Turn, orders: Sequence[OwnOrder], in_answer: bool = False) -> str | None:
    """The only order that fits what the message says of amount, goods, category and merchant, or of its place among those that were offered.

    Args:
        in_answer: whether little else than an order can be meant, so that a part of a name or a rough amount suffices.
    """
    chosen = _chosen(turn, orders)
    if chosen is not None:
        return chosen
    answers = in_answer or turn.case.phase == "asking_subject"
    words = [value for name in ("item", "category", "merchant") for value in turn.entities.get(name, ())]
    amounts = {amount for amount in map(fen_named, turn.entities.get("amount", ())) if amount is not None}
    fitting = [
        order.id
        for order, lines in orders
        if (words or amounts)
        and all(any(_speaks_of(word, line) for line in lines) for word in words)
        and (not amounts or _amounts_of(lines) & amounts)
    ]
    if (not words and not amounts) or (answers and not fitting):
        # The glossary does not know every name, but the customer's own orders do.
        telling = _TELLING_IN_ANSWER if answers else _TELLING
        fitting = [order.id for order, lines in orders if any(_is_named_in(turn.text, line, telling) for line in lines)]
    if answers and not fitting:
        fitting = [order.id for order, lines in orders if any(_is_near(_total(lines), amount) for amount in amounts)]
    return fitting[0] if len(fitting) == 1 else None


def bill_described(turn: Turn, bills: Sequence[Bill]) -> str | None:
    """The only bill of the month that the message names, in answer to the question for another order or bill."""
    month = turn.entity("month") or ""
    if turn.case.phase != "asking_subject" or turn.case.turned_from is None or not month.isdecimal():
        return None
    fitting = [bill.id for bill in bills if int(bill.month[-2:]) == int(month) and bill.id != turn.case.turned_from.bill]
    return fitting[0] if len(fitting) == 1 else None


def is_singled_out(turn: Turn, orders: Sequence[OwnOrder]) -> bool:
    """Whether the message means one of several orders by its price, and the customer has only one: then it is that one."""
    return len(orders) == 1 and turn.entity(CHOICE) in _COMPARED


def lines_named(turn: Turn, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of an order whose goods the message names."""
    words = [value for name in ("item", "category") for value in turn.entities.get(name, ())]
    return tuple(
        line for line in lines if any(_speaks_of(word, line) for word in words) or _is_named_in(turn.text, line, _TELLING_IN_ANSWER)
    )


def _chosen(turn: Turn, orders: Sequence[OwnOrder]) -> str | None:
    """The order that is chosen by its place or its price, in answer to the question which one is meant."""
    choice = turn.entity(CHOICE)
    if choice == OTHER:
        held = turn.case.subject.order if turn.case.subject is not None else None
        others = [order.id for order, _ in orders if order.id != held]
        return others[0] if held is not None and len(others) == 1 else None
    if choice is None or turn.case.phase != "asking_subject" or not orders:
        return None
    if choice in (NO_ORDER, EACH):
        return choice
    if choice.isdecimal():
        return orders[int(choice) - 1][0].id if int(choice) <= len(orders) else None
    return _COMPARED[choice](orders)[0].id


def _total(lines: Sequence[Line]) -> int:
    return int(sum(line_amount(line) for line in lines))


def _is_near(amount: int, named: int) -> bool:
    return abs(amount - named) * _NEAR <= amount


def _is_named_in(text: str, line: Line, telling: int) -> bool:
    if any(name and name in text for name in (line.category.name, line.merchant.name)):
        return True
    title = line.item.title
    pieces = (title[start : start + telling] for start in range(len(title) - telling + 1))
    return any(piece.isalpha() and piece in text for piece in pieces)


def _speaks_of(word: str, line: Line) -> bool:
    names = (line.item.title, line.item.sku, line.item.category, line.category.name, line.merchant.id, line.merchant.name)
    return any(word.lower() in name.lower() for name in names)


def _amounts_of(lines: Sequence[Line]) -> set[int]:
    return {_total(lines), *(int(line.item.price) for line in lines)}
