"""The snapshot as a condition or a text sees it: with the row that each open scope stands at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Optional

from actions.core.amounts import Spending
from actions.core.disturbances import Incident, Maintenance
from actions.core.facts import Facts, Line
from actions.core.policies import Policy


@dataclass(frozen=True)
class View:
    """The snapshot and the row each open scope stands at."""

    facts: Facts
    line: Optional[Line] = None
    policy: Optional[Policy] = None
    incident: Optional[Incident] = None
    maintenance: Optional[Maintenance] = None
    spending: Optional[Spending] = None

    def at(self, scope: str, row: Any) -> View:
        """The same view with one more scope open."""
        return replace(self, **{scope: row})
