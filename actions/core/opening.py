"""What a first screen says before the customer has said anything: read off the state and the case, and nothing is changed by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis
from actions.core.facts import OwnOrder
from actions.core.fixers import changed_by
from actions.core.records import Bill
from actions.core.subject import ACCOUNT, Subject

Standing = Literal["blocked", "limited", "clear", "unknown", "person"]
"""What is found: something blocks or only limits the option, nothing does, it is not known what the customer looks at, or a person has the case."""


@dataclass(frozen=True)
class Progress:
    """Where a case stopped.

    Attributes:
        cause: id of the cause.
        step: the step that is with the customer, from 1, of so many ``steps``.
    """

    cause: str
    step: int
    steps: int


def looked_at(case: Case, token_order: str | None) -> Subject | None:
    """What the customer looks at: what their case is about under the same token, else the token's order; None if neither says so."""
    if case.subject is not None and case.subject != ACCOUNT and case.token_order == token_order:
        return case.subject
    return Subject("order", token_order) if token_order is not None else None


def only_unpaid(orders: Sequence[OwnOrder], bills: Sequence[Bill]) -> Subject:
    """What is meant where nothing is named: the only order that is not paid yet; without such orders the only bill that is not settled; else the account."""
    unpaid = [Subject("order", order.id) for order, _ in orders if order.status == "unpaid"]
    left = unpaid or [Subject("bill", bill.id) for bill in bills if bill.status != "settled"]
    return left[0] if len(left) == 1 else ACCOUNT


def standing(case: Case, diagnosis: Diagnosis) -> Standing:
    """What a first screen says of the state."""
    if case.phase == "handed_over":
        return "person"
    if diagnosis.blocks:
        return "blocked"
    if diagnosis.facts.subject == ACCOUNT:
        return "unknown"
    return "limited" if diagnosis.found else "clear"


def progress(case: Case, diagnosis: Diagnosis) -> Progress | None:
    """Where the case stopped, if it is about what the customer looks at and its cause still holds."""
    found = diagnosis.get(case.cause)
    if case.phase != "doing" or found is None or case.subject != diagnosis.facts.subject or not found.cause.steps:
        return None
    return Progress(found.cause.id, min(case.step + 1, len(found.cause.steps)), len(found.cause.steps))


def begins_with(diagnosis: Diagnosis) -> str | None:
    """The cause that the customer would begin with: the first block, if every block is theirs to change."""
    if not diagnosis.blocks or any(changed_by(found, diagnosis.facts) != "user" for found in diagnosis.blocks):
        return None
    return diagnosis.blocks[0].cause.id
