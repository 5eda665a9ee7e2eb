"""The dialogue's port to handoffs, over SQL: the row, what happened to it, and its delivery in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import FactsSource, UnknownSubject
from actions.core.handoff import Event, Handoff, HandoffRequest
from actions.core.subject import ACCOUNT, Subject
from actions.handoff.ownership import find, note_choice, note_reason, solve
from actions.handoff.payload import LONGEST_TRANSCRIPT
from actions.handoff.payload_builder import Material, build
from actions.knowledge.model import Knowledge
from actions.masking.reading import rules
from actions.state import conversations, handoffs, outbox, references
from actions.state.columns import real_now


class SqlDesk:
    """Stores handoffs in the caller's transaction.

    Args:
        session: the turn's.
        knowledge: causes, and the words agents read.
        source: the customer's state.
        retention_days: days after closing until deletion, which payloads name.
    """

    def __init__(self, session: Session, knowledge: Knowledge, source: FactsSource, retention_days: int) -> None:
        self._session = session
        self._knowledge = knowledge
        self._source = source
        self._retention_days = retention_days

    def open_handoff(self, user_id: str) -> Handoff | None:
        """The customer's open handoff."""
        row = handoffs.open_handoff(self._session, user_id)
        return _named(row, fresh=False) if row else None

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Stores a handoff; with one already open, that one is named, and made as urgent as this request is."""
        user = request.turn.user_id
        existing = handoffs.open_handoff(self._session, user)
        if existing is not None:
            return self._raised(existing, request)
        handoff_id = handoffs.new_id()
        diagnosis = request.diagnosis or self._diagnosis(request)
        material = Material(
            handoff_id=handoff_id,
            at=real_now(),
            reference=references.reference_of(self._session, user),
            request=request,
            diagnosis=diagnosis,
            begun=next((first.at for first in conversations.history(self._session, user, limit=1)), None),
            history=conversations.latest(self._session, user, LONGEST_TRANSCRIPT),
            masking_rules=rules().version,
            retention_days=self._retention_days,
        )
        row = handoffs.create(
            self._session,
            conversation_id=user,
            user=user,
            reason=request.reason,
            queue=request.queue,
            priority=request.priority,
            subject=diagnosis.facts.subject,
            payload=build(material, self._knowledge).to_data(),
            handoff_id=handoff_id,
        )
        if row.id != handoff_id:
            return self._raised(row, request)
        handoffs.append(self._session, row.id, "hand_over", "assistant", {"reason": row.reason, "priority": row.priority})
        outbox.put(self._session, row.id, "handoff.created")
        return _named(row, fresh=True)

    def choose(self, user_id: str, choice: Event) -> bool:
        """Notes what a customer chose for whom nobody has come."""
        return note_choice(self._session, user_id, choice)

    def note_reason(self, user_id: str, reason: str) -> None:
        """Remembers what else the customer's open handoff is needed for."""
        row = handoffs.open_handoff(self._session, user_id)
        if row is not None:
            note_reason(self._session, row, reason)

    def solve(self, user_id: str, subject: Subject, cause: str | None) -> bool:
        """Closes the handoff that still waits for a person, since what it is about has solved itself."""
        return solve(self._session, self._knowledge, user_id, subject, cause)

    def _raised(self, row: handoffs.Handoff, request: HandoffRequest) -> Handoff:
        if handoffs.raise_priority(self._session, row.id, request.priority, request.queue):
            detail = {"reason": request.reason, "from": row.priority, "priority": request.priority, "queue": request.queue}
            handoffs.append(self._session, row.id, "raise", "assistant", detail)
            outbox.put(self._session, row.id, "handoff.raised", detail)
            row = find(self._session, row.id)
        else:
            note_reason(self._session, row, request.reason)
        return _named(row, fresh=False)

    def _diagnosis(self, request: HandoffRequest) -> Diagnosis:
        """The state of whatever the customer is looking at, for cases handed over before any complaint."""
        user, held = request.turn.user_id, request.case.subject or ACCOUNT
        # A bill in hand gives way to the order on the page.
        order = held.order or request.turn.token_order
        try:
            facts = self._source.snapshot(user, Subject("order", order) if order else held)
        except UnknownSubject:
            facts = self._source.snapshot(user)
        return diagnose(facts, self._knowledge.causes.values())


def _named(row: handoffs.Handoff, fresh: bool) -> Handoff:
    return Handoff(row.id, row.reason, row.queue, row.stage, fresh)
