"""What a customer is told of incidents and maintenance before they ask: those, and only those, on which their own diagnosis rests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from actions.core.case import Case
from actions.core.causes import Cause
from actions.core.derived import scope_of
from actions.core.diagnosis import Found, diagnose
from actions.core.facts import Facts
from actions.core.moments import Moment, is_over, local
from actions.core.opening import looked_at, only_unpaid
from actions.core.platform import Incident, Maintenance
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill

MOST_NOTICES = 8
"""Of one customer: more than that nobody reads."""

Kind = Literal["incident", "maintenance"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The scopes whose rows are told of."""


@dataclass(frozen=True)
class PlatformNotice:
    """An incident or a maintenance window that holds for one customer.

    Attributes:
        id: of the row of the world.
        cause: the cause that rests on it, and ``subject`` what it was found for.
        severity: of an incident; None for a window, which is planned.
        since: when it began; ``eta`` when it is said to end, None if that is not known, or was to be before now.
    """

    id: str
    kind: Kind
    cause: str
    subject: Subject
    severity: str | None
    text: str
    since: Moment
    eta: Moment | None

    def to_json(self, subscribed: bool) -> dict[str, Any]:
        """As clients receive it.

        Args:
            subscribed: whether the customer is told of its end.
        """
        return {
            "id": self.id,
            "kind": self.kind,
            "severity": self.severity,
            "text": self.text,
            "since": _written(self.since),
            "eta": None if self.eta is None else _written(self.eta),
            "subscribed": subscribed,
        }


def first_looked_at(facts: Facts, token_order: str | None, case: Case) -> Facts:
    """A customer's state about what their first screen is about.

    Args:
        token_order: the order on the page.
        case: as it was left.
    """
    return facts.about(looked_at(case, token_order) or only_unpaid(facts.orders, facts.bills))


def notices_of(facts: Facts, knowledge: Knowledge) -> tuple[PlatformNotice, ...]:
    """What is told, what blocks before what only limits, and of these what began first."""
    causes = [cause for cause in knowledge.causes.values() if _is_of_the_platform(cause)]
    diagnosis = diagnose(facts, causes)
    told = {each.id: each for found in (*diagnosis.blocks, *diagnosis.limits) for each in _of(found, facts, knowledge)}
    return tuple(told.values())


def _is_of_the_platform(cause: Cause) -> bool:
    return any(scope_of(name) in KINDS for name in cause.evidence)


def _of(found: Found, facts: Facts, knowledge: Knowledge) -> Iterator[PlatformNotice]:
    for kind in KINDS:
        for row in (row for scope, row in found.matches if scope == kind):
            # What the cause says is said where nobody has written a notice.
            text = row.notice.strip() or fill(found.cause.summary, Values(facts, [(kind, row)]), knowledge.locale) or found.cause.title
            begun, end = _times(row)
            severity = row.severity if isinstance(row, Incident) else None
            eta = None if end is None or is_over(end, facts.now) else end
            yield PlatformNotice(row.id, kind, found.cause.id, facts.subject, severity, text, begun, eta)


def _times(row: Incident | Maintenance) -> tuple[Moment, Moment | None]:
    return (row.started_at, row.eta) if isinstance(row, Incident) else (row.starts_at, row.ends_at)


def _written(moment: Moment) -> str:
    return (local(moment) if isinstance(moment, datetime) else moment).isoformat()
