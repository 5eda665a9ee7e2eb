"""What becomes of a case that an incident alone has made once that is over: it ends with it, or its person is told what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from actions.core.facts import Facts
from actions.core.handoff import QUEUED
from actions.core.messages import ResolvedData
from actions.dialogue.buttons import Buttons
from actions.dialogue.findings import subject_phrase
from actions.handoff.ownership import ASSISTANT, OTHER_CAUSE, Outcome, end, say
from actions.handoff.payload import OldPayload, read_payload
from actions.knowledge import phrases
from actions.knowledge.handoffs import BY_INCIDENT
from actions.knowledge.model import Knowledge
from actions.state import handoffs, notes


def close_for_incident(
    session: Session, knowledge: Knowledge, row: handoffs.Handoff, facts: Facts, incident: str, causes: Collection[str]
) -> None:
    """Closes a case whoever has it: the incident is over, and the state shows that nothing is left, which the customer is told as the end.

    Args:
        facts: the state as it is now.
        causes: those that come of incidents.

    Raises:
        NotPossible: somebody has ended it meanwhile.
    """
    waits = row.stage in QUEUED
    outcome = Outcome(BY_INCIDENT, _found(row, causes), incident)
    end(session, row, "solve" if waits else "close", "solved" if waits else "closed", ASSISTANT, outcome)
    phrase, values = subject_phrase(facts)
    subject = knowledge.phrases.texts(phrase, **values)[0]
    text = knowledge.phrases.texts(phrases.DESK_INCIDENT_OVER, subject=subject)[0]
    # What each tenor costs is shown with its conditions once the customer goes on.
    told = ResolvedData(order=facts.subject.order, bill=facts.subject.bill, plans=[], intro=text, note=None)
    say(session, row, knowledge, phrases.DESK_INCIDENT_OVER, Buttons(knowledge).recovered(), data=told, subject=subject)


def leave_note(session: Session, knowledge: Knowledge, row: handoffs.Handoff, incident: str, left: Sequence[str]) -> None:
    """Tells whoever has a case, or will have it, that its incident is over, and what is left."""
    titles = knowledge.locale.listed(left) or knowledge.briefing.line("incident.nothing", knowledge.locale)
    text = knowledge.briefing.line("incident.left", knowledge.locale, incident=incident, titles=titles)
    notes.write_down(session, row.id, ASSISTANT, text)


def _found(row: handoffs.Handoff, causes: Collection[str]) -> str:
    """The cause of the incident that the case was handed over with."""
    try:
        found = (cause.id for cause in read_payload(row.payload).diagnosis.causes)
    except OldPayload:
        return OTHER_CAUSE
    return next((cause for cause in found if cause in causes), OTHER_CAUSE)
