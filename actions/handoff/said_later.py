"""What the customer said after the case was handed over and before a person answered, put into the summary that agents read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.handoff.claims_made import ClaimMade, SaidByCustomer, claim_made, in_words
from actions.handoff.headlines import headline
from actions.handoff.payload import Payload
from actions.handoff.payload_builder import line_of
from actions.knowledge.model import Knowledge
from actions.state import conversations, handoffs
from actions.state.conversations import Message

MESSAGE = "message"
"""In the detail of an event: the number of the customer's message that brought it about."""
_LOOKED_AT = 40
"""Messages after the handover."""
_MOST_TOLD = 2


def message_of(session: Session, row: handoffs.Handoff, event: handoffs.HandoffEvent) -> Message | None:
    """The customer's message that brought an event about; None for events of former versions, which do not say which it was."""
    number = event.detail.get(MESSAGE)
    if not isinstance(number, int):
        return None
    said = conversations.latest(session, row.conversation_id, 1, number + 1)
    return said[-1] if said and said[-1].seq == number else None


def with_later_words(
    session: Session, row: handoffs.Handoff, stored: Payload, disputes: Sequence[handoffs.HandoffEvent], knowledge: Knowledge
) -> Payload:
    """The payload with what was said later: against the record, the last of it leading, and the last words otherwise.

    Args:
        disputes: the events that tell of the former.
    """
    known: set[str] = {claim.name for claim in stored.claims}
    later: list[ClaimMade] = []
    for event in disputes:
        message, name = message_of(session, row, event), str(event.detail.get("name"))
        if message is None or name in known or any(each.number == message.seq for each in later):
            continue
        known.add(name)
        line = line_of(message)
        said = SaidByCustomer(message.id, line.number, line.at, line.text, line.intent, typed=True)
        later.insert(0, claim_made(knowledge, name, event.detail.get("cause"), said))
    waiting = [
        knowledge.briefing.line("asked.waiting", knowledge.locale, number=message.seq, words=line_of(message).text)
        for message in _spoken(session, row, stored)
        if message.seq not in {claim.number for claim in later}
    ][-_MOST_TOLD:]
    if not later and not waiting:
        return stored
    claims, before = [*later, *stored.claims], stored.summary
    titles, reason = [cause.title for cause in stored.diagnosis.causes], stored.reason.title
    asked = [*before.asked_for[:1], *in_words(later, knowledge), *waiting, *before.asked_for[1:]]
    named = headline(reason, stored.order, stored.bill, titles, knowledge, claims) if later else before.headline
    return stored.copy(update={"claims": claims, "summary": before.copy(update={"headline": named, "asked_for": asked})})


def _spoken(session: Session, row: handoffs.Handoff, stored: Payload) -> list[Message]:
    """What the customer typed until a person came: buttons say nothing that the state does not."""
    found: list[Message] = []
    for message in conversations.history(session, row.conversation_id, stored.conversation.messages, _LOOKED_AT):
        if message.role in ("agent", "system"):
            break
        if message.role == "user" and message.confidence is not None and message.confidence < 1.0:
            found.append(message)
    return found
