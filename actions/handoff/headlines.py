"""The headline of a case, made of the blocks of its payload, so that it can be written anew for another reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.core.money import Fen
from actions.handoff.claims_made import ClaimMade, contradicted
from actions.handoff.payload import Bill, Order
from actions.knowledge.model import Knowledge

NO_NAME = "-"
"""In the place of a name that the state lacks."""


def subject_words(order: Order | None, bill: Bill | None, knowledge: Knowledge) -> str:
    """What a case is about."""
    line, locale = knowledge.briefing.line, knowledge.locale
    if bill is not None:
        return line("subject.bill", locale, month=bill.month, amount=_fen(bill.amount))
    if order is None:
        return line("subject.account", locale)
    item = (order.lines[0].title if order.lines else "") or NO_NAME
    return line("subject.order", locale, order=order.id, item=item, amount=_fen(order.amount))


def headline(
    reason: str, order: Order | None, bill: Bill | None, causes: Sequence[str], knowledge: Knowledge, claims: Sequence[ClaimMade] = ()
) -> str:
    """Why, about what, what was found, and what the customer says against it.

    Args:
        reason: its title.
        causes: the titles of those that were found.
        claims: the main one first.
    """
    found, claim = _found(reason, order, bill, causes, knowledge), contradicted(claims)
    return found if claim is None else knowledge.briefing.line("headline.claim", knowledge.locale, headline=found, claim=claim.title)


def _found(reason: str, order: Order | None, bill: Bill | None, causes: Sequence[str], knowledge: Knowledge) -> str:
    line, locale = knowledge.briefing.line, knowledge.locale
    values: dict[str, Any] = {"reason": reason, "subject": subject_words(order, bill, knowledge)}
    if not causes:
        return line("headline.nothing", locale, **values)
    if len(causes) == 1:
        return line("headline.cause", locale, title=causes[0], **values)
    return line("headline.more", locale, title=causes[0], count=len(causes), **values)


def _fen(yuan: float) -> Fen:
    return Fen(round(yuan * 100))
