"""The snapshot as a condition or a text sees it: with the row that each open scope stands at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Optional

from actions.core.amounts import Spending
from actions.core.disturbances import Incident, Maintenance
from actions.core.facts import Facts, Line, OwnOrder
from actions.core.policies import Policy
from actions.core.records import Bill, Contract, LimitChange, Refund, Repayment


@dataclass(frozen=True)
class View:
    """The snapshot and the row each open scope stands at."""

    facts: Facts
    line: Optional[Line] = None
    policy: Optional[Policy] = None
    incident: Optional[Incident] = None
    maintenance: Optional[Maintenance] = None
    spending: Optional[Spending] = None
    own_order: Optional[OwnOrder] = None
    own_bill: Optional[Bill] = None
    contract: Optional[Contract] = None
    repayment: Optional[Repayment] = None
    refund: Optional[Refund] = None
    limit_change: Optional[LimitChange] = None

    def at(self, scope: str, row: Any) -> View:
        """The same view with one more scope open."""
        return replace(self, **{scope: row})
