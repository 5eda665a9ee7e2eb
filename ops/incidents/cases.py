"""Cases for people that an incident alone has made: linked by the state, answered together, and closed by it once the incident is over."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from actions.core.facts import Facts, FactsSource, UnknownCustomer, UnknownSubject
from actions.handoff.incident_closing import close_for_incident, leave_note
from actions.handoff.ownership import DESK_ACTION, may_end_unasked
from actions.knowledge.model import Knowledge
from actions.recovery.incident_ends import end_for, holding, incident_causes
from actions.state import audit, conversations, handoffs
from actions.state.incidents import IncidentCase, cases_of, end_case, link_case, open_cases, unlink_cases
from actions.state.world.changes import latest_change
from ops.incidents.words import public_text
from ops.worker import Surroundings

LONGEST_REPLY = 500
"""Characters that everybody with a linked case is told at once."""


class LinkedCases:
    """Looks after them; the state of a case is read again only after the world, or some case, has changed."""

    def __init__(self) -> None:
        self._mark: tuple[int, int] | None = None

    def look(self, here: Surroundings) -> int:
        """Links, unlinks and ends whatever is due; how many cases that were."""
        with here.database.session() as session:
            mark = latest_change(session), handoffs.latest(session)
            if mark == self._mark:
                return 0
            rows = {row.id: row for row in handoffs.open_handoffs(session)}
            linked = open_cases(session)
        changed = sum(self._link(here, row) for row in rows.values())
        changed += sum(self._end(here, case) for case in linked)
        self._mark = mark
        return changed

    def _link(self, here: Surroundings, row: handoffs.Handoff) -> int:
        knowledge = here.knowledge.current
        with here.database.session() as session:
            facts = _facts(here.facts(session), row)
            only = _only_block(facts, knowledge) if facts is not None else None
            # Of what is over, it is decided when the case ends.
            apart = [each for each in _linked(session, row.id) if each.incident != only and facts is not None and _goes_on(facts, each)]
            for each in apart:
                unlink_cases(session, each.incident, [row.id])
            return len(apart) + (only is not None and link_case(session, only, row.id))

    def _end(self, here: Surroundings, case: IncidentCase) -> int:
        """Closes a linked case of an incident that is over, if nothing is left; else its person is told what is."""
        knowledge = here.knowledge.current
        with here.database.session() as session:
            row = handoffs.get_handoff(session, case.handoff_id)
            if row is None or row.status == "closed":
                return int(end_case(session, case.incident, case.handoff_id, "closed"))
            facts = _facts(here.facts(session), row)
            if facts is None or _goes_on(facts, case) or not end_case(session, case.incident, case.handoff_id, "left"):
                return 0
            end = end_for(facts, knowledge)
            if end.left == "clear" and may_end_unasked(session, knowledge, row):
                close_for_incident(session, knowledge, row, facts, case.incident, incident_causes(knowledge))
                end_case(session, case.incident, case.handoff_id, "solved", before="left")
            else:
                leave_note(session, knowledge, row, case.incident, [found.cause.title for found in end.diagnosis.blocks])
            return 1


def reply_to_linked(session: Session, knowledge: Knowledge, incident: str, text: str, by: str) -> int:
    """Says one thing to everybody with an open case of an incident; how many were told.

    Raises:
        IncidentRefused: it may not be said.
    """
    said = public_text(knowledge, text, longest=LONGEST_REPLY, by_a_person=True)
    if said is None:
        return 0
    told = 0
    for case in cases_of(session, incident):
        row = handoffs.get_handoff(session, case.handoff_id)
        if row is not None and row.status != "closed":
            conversations.append(session, row.conversation_id, [conversations.MessageDraft(role="agent", text=said, action=DESK_ACTION)])
            audit.record(session, by, "incident.reply", row.id, {"incident": incident})
            told += 1
    return told


def _linked(session: Session, handoff_id: str) -> Iterator[IncidentCase]:
    return (each for each in open_cases(session) if each.handoff_id == handoff_id)


def _facts(source: FactsSource, row: handoffs.Handoff) -> Facts | None:
    try:
        return source.snapshot(row.user, row.subject)
    except (UnknownCustomer, UnknownSubject):
        return None


def _only_block(facts: Facts, knowledge: Knowledge) -> str | None:
    """The incident that alone keeps a customer from the option."""
    causes = incident_causes(knowledge)
    blocks = {found.cause.id for found in end_for(facts, knowledge).diagnosis.blocks}
    holds = [incident for incident, cause in holding(facts, causes.values()).items() if cause in blocks]
    return holds[0] if len(holds) == 1 and blocks <= causes.keys() else None


def _goes_on(facts: Facts, case: IncidentCase) -> bool:
    return any(incident.id == case.incident for incident in facts.open_incidents)
