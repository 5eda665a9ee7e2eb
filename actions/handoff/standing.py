"""A case as it stands: what was handed over, read by the strongest reason that has come since, with what it was before as history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from actions.core.handoff import Priority
from actions.core.moments import local
from actions.core.signs import cleaned
from actions.handoff import payload
from actions.handoff.claims_made import ClaimMade, SaidByCustomer, claim_made, in_words
from actions.handoff.headlines import headline
from actions.handoff.payload import OldPayload, Payload, RaisedLater, read_payload
from actions.handoff.payload_builder import line_of
from actions.knowledge.handoffs import strongest
from actions.knowledge.model import Knowledge
from actions.state import conversations, handoffs
from actions.state.reasons import DISPUTE, GIVE_A_REASON, with_more_since

MESSAGE = "message"
"""In the detail of an event: the number of the customer's message that brought it about."""


def as_it_stands(session: Session, row: handoffs.Handoff, stored: Payload, knowledge: Knowledge, up_to: str | None = None) -> Payload:
    """The payload of a handoff as agents shall read it now; the stored one is not changed.

    Args:
        row: with priority and queue of now.
        stored: as it was handed over.
        up_to: a reason: what came after it does not count, so that a delivery says the same at every attempt.
    """
    events = handoffs.of(session, row.id)
    later = [event for event in events if event.kind in GIVE_A_REASON][1:]
    given = [event.detail.get("reason") for event in later]
    later = later[: given.index(up_to) + 1] if up_to in given else later
    raised = [
        RaisedLater(
            code=str(event.detail.get("reason")), at=local(event.at).isoformat(timespec="seconds"), words=_words(session, row, event)
        )
        for event in later
        if event.detail.get("reason") in knowledge.handoffs
    ]
    disputes = [event for event in events if event.kind == DISPUTE] if up_to is None else []
    return read_by_strongest(_with_claims(session, row, stored, disputes, knowledge), raised, row.priority, row.queue, knowledge)


def _words(session: Session, row: handoffs.Handoff, event: handoffs.HandoffEvent) -> str | None:
    """What the customer wrote, as it is stored: masked, and mended since if need be."""
    message = _message(session, row, event)
    return None if message is None else cleaned(message.text)


def _message(session: Session, row: handoffs.Handoff, event: handoffs.HandoffEvent) -> conversations.Message | None:
    number = event.detail.get(MESSAGE)
    if not isinstance(number, int):
        return None  # Events of former versions do not say which message it was.
    said = conversations.latest(session, row.conversation_id, 1, number + 1)
    return said[-1] if said and said[-1].seq == number else None


def _with_claims(
    session: Session, row: handoffs.Handoff, stored: Payload, disputes: Sequence[handoffs.HandoffEvent], knowledge: Knowledge
) -> Payload:
    """The payload with what the customer said against the record while they waited; what is said last, leads."""
    known: set[str] = {claim.name for claim in stored.claims}
    later: list[ClaimMade] = []
    for event in disputes:
        message, name = _message(session, row, event), str(event.detail.get("name"))
        if message is None or name in known or any(each.number == message.seq for each in later):
            continue
        known.add(name)
        line = line_of(message)
        said = SaidByCustomer(message.id, line.number, line.at, line.text, line.intent, typed=True)
        later.insert(0, claim_made(knowledge, name, event.detail.get("cause"), said))
    if not later:
        return stored
    claims, before = [*later, *stored.claims], stored.summary
    titles, reason = [cause.title for cause in stored.diagnosis.causes], stored.reason.title
    summary = before.copy(
        update={
            "headline": headline(reason, stored.order, stored.bill, titles, knowledge, claims),
            "asked_for": [*before.asked_for[:1], *in_words(later, knowledge), *before.asked_for[1:]],
        }
    )
    return stored.copy(update={"claims": claims, "summary": summary})


def headlines_of(session: Session, ids: Iterable[str], knowledge: Knowledge) -> dict[str, str]:
    """The headlines of those of some handoffs that read otherwise than they were handed over, by id."""
    again = with_more_since(session)
    rows = (handoffs.get_handoff(session, each) for each in ids if each in again)
    return {row.id: _headline(session, row, knowledge) for row in rows if row is not None}


def _headline(session: Session, row: handoffs.Handoff, knowledge: Knowledge) -> str:
    try:
        return as_it_stands(session, row, read_payload(row.payload), knowledge).summary.headline
    except OldPayload:
        # What was stored by an earlier version has no summary.
        return knowledge.handoffs[row.reason].agents.title if row.reason in knowledge.handoffs else row.id


def read_by_strongest(stored: Payload, raised: Sequence[RaisedLater], priority: Priority, queue: str, knowledge: Knowledge) -> Payload:
    """The payload read by its strongest reason.

    Args:
        raised: what came after the handover, oldest first.
        priority, queue: of now.
    """
    briefing, locale = knowledge.briefing, knowledge.locale
    code = strongest(knowledge.handoffs, [stored.reason.code, *(each.code for each in raised)])
    moved = {"routing": payload.Routing(queue=queue, title=briefing.queues[queue].title, skills=list(briefing.queues[queue].skills))}  # type: ignore[index]
    titled = [each.copy(update={"title": knowledge.handoffs[each.code].agents.title}) for each in raised]
    if code is None or code == stored.reason.code:
        level = stored.priority.copy(update={"level": priority})
        return stored.copy(update={**moved, "priority": level, "raised": titled})
    reason, before = knowledge.handoffs[code].agents, stored.summary
    words = next((each.words for each in raised if each.code == code and each.words), None)
    why = briefing.line("priority.why", locale, reason=reason.title, priority=briefing.priorities[priority])
    asked = [briefing.line("asked.reason", locale, asked=reason.asked_for)]
    asked += [briefing.line("asked.words", locale, words=words)] if words else []
    questions = [*reason.questions, *before.open_questions]
    titles = [cause.title for cause in stored.diagnosis.causes]
    summary = before.copy(
        update={
            "headline": headline(reason.title, stored.order, stored.bill, titles, knowledge, stored.claims),
            "asked_for": list(dict.fromkeys([*asked, *(briefing.line("asked.before", locale, asked=each) for each in before.asked_for)])),
            "open_questions": list(dict.fromkeys(questions)),
        }
    )
    advice = stored.recommended
    if reason.action is not None:
        advice = payload.Recommended(action=reason.action, cause=advice.cause, knowledge=["knowledge/handoffs.yml"], brief=[])
    return stored.copy(
        update={
            **moved,
            "reason": payload.Reason(code=code, title=reason.title, words=words or stored.reason.words),
            "priority": payload.Priority(level=priority, why=why),
            "summary": summary,
            "recommended": advice,
            "do_not": list(dict.fromkeys([*reason.do_not, *stored.do_not])),
            "raised": titled,
            "before": payload.Before(headline=before.headline, action=stored.recommended.action, why=stored.priority.why),
        }
    )
