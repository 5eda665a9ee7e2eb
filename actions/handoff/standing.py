"""A case as it stands: what was handed over, read by the strongest reason that has come since, with what it was before as history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from actions.core.handoff import Priority
from actions.core.moments import local
from actions.core.signs import cleaned
from actions.handoff import payload
from actions.handoff.headlines import headline
from actions.handoff.payload import OldPayload, Payload, RaisedLater, read_payload
from actions.handoff.said_later import message_of, with_later_words
from actions.knowledge.handoffs import strongest
from actions.knowledge.model import Knowledge
from actions.state import handoffs
from actions.state.handoff_search import Listed
from actions.state.reasons import DISPUTE, GIVE_A_REASON, with_more_since


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
    if up_to is None:
        stored = with_later_words(session, row, stored, [event for event in events if event.kind == DISPUTE], knowledge)
    return read_by_strongest(stored, raised, row.priority, row.queue, knowledge)


def _words(session: Session, row: handoffs.Handoff, event: handoffs.HandoffEvent) -> str | None:
    """What the customer wrote, as it is stored: masked, and mended since if need be."""
    message = message_of(session, row, event)
    return None if message is None else cleaned(message.text)


def headlines_of(session: Session, ids: Iterable[str], knowledge: Knowledge) -> dict[str, str]:
    """The headlines of those of some handoffs that read otherwise than they were handed over, by id."""
    again = with_more_since(session)
    rows = (handoffs.get_handoff(session, each) for each in ids if each in again)
    return {row.id: _headline(session, row, knowledge) for row in rows if row is not None}


def named_as_they_stand(session: Session, cases: Sequence[Listed], knowledge: Knowledge) -> tuple[Listed, ...]:
    """The lines of a list by the headlines of now; one that was stored without any, by an earlier version, by its reason."""
    again = headlines_of(session, (case.id for case in cases), knowledge)
    return tuple(replace(case, headline=again.get(case.id) or case.headline or _called(case, knowledge)) for case in cases)


def _headline(session: Session, row: handoffs.Handoff, knowledge: Knowledge) -> str:
    try:
        return as_it_stands(session, row, read_payload(row.payload), knowledge).summary.headline
    except OldPayload:
        # What was stored by an earlier version has no summary.
        return _called(row, knowledge)


def _called(case: handoffs.Handoff | Listed, knowledge: Knowledge) -> str:
    return knowledge.handoffs[case.reason].agents.title if case.reason in knowledge.handoffs else case.id


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
