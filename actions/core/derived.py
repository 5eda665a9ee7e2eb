"""Derived facts: what is computed from the world, which world facts prove it, and the view of a snapshot with the rows that scopes range over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from actions.core.amounts import (
    Spending,
    amount_to_finance,
    available_limit,
    bill_amount,
    common_tenors,
    down_payment,
    excess_over,
    expired_temporary_covers,
    free_limit,
    line_amount,
    line_excluded,
    lines_within,
    missing_for,
    missing_tenors,
    order_amount,
    payable_amount,
    restoration_due,
    spendings,
)
from actions.core.facts import Facts, Line, OwnOrder
from actions.core.fields import Kind
from actions.core.moments import day_of, today, whole_years
from actions.core.money import Fen
from actions.core.plans import (
    bill_left,
    bill_missing,
    contract_fee,
    contract_left,
    due_bills,
    left_periods,
    lines_of,
    pending_to,
    posted_to,
    running_contracts,
)
from actions.core.platform import Incident, Maintenance, Policy
from actions.core.records import Bill, Contract, LimitChange, Refund, Repayment


@dataclass(frozen=True)
class View:
    """The snapshot and the row each open scope stands at."""

    facts: Facts
    line: Line | None = None
    policy: Policy | None = None
    incident: Incident | None = None
    maintenance: Maintenance | None = None
    spending: Spending | None = None
    own_order: OwnOrder | None = None
    own_bill: Bill | None = None
    contract: Contract | None = None
    repayment: Repayment | None = None
    refund: Refund | None = None
    last_repayment: Repayment | None = None
    last_refund: Refund | None = None
    limit_change: LimitChange | None = None

    def at(self, scope: str, row: Any) -> View:
        """The same view with one more scope open."""
        # As `replace` does, which takes several times as long; a diagnosis opens hundreds of scopes.
        view = object.__new__(View)
        vars(view).update(vars(self), **{scope: row})
        return view


SCOPES: dict[str, Callable[[Facts], tuple[Any, ...]]] = {
    "line": lambda facts: facts.lines,
    "policy": lambda facts: facts.policies_in_force,
    "incident": lambda facts: facts.open_incidents,
    "maintenance": lambda facts: facts.current_maintenance,
    "spending": spendings,
    "own_order": lambda facts: facts.orders,
    "own_bill": lambda facts: facts.bills,
    "contract": lambda facts: facts.contracts,
    "repayment": lambda facts: facts.repayments,
    "refund": lambda facts: facts.refunds,
    "last_repayment": lambda facts: facts.repayments[:1],
    "last_refund": lambda facts: facts.refunds[:1],
    "limit_change": lambda facts: facts.user.baitiao.limit_changes[::-1],
}
"""The rows of each scope: of the subject's order, of what is in force, and of all that the customer has; a text speaks of the first of
them first, so the latest come first, and of contracts the one that is due next."""

_SCOPE_OF_PREFIX = {"item": "line", "category": "line", "merchant": "line"}


@cache
def scope_of(name: str) -> str | None:
    """The scope that must be open for a name to mean something, or None."""
    prefix = name.partition(".")[0]
    scope = _SCOPE_OF_PREFIX.get(prefix, prefix)
    return scope if scope in SCOPES else None


def rows_behind(scope: str, view: View) -> tuple[Any, ...]:
    """The rows of a scope that a fact computed over all of them rests on, in a view: of a category of the order its lines only."""
    if scope == "line" and view.spending is not None:
        return tuple(line for line in view.facts.lines if line.category.id == view.spending.category.id)
    return SCOPES[scope](view.facts)


Rows = Callable[[View], tuple[Any, ...]]


@dataclass(frozen=True)
class Derived:
    """A fact that is computed.

    Attributes:
        inputs: the facts that prove it. Those of a scope that is not open are collected over its rows; one that ends in ``?`` proves
            nothing where it is zero or not there.
        behind: by scope, the rows whose facts prove it, where those are not all rows of the scope, or not the one a view is at.
    """

    kind: Kind
    value: Callable[[View], Any]
    inputs: tuple[str, ...]
    behind: Mapping[str, Rows] = field(default_factory=dict)


def _of_order(compute: Callable[[Facts], Any]) -> Callable[[View], Any]:
    return lambda view: compute(view.facts) if view.facts.order is not None else None


Row = TypeVar("Row")


def _of(scope: str, compute: Callable[[Any], Any]) -> Callable[[View], Any]:
    """A fact of the row at which a view stands."""
    return lambda view: None if getattr(view, scope) is None else compute(getattr(view, scope))


def _first(rows: Callable[[Facts], tuple[Row, ...]], compute: Callable[[Facts, Row], Any]) -> Callable[[View], Any]:
    """A fact of the first of some rows, if there is one."""
    return lambda view: next((compute(view.facts, row) for row in rows(view.facts)), None)


def _titles(lines: Iterable[Line]) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(line.item.title for line in lines)) or None


def _lines_behind(scope: str) -> Mapping[str, Rows]:
    """The lines of the order that a row names."""
    return {"line": lambda view: lines_of(view.facts, getattr(view, scope).order)}


def _of_policy(compute: Callable[[Facts, Policy], Any]) -> Callable[[View], Any]:
    """A fact of what is looked at beside the rule at which a view stands."""
    return lambda view: None if view.policy is None else compute(view.facts, view.policy)


def _days_left(facts: Facts) -> int | None:
    """How many days there are until the first bill with something left to pay is due; None on that day and behind it."""
    due = next((bill.due_on for bill in due_bills(facts)), None)
    days = 0 if due is None else (day_of(due) - today(facts.now)).days
    return days if days > 0 else None


def _excluded(lines: tuple[Line, ...]) -> list[bool]:
    return [line_excluded(line) for line in lines]


POLICY_INPUT = re.compile(r"policies\[(\w+)\]\.(\w+)")
"""An input of every policy in force of one kind."""

OPTIONAL_INPUT = re.compile(r"\?$")
"""The end of an input that proves nothing where it is zero or not there."""

_FREE_LIMIT_INPUTS = ("baitiao.credit_limit", "baitiao.used", "baitiao.temporary_limit.amount", "baitiao.temporary_limit.expires_on")
_LIMIT_INPUTS = (*_FREE_LIMIT_INPUTS, "baitiao.exclusive_limit.amount")
_DUE: Mapping[str, Rows] = {"own_bill": lambda view: due_bills(view.facts)}
_FIRST_DUE: Mapping[str, Rows] = {"own_bill": lambda view: due_bills(view.facts)[:1]}
_FIRST_PENDING: Mapping[str, Rows] = {
    "repayment": lambda view: tuple(each for bill in due_bills(view.facts)[:1] for each in pending_to(view.facts, bill))
}
_RUNNING: Mapping[str, Rows] = {"contract": lambda view: running_contracts(view.facts)}
_FIRST_RUNNING: Mapping[str, Rows] = {"contract": lambda view: running_contracts(view.facts)[:1]}
_PRICE = ("contract.amount", "contract.tenor", "contract.fee_rate_per_period")
_EXCLUSION_INPUTS = ("category.installment", "item.installment", "item.promotion_excluded")

DERIVED: dict[str, Derived] = {
    "now": Derived("moment", lambda view: view.facts.now, ()),
    "today": Derived("moment", lambda view: today(view.facts.now), ()),
    "age": Derived("number", lambda view: whole_years(view.facts.user.birth_date, today(view.facts.now)), ("birth_date",)),
    "order.amount": Derived("money", _of_order(order_amount), ("order.lines", "item.price")),
    "order.payable": Derived("money", _of_order(payable_amount), ("order.lines", "item.price", "order.discount?")),
    "order.amount_to_finance": Derived(
        "money", _of_order(amount_to_finance), ("order.lines", "item.price", "item.min_down_payment", "order.discount?")
    ),
    "order.pieces": Derived("number", _of_order(lambda facts: sum(line.quantity for line in facts.lines)), ("order.lines",)),
    "order.down_payment": Derived("money", _of_order(down_payment), ("item.price", "item.min_down_payment")),
    "order.goods": Derived("list", _of_order(lambda facts: _titles(facts.lines)), ("item.title",)),
    "order.all_lines_excluded": Derived(
        "flag", _of_order(lambda facts: bool(facts.lines) and all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.some_lines_excluded": Derived(
        "flag", _of_order(lambda facts: any(_excluded(facts.lines)) and not all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.tenors": Derived("list", _of_order(common_tenors), ("item.tenors",)),
    "order.missing_tenors": Derived("list", _of_order(missing_tenors), ("item.tenors",)),
    "line.amount": Derived("money", lambda view: view.line and line_amount(view.line), ("item.price",)),
    "line.excluded": Derived("flag", lambda view: view.line and line_excluded(view.line), _EXCLUSION_INPUTS),
    "baitiao.available": Derived("money", lambda view: free_limit(view.facts), _FREE_LIMIT_INPUTS),
    "limit.available": Derived("money", _of_order(available_limit), _LIMIT_INPUTS),
    "limit.missing": Derived(
        "money", _of_order(lambda facts: Fen(max(0, amount_to_finance(facts) - available_limit(facts)))), _LIMIT_INPUTS
    ),
    "limit.expired_temporary_covers": Derived("flag", _of_order(expired_temporary_covers), _LIMIT_INPUTS),
    "limit.goods_within": Derived("list", _of_order(lambda facts: _titles(lines_within(facts))), ("item.title", *_LIMIT_INPUTS)),
    "policy.missing": Derived("money", _of_policy(missing_for), ("policy.amount",)),
    "policy.excess": Derived("money", _of_policy(excess_over), ("policy.amount",)),
    "bill.amount_to_split": Derived(
        "money", lambda view: bill_amount(view.facts), ("bill.amount", "bill.in_installments", "policies[bill_max_ratio].ratio")
    ),
    "restoration.due": Derived("moment", lambda view: restoration_due(view.facts), ("baitiao.overdue_cleared_at",)),
    "spending.category": Derived("text", lambda view: view.spending and view.spending.category.id, ("category.id",)),
    "spending.category_name": Derived("text", lambda view: view.spending and view.spending.category.name, ("category.name",)),
    "spending.amount": Derived("money", lambda view: view.spending and view.spending.amount, ("item.price",)),
    "spending.total": Derived("money", lambda view: view.spending and view.spending.total, ("baitiao.monthly_spent", "item.price")),
    "own_order.amount": Derived(
        "money",
        _of("own_order", lambda own: Fen(sum(map(line_amount, own.lines)))),
        ("own_order.lines", "item.price"),
        {"line": lambda view: view.own_order.lines if view.own_order else ()},
    ),
    "own_order.goods": Derived(
        "list",
        _of("own_order", lambda own: _titles(own.lines)),
        ("item.title",),
        {"line": lambda view: view.own_order.lines if view.own_order else ()},
    ),
    "own_bill.left_amount": Derived(
        "money",
        lambda view: view.own_bill and bill_left(view.facts, view.own_bill),
        ("own_bill.amount", "own_bill.status", "repayment.amount"),
        {"repayment": lambda view: posted_to(view.facts, view.own_bill) if view.own_bill else ()},
    ),
    "due.count": Derived("number", lambda view: len(due_bills(view.facts)), ("own_bill.left_amount",), _DUE),
    "due.total": Derived(
        "money", lambda view: Fen(sum(bill_left(view.facts, bill) for bill in due_bills(view.facts))), ("own_bill.left_amount",), _DUE
    ),
    "due.next_on": Derived("moment", _first(due_bills, lambda _, bill: bill.due_on), ("own_bill.due_on",), _FIRST_DUE),
    "due.next_amount": Derived("money", _first(due_bills, bill_left), ("own_bill.left_amount",), _FIRST_DUE),
    "due.days_left": Derived("number", lambda view: _days_left(view.facts), ("own_bill.due_on",), _FIRST_DUE),
    "due.next_month": Derived("text", _first(due_bills, lambda _, bill: bill.month), ("own_bill.month",), _FIRST_DUE),
    "due.pending": Derived(
        "money",
        _first(due_bills, lambda facts, bill: Fen(sum(each.amount for each in pending_to(facts, bill)))),
        ("repayment.amount", "repayment.status"),
        _FIRST_PENDING,
    ),
    "due.missing": Derived(
        "money", _first(due_bills, bill_missing), ("own_bill.left_amount", "repayment.amount"), {**_FIRST_DUE, **_FIRST_PENDING}
    ),
    "contract.goods": Derived(
        "list",
        lambda view: view.contract and _titles(lines_of(view.facts, view.contract.order)),
        ("item.title",),
        _lines_behind("contract"),
    ),
    "contract.fee_total": Derived("money", _of("contract", contract_fee), _PRICE),
    "contract.left_periods": Derived("number", _of("contract", left_periods), ("contract.tenor", "contract.paid_periods")),
    "contract.left_amount": Derived("money", _of("contract", contract_left), (*_PRICE, "contract.paid_periods")),
    "contracts.count": Derived("number", lambda view: len(running_contracts(view.facts)), ("contract.status",), _RUNNING),
    "contracts.left_amount": Derived(
        "money", lambda view: Fen(sum(map(contract_left, running_contracts(view.facts)))), ("contract.left_amount",), _RUNNING
    ),
    "contracts.next_on": Derived(
        "moment", _first(running_contracts, lambda _, contract: contract.next_due_on), ("contract.next_due_on",), _FIRST_RUNNING
    ),
    "contracts.next_left_periods": Derived(
        "number",
        _first(running_contracts, lambda _, contract: left_periods(contract)),
        ("contract.tenor", "contract.paid_periods"),
        _FIRST_RUNNING,
    ),
    "contracts.next_amount": Derived(
        "money", _first(running_contracts, lambda _, contract: contract.next_amount), ("contract.next_amount",), _FIRST_RUNNING
    ),
    "refund.goods": Derived(
        "list", lambda view: view.refund and _titles(lines_of(view.facts, view.refund.order)), ("item.title",), _lines_behind("refund")
    ),
}
