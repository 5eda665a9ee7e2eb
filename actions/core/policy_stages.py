"""What becomes of a version of a policy: what people decide, which decision may follow which, and what the clock makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, get_args

from actions.core.moments import Moment, has_begun, is_over, start_of
from actions.core.platform import Policy

PolicyDecision = Literal[
    "draft",  # somebody writes it
    "submitted",  # its author is done and somebody else is to decide
    "approved",  # somebody else has approved it: it is written into the world
    "withdrawn",  # it is not to be
]
PolicyStatus = Literal["draft", "submitted", "approved", "scheduled", "in_force", "expired", "replaced", "withdrawn"]
"""As people see it: of an approved version the clock says more, ``approved`` stays only what has not come into the world or left it again."""
PolicyRisk = Literal["low", "medium", "high"]

RISKS: tuple[PolicyRisk, ...] = get_args(PolicyRisk)
OPEN: tuple[PolicyDecision, ...] = ("draft", "submitted")
"""Decisions of versions that are still under way; of one policy there is at most one such version."""
FOLLOWING: Mapping[PolicyDecision | None, tuple[PolicyDecision, ...]] = {
    None: ("draft",),
    "draft": ("submitted", "withdrawn"),
    # Who is to approve may send it back to its author.
    "submitted": ("approved", "draft", "withdrawn"),
    "approved": ("withdrawn",),
    "withdrawn": (),
}
"""What may follow each decision; None: before there is anything."""


class DecisionNotPossible(ValueError):
    """A decision cannot follow.

    Attributes:
        possible: those that can.
    """

    def __init__(self, decision: PolicyDecision | None, wanted: str, possible: tuple[PolicyDecision, ...]) -> None:
        super().__init__(f"{wanted} cannot follow {decision or 'nothing'}; what can: {', '.join(possible) or 'nothing'}")
        self.decision, self.wanted, self.possible = decision, wanted, possible


def decide(decision: PolicyDecision | None, wanted: PolicyDecision) -> PolicyDecision:
    """The decision that is wanted, if it can follow.

    Raises:
        DecisionNotPossible: it cannot.
    """
    possible = FOLLOWING[decision]
    if wanted not in possible:
        raise DecisionNotPossible(decision, wanted, possible)
    return wanted


def status_of(decision: PolicyDecision, policy: Policy, now: datetime, *, latest: bool, in_world: bool) -> PolicyStatus:
    """What a version is at an instant of the facts' clock.

    Args:
        decision: the last one about it.
        policy: what it says.
        now: the instant.
        latest: whether no later version of the same policy is approved.
        in_world: whether the world has it as it says.
    """
    if decision != "approved":
        return decision
    if not latest:
        return "replaced"
    if not in_world:
        return "approved"
    if policy.effective_to is not None and is_over(policy.effective_to, now):
        return "expired"
    return "in_force" if has_begun(policy.effective_from, now) else "scheduled"


def last_before(start: Moment) -> Moment:
    """The end of what another follows that begins at a moment: the day before a day, for a day lasts until its end; an instant is one."""
    return start if isinstance(start, datetime) else date.fromordinal(start.toordinal() - 1)


def ends_before(end: Moment | None, start: Moment) -> bool:
    """Whether an end is over when something begins; what has no end never is."""
    return end is not None and is_over(end, start_of(start))
