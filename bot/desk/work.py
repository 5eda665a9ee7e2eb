"""What agents see and do, each function one transaction and blocking: call it in a thread. Every look and every step is audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.observations import milliseconds
from actions.dialogue.assistant import Answering
from actions.handoff import ownership
from actions.handoff.ownership import Outcome
from actions.handoff.payload import LONGEST_TRANSCRIPT, Diagnosis, Line, Payload, read_payload
from actions.handoff.payload_builder import line_of
from actions.handoff.payload_state import diagnosis_block
from actions.handoff.standing import as_it_stands
from actions.knowledge.handoffs import Briefing
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state import audit, conversations, desk_views, handoff_search, handoffs, presence, sign_outs
from actions.state.announcing import announce_typing
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.desk_views import DeskView
from actions.state.world.facts import FactsFactory
from bot.desk.pictures import DeskPictures, pictures_in
from bot.desk.queue_view import QueueFilter, QueueView, read_queue
from bot.desk.team import TeamWork
from bot.desk.unanswered import left_unanswered
from bot.desk.watching import SharedMark
from bot.staff.attendance import Attendance
from bot.staff.entrances import DESK
from bot.staff.looks import Looks
from bot.staff.sessions import Agent
from ops.compliance.clocks import ClockView, clock_of_case

FRESH_SECONDS = 0.15
"""How old the answer may be that tells open pages whether anything has changed."""


@dataclass(frozen=True)
class CaseView:
    """A case on the screen.

    Attributes:
        row: the handoff as it is now.
        payload: what was handed over, as it stands.
        said: the end of the conversation up to now, or what comes before a message of it, masked.
        live: the state as it is now, if it was asked for.
        causes: titles by id, those found first, for the outcome.
        likely_cause: the cause that an outcome names unless the agent knows better; None where nothing tells it.
        mine: whether this agent has taken it.
        pictures: those of the messages that are shown, by the message's number.
        answer: until when it must be answered for good, if it must.
    """

    row: handoffs.Handoff
    payload: Payload
    said: tuple[Line, ...]
    live: Diagnosis | None
    causes: dict[str, str]
    likely_cause: str | None
    mine: bool
    pictures: dict[int, dict[str, int | str]]
    answer: ClockView | None = None


class DeskWork:
    """The desk's work on the database.

    Args:
        database: where handoffs and conversations are.
        knowledge: causes, words for agents, and what customers are told.
        facts: makes the source of the customers' state.
        assistant_on: makes an assistant that only reads, for suggestions.

    Attributes:
        team: what is about more than one agent.
        attendance: who comes and goes.
    """

    def __init__(
        self, database: Database, knowledge: KnowledgeStore, facts: FactsFactory, assistant_on: Callable[[Session], Answering]
    ) -> None:
        self.team = TeamWork(database, knowledge, facts, assistant_on)
        self.attendance = Attendance(database, DESK, lambda session, agent: presence.note_agent(session, agent.name, agent.shown_as))
        self._database = database
        self._knowledge = knowledge
        self._facts = facts
        self._looks = Looks()
        self._all_cases = SharedMark(self._mark_of_all, FRESH_SECONDS)
        self.pictures = DeskPictures(database, knowledge)

    @property
    def knowledge(self) -> Knowledge:
        """What the assistant and its agents know."""
        return self._knowledge.current

    @property
    def briefing(self) -> Briefing:
        """Words for agents."""
        return self.knowledge.briefing

    def queue(self, agent: Agent, asked: QueueFilter) -> QueueView:
        """The cases that are asked for, those first who are to be answered first."""
        with self._database.session() as session:
            self._audit_look(session, agent, "queue")
            view = read_queue(session, agent.name, self.knowledge, asked)
            if asked.q and self._looks.is_new(agent.session, "search", asked.but()):
                audit.record(session, agent.name, "desk.search", detail=asked.for_audit(len(view.cases)))
            return view

    def save_view(self, agent: Agent, name: str, asked: QueueFilter) -> bool:
        """Keeps a filter under a name; false if the agent has too many."""
        with self._database.session() as session:
            return desk_views.save(session, DeskView(agent.name, name, asked.but()))

    def drop_view(self, agent: Agent, name: str) -> None:
        """Forgets a filter."""
        with self._database.session() as session:
            desk_views.drop(session, agent.name, name)

    def case(self, agent: Agent, handoff_id: str, live: bool = False, before: int | None = None) -> CaseView:
        """One case.

        Args:
            live: the state is read anew.
            before: the number of a message; the conversation is shown up to there.

        Raises:
            UnknownHandoff: there is no such handoff.
            OldPayload: it was stored before ``handoff/1``.
        """
        with self._database.session() as session:
            row = ownership.find(session, handoff_id)
            if live:
                audit.record(session, agent.name, "desk.state", row.id)
            else:
                self._audit_look(session, agent, "case", row.id)
            stored = as_it_stands(session, row, read_payload(row.payload), self.knowledge)
            messages = conversations.latest(session, row.conversation_id, LONGEST_TRANSCRIPT, before)
            said = tuple(line_of(message) for message in messages)
            found = [cause.id for cause in stored.diagnosis.causes]
            known = {cause.id: cause.title for cause in self.knowledge.causes.values()}
            causes = {**{each: known[each] for each in found if each in known}, **known}
            now = self._live(session, row) if live else None
            answer = clock_of_case(session, row.id, self.knowledge, milliseconds(real_now()))
        mine = row.taken_by == agent.name and row.status == "taken"
        # Of an alarm the state tells nothing: who was defrauded has not come because of a limit.
        likely = next((each for each in causes if each in found), None) if row.priority != "urgent" else None
        return CaseView(row, stored, said, now, causes, likely, mine, pictures_in(messages), answer)

    def conversation_of(self, handoff_id: str) -> str:
        """The conversation of a handoff.

        Raises:
            UnknownHandoff: there is no such handoff.
        """
        with self._database.session() as session:
            return ownership.find(session, handoff_id).conversation_id

    def take(self, agent: Agent, handoff_id: str) -> None:
        """Takes a case; see ``ownership.take`` for its errors."""
        with self._database.session() as session:
            ownership.take(session, self.knowledge, handoff_id, agent.name, agent.shown_as)
            audit.record(session, agent.name, "desk.take", handoff_id)

    def reply(self, agent: Agent, handoff_id: str, text: str, message_id: str | None = None) -> None:
        """Says something to the customer, once however often it is sent with the same id; see ``ownership.reply`` for its errors."""
        with self._database.session() as session:
            ownership.reply(session, handoff_id, agent.name, text, message_id)
            audit.record(session, agent.name, "desk.reply", handoff_id)

    def typing(self, agent: Agent, handoff_id: str) -> str | None:
        """Tells other processes that the agent writes to the customer; returns the conversation, None if the case is not theirs."""
        with self._database.session() as session:
            row = ownership.find(session, handoff_id)
            if row.status != "taken" or row.taken_by != agent.name:
                return None
            announce_typing(session, row.conversation_id)
            return row.conversation_id

    def give_back(self, agent: Agent, handoff_id: str, outcome: Outcome, seen: int | None = None) -> None:
        """Gives the case back to the assistant; see ``ownership.give_back`` for its errors, and ``close`` for the rest."""
        with self._database.session() as session:
            left = left_unanswered(session, handoff_id, agent.name, "give_back", self.briefing, seen)
            ownership.give_back(session, self.knowledge, self._facts(session), handoff_id, agent.name, outcome)
            audit.record(session, agent.name, "desk.give_back", handoff_id, {**outcome.for_audit(), **left})

    def close(self, agent: Agent, handoff_id: str, outcome: Outcome, seen: int | None = None) -> None:
        """Ends the case; see ``ownership.close`` for its errors.

        Args:
            seen: the number of a message that the agent leaves without an answer knowingly.

        Raises:
            StillUnanswered: the customer said something that nobody has answered, and it is not that message.
        """
        with self._database.session() as session:
            left = left_unanswered(session, handoff_id, agent.name, "close", self.briefing, seen)
            ownership.close(session, self.knowledge, handoff_id, agent.name, outcome)
            audit.record(session, agent.name, "desk.close", handoff_id, {**outcome.for_audit(), **left})

    def mark(self, agent: Agent, handoff_id: str | None) -> str | None:
        """Changes whenever an open case, or what is said in one or in this one, has changed; None once the agent has signed out."""
        with self._database.session() as session:
            if sign_outs.is_signed_out(session, agent.session):
                return None
            row = handoffs.get_handoff(session, handoff_id) if handoff_id else None
            last = conversations.last_seq(session, row.conversation_id) if row else 0
            together = self.team.mark(session, row.id) if row else ""
        return f"{self._all_cases()}.{last}.{together}"

    def _mark_of_all(self) -> str:
        with self._database.session() as session:
            return f"{handoffs.latest(session)}.{handoff_search.said_in_open(session)}"

    def _audit_look(self, session: Session, agent: Agent, at: str, handoff_id: str | None = None) -> None:
        if self._looks.is_new(agent.session, at, handoff_id or ""):
            audit.record(session, agent.name, f"desk.{at}", handoff_id)

    def _live(self, session: Session, row: handoffs.Handoff) -> Diagnosis | None:
        try:
            facts = self._facts(session).snapshot(row.user, row.subject)
        except (UnknownCustomer, UnknownSubject):
            return None
        return diagnosis_block(diagnose(facts, self.knowledge.causes.values()), self.knowledge.facts)
