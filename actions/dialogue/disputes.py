"""What the customer says against the record: remembered for the person who takes the case, and told to whoever has been called already.

A person who takes the case reads that first: a customer who says that they have paid must not be told once more to pay.
"""

from __future__ import annotations

from collections.abc import Iterator

from actions.core.case import Dispute
from actions.core.derived import View
from actions.dialogue.context import TurnContext

MOST = 6
"""Remembered of one case; of more, the latest."""


def note(context: TurnContext) -> None:
    """Remembers what of the message is said against the record."""
    message, case = context.turn.message, context.case
    if message is None:
        return
    told = case.cause or next(iter(case.causes), None)
    found = [Dispute(name, message, told, len(case.tried)) for name in dict.fromkeys([*_claims(context), *_doubts(context, told)])]
    if not found:
        return
    context.remember(disputes=(*case.disputes, *found)[-MOST:])
    for each in found:
        context.desk.note_dispute(context.turn.user_id, each)


def _claims(context: TurnContext) -> Iterator[str]:
    """What the customer says of their own state that the record shows otherwise; where it cannot tell, nobody contradicts."""
    known = context.knowledge.claims
    for name in context.turn.claims:
        if name not in known:
            continue
        view, claim = View(context.facts()), known[name]
        if not (claim.unknown is not None and claim.unknown.holds(view)) and not claim.when.holds(view):
            yield name


def _doubts(context: TurnContext, told: str | None) -> Iterator[str]:
    """Sub-questions that doubt what was told, if anything was."""
    if told is not None:
        disputes = context.knowledge.briefing.disputes
        yield from (name for name in context.turn.aspects if name in disputes and name not in context.knowledge.claims)
