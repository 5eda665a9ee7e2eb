"""The snapshot as a condition or a text sees it: with the row that each open scope stands at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actions.core.amounts import Spending, spendings
from actions.core.facts import Facts, Line, OwnOrder
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
    limit_change: LimitChange | None = None

    def at(self, scope: str, row: Any) -> View:
        """The same view with one more scope open."""
        return replace(self, **{scope: row})


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
    "limit_change": lambda facts: facts.user.baitiao.limit_changes[::-1],
}
"""The rows of each scope: of the subject's order, of what is in force, and of all that the customer has; a text speaks of the first of
them first, so the latest come first, and of contracts the one that is due next."""

_SCOPE_OF_PREFIX = {"item": "line", "category": "line", "merchant": "line"}


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
