"""The snapshot as a condition or a text sees it: with the row that each open scope stands at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from actions.core.amounts import Spending
from actions.core.disturbances import Incident, Maintenance
from actions.core.facts import Facts, Line, OwnOrder
from actions.core.policies import Policy
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
