"""The dialogue's port to handoffs, over SQL: it reads the database, and notes what the turn changes for whoever stores the turn."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from actions.core.case import Dispute
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.effects import CaseSolved, ChoiceMade, DisputeNoted, Effect, HandoffMade, PriorityRaised, ReasonNoted
from actions.core.facts import FactsSource, UnknownSubject
from actions.core.handoff import Event, Handoff, HandoffRequest, Priority, is_possible
from actions.core.subject import ACCOUNT, Subject
from actions.handoff.ownership import can_be_solved, reasons_of
from actions.handoff.payload import LONGEST_TRANSCRIPT
from actions.handoff.payload_builder import Material, build
from actions.knowledge.handoffs import strongest
from actions.knowledge.model import Knowledge
from actions.masking.reading import rules
from actions.state import conversations, handoffs, references
from actions.state.columns import real_now
from actions.state.queue_places import place


class SqlDesk:
    """The desk as one turn sees it: what it has noted already counts as done.

    Args:
        session: the turn's, which is only read.
        knowledge: causes, and the words agents read.
        source: the customer's state.
        retention_days: days after closing until deletion, which payloads name.
        effects: where changes are noted.
    """

    def __init__(self, session: Session, knowledge: Knowledge, source: FactsSource, retention_days: int, effects: list[Effect]) -> None:
        self._session = session
        self._knowledge = knowledge
        self._source = source
        self._retention_days = retention_days
        self._effects = effects
        self._open: dict[str, handoffs.Handoff | None] = {}
        self._reasons: set[str] = set()

    def open_handoff(self, user_id: str) -> Handoff | None:
        """The customer's open handoff."""
        row = self._row(user_id)
        return _named(row, fresh=False) if row else None

    def place(self, user_id: str) -> int:
        """The place in its queue of the customer's open handoff, from 1."""
        row = self._row(user_id)
        return place(self._session, row) if row else 1

    def hand_over(self, request: HandoffRequest) -> Handoff:
        """Hands over; with a handoff already open, that one is named, and made as urgent as this request is."""
        user = request.turn.user_id
        existing = self._row(user)
        if existing is not None:
            return self._raised(existing, request)
        handoff_id, now = handoffs.new_id(), real_now()
        diagnosis = request.diagnosis or self._diagnosis(request)
        subject = diagnosis.facts.subject
        material = Material(
            handoff_id=handoff_id,
            at=now,
            reference=references.find(self._session, user) or references.new_reference(),
            request=request,
            diagnosis=diagnosis,
            begun=next((first.at for first in conversations.history(self._session, user, limit=1)), None),
            history=conversations.latest(self._session, user, LONGEST_TRANSCRIPT),
            masking_rules=rules().version,
            retention_days=self._retention_days,
        )
        payload = build(material, self._knowledge).to_data()
        made = HandoffMade(
            handoff=handoff_id,
            reason=request.reason,
            queue=request.queue,
            priority=request.priority,
            order=subject.order,
            bill=subject.bill,
            reference=material.reference,
            payload=payload,
        )
        self._effects.append(made)
        self._open[user] = row = handoffs.queued(user, user, request.reason, request.queue, payload, subject, request.priority, handoff_id)
        return _named(row, fresh=True)

    def choose(self, user_id: str, choice: Event) -> bool:
        """Notes what a customer chose for whom nobody has come."""
        row = self._row(user_id)
        if row is None or not is_possible(row.stage, choice):
            return False
        self._effects.append(ChoiceMade(row.id, choice))
        self._open[user_id] = None if choice == "go_on" else replace(row, choice=choice)
        return True

    def note_reason(self, user_id: str, reason: str) -> None:
        """Remembers what else the customer's open handoff is needed for; a stronger reason than those before makes it as urgent as that one is."""
        row = self._row(user_id)
        if row is None or reason in self._reasons_of(row):
            return
        known = self._knowledge.handoffs[reason]
        if not self._made_stronger(row, reason, known.priority, known.queue):
            self._effects.append(ReasonNoted(row.id, reason))
            self._reasons.add(reason)

    def note_dispute(self, user_id: str, dispute: Dispute) -> None:
        """Remembers what the customer said against the record, for whoever takes their open handoff; nothing without one."""
        row = self._row(user_id)
        if row is not None:
            self._effects.append(DisputeNoted(row.id, dispute.name, dispute.cause))

    def solve(self, user_id: str, subject: Subject, cause: str | None) -> bool:
        """Closes the handoff that still waits for a person, since what it is about has solved itself."""
        row = self._row(user_id)
        if row is None or not can_be_solved(self._knowledge, row, subject, self._reasons_of(row)):
            return False
        self._effects.append(CaseSolved(row.id, cause))
        self._open[user_id] = None
        return True

    def _row(self, user: str) -> handoffs.Handoff | None:
        if user not in self._open:
            self._open[user] = handoffs.open_handoff(self._session, user)
        return self._open[user]

    def _reasons_of(self, row: handoffs.Handoff) -> set[str]:
        return reasons_of(self._session, row) | self._reasons

    def _raised(self, row: handoffs.Handoff, request: HandoffRequest) -> Handoff:
        user = request.turn.user_id
        if not self._made_stronger(row, request.reason, request.priority, request.queue):
            self.note_reason(user, request.reason)
        return _named(self._row(user) or row, fresh=False)

    def _made_stronger(self, row: handoffs.Handoff, reason: str, priority: Priority, queue: str) -> bool:
        """Raises a handoff to a more urgent reason, or moves it for one that is as urgent, says what to do, and is stronger than all before.

        Asking for the person again is no reason to leave the queue that knows of the matter.
        """
        acts = self._knowledge.handoffs[reason].agents.action is not None
        strongest_now = acts and strongest(self._knowledge.handoffs, {*self._reasons_of(row), reason}) == reason
        beside = priority == row.priority and queue != row.queue and strongest_now and reason not in self._reasons_of(row)
        if not beside and not handoffs.is_more_urgent(priority, row.priority):
            return False
        self._effects.append(PriorityRaised(row.id, reason, row.priority, priority, queue))
        self._reasons.add(reason)
        self._open[row.user] = replace(row, priority=priority, queue=queue)
        return True

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
