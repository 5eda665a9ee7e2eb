"""How agents work together on cases, each function one transaction and blocking: call it in a thread. Every step is audited."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.signs import cleaned
from actions.dialogue.assistant import Answering
from actions.gate import Objection
from actions.handoff import ownership, passing_on
from actions.handoff.payload import Payload
from actions.handoff.suggestion import Suggestion, suggested
from actions.knowledge.model import Knowledge
from actions.knowledge.replies import OfferedReply, offered
from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state import audit, handoffs, notes, presence
from actions.state.database import Database
from actions.state.notes import InternalNote
from actions.state.world.facts import FactsFactory
from bot.staff.sessions import Agent

_PASSED_ON = ("take", "assign", "transfer", "move", "release", "give_back", "close", "solve", "go_on")
"""The events that say who had a case, and how it ended."""


@dataclass(frozen=True)
class TeamView:
    """What agents need to work together on a case.

    Attributes:
        looking: the agents who have it on the screen now, this one among them.
        agents: who it can be given to.
        held: who had it, or passed it on, oldest first.
        notes: for agents only.
        replies: what can be said, ready to be sent; for whoever has the case.
        suggestion: what the assistant would say next; for whoever has the case.
    """

    looking: tuple[str, ...]
    agents: tuple[str, ...]
    held: tuple[handoffs.HandoffEvent, ...]
    notes: tuple[InternalNote, ...]
    replies: tuple[OfferedReply, ...]
    suggestion: Suggestion | None

    def draft(self, wanted: str | None) -> str:
        """What a page puts into the reply box: the suggestion, a reply by its id, or nothing."""
        if wanted == "suggestion":
            return self.suggestion.text if self.suggestion else ""
        return next((reply.text for reply in self.replies if reply.id == wanted), "")


class TeamWork:
    """The part of the desk's work that is about more than one agent.

    Args:
        database: where handoffs and conversations are.
        knowledge: replies, queues, and what customers are told.
        facts: makes the source of the customers' state.
        assistant_on: makes an assistant that only reads, for suggestions.
    """

    def __init__(
        self, database: Database, knowledge: KnowledgeStore, facts: FactsFactory, assistant_on: Callable[[Session], Answering]
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._facts = facts
        self._assistant_on = assistant_on

    @property
    def _known(self) -> Knowledge:
        return self._knowledge.current

    def view(self, agent: Agent, row: handoffs.Handoff, case: Payload) -> TeamView:
        """What to show beside a case; to look at it is to be present.

        Args:
            case: as it stands.
        """
        mine = row.status == "taken" and row.taken_by == agent.name
        with self._database.session() as session:
            presence.look(session, row.id, agent.name)
            diagnosis = self._diagnosis(session, row) if mine else None
            replies = offered(self._known.replies, row.id, case.reason.code, diagnosis, self._known.locale) if mine else ()
            suggestion = suggested(self._assistant_on(session), row, case, diagnosis, self._known) if diagnosis is not None else None
            return TeamView(
                looking=presence.looking(session, row.id),
                agents=tuple(presence.agents(session)),
                held=tuple(event for event in handoffs.of(session, row.id) if event.kind in _PASSED_ON),
                notes=notes.of_handoff(session, row.id),
                replies=replies,
                suggestion=suggestion,
            )

    def look(self, agent: Agent, handoff_id: str) -> None:
        """Says that an agent still has a case on the screen."""
        with self._database.session() as session:
            if handoffs.get_handoff(session, handoff_id) is not None:
                presence.look(session, handoff_id, agent.name)

    def mark(self, session: Session, handoff_id: str) -> str:
        """Changes whenever somebody comes to a case or leaves it, or writes a note."""
        names = "\n".join(presence.looking(session, handoff_id))
        return f"{zlib.crc32(names.encode()):x}.{notes.newest(session, handoff_id)}"

    def pass_on(self, agent: Agent, handoff_id: str, receiver: str | None, queue: str | None) -> None:
        """Gives a case to an agent or to another queue; see ``passing_on`` for its errors.

        Args:
            receiver: an agent; assigned to them if it waits, else transferred.
            queue: where to, without a receiver.
        """
        with self._database.session() as session:
            row, agents = ownership.find(session, handoff_id), presence.agents(session)
            if receiver is None:
                passing_on.move(session, self._known, handoff_id, agent.name, queue or "")
                audit.record(session, agent.name, "desk.move", handoff_id, {"from": row.queue, "to": queue})
            elif row.status == "queued":
                passing_on.assign(session, handoff_id, agent.name, receiver, agents)
                audit.record(session, agent.name, "desk.assign", handoff_id, {"to": receiver})
            else:
                passing_on.transfer(session, self._known, handoff_id, agent.name, receiver, agents)
                audit.record(session, agent.name, "desk.transfer", handoff_id, {"to": receiver})

    def release(self, agent: Agent, handoff_id: str) -> None:
        """Puts a case back into its queue; see ``passing_on.release`` for its errors."""
        with self._database.session() as session:
            passing_on.release(session, self._known, handoff_id, agent.name)
            audit.record(session, agent.name, "desk.release", handoff_id)

    def note(self, agent: Agent, handoff_id: str, text: str) -> None:
        """Writes an internal note down, masked; on any case, by any agent.

        Raises:
            UnknownHandoff: there is no such handoff.
        """
        with self._database.session() as session:
            row = ownership.find(session, handoff_id)
            notes.write_down(session, row.id, agent.name, mask(cleaned(text)).text)
            audit.record(session, agent.name, "desk.note", row.id)

    def confirm(self, agent: Agent, handoff_id: str, reason: str, doubts: tuple[Objection, ...]) -> None:
        """Audits that an agent sends what the assistant must not say, and why.

        Raises:
            UnknownHandoff: there is no such handoff.
            NotPossible: the case is not this agent's.
        """
        with self._database.session() as session:
            ownership.own(session, handoff_id, agent.name, "close")
            audit.record(session, agent.name, "desk.confirm", handoff_id, {"reason": reason, "rules": [each.rule for each in doubts]})

    def _diagnosis(self, session: Session, row: handoffs.Handoff) -> Diagnosis | None:
        try:
            facts = self._facts(session).snapshot(row.user, row.subject)
        except (UnknownCustomer, UnknownSubject):
            return None
        return diagnose(facts, self._known.causes.values())
