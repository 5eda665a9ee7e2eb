"""What people add to the review of an incident: why it came about, and what shall be done, by whom and until when; of that they are reminded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.state import audit
from actions.state.columns import real_now
from actions.state.incident_afterwards import end_action, find_action, keep_action, keep_cause
from ops.incidents.reading import find_incident
from ops.incidents.refusals import IncidentRefused
from ops.incidents.words import internal_text

LONGEST_CAUSE = 2000
LONGEST_ACTION = 200
LONGEST_OWNER = 60
LONGEST_DUE = timedelta(days=366)


def write_cause(session: Session, now: datetime, incident: str, text: str | None, by: str) -> None:
    """Writes down why an incident came about, in the place of what stood there.

    Raises:
        IncidentRefused: there is none of that id, nobody has declared it, or nothing is written or too much.
    """
    _after(session, now, incident)
    said = internal_text(text)
    if said is None or len(said) > LONGEST_CAUSE:
        raise IncidentRefused(422, "cause-missing", f"a cause of at most {LONGEST_CAUSE} characters is needed")
    keep_cause(session, incident, said, by)
    audit.record(session, by, "incident.cause", detail={"incident": incident})


def add_action(session: Session, now: datetime, incident: str, what: str | None, owner: str | None, due: str | None, by: str) -> int:
    """Writes down something that shall be done; its number.

    Args:
        due: the last day for it, in real time, such as ``2026-12-01``.

    Raises:
        IncidentRefused: there is no incident of that id, nobody has declared it, or a part is missing, too long, or in the past.
    """
    _after(session, now, incident)
    said, whose = internal_text(what), internal_text(owner)
    if said is None or whose is None or len(said) > LONGEST_ACTION or len(whose) > LONGEST_OWNER:
        raise IncidentRefused(
            422, "action-incomplete", f"what ({LONGEST_ACTION} characters) and who ({LONGEST_OWNER} characters) are needed"
        )
    day = _day(due)
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    action = keep_action(session, incident, said, whose, int(end.timestamp() * 1000), by)
    audit.record(session, by, "incident.action", detail={"incident": incident, "number": action, "owner": whose, "until": day.isoformat()})
    return action


def finish_action(session: Session, now: datetime, incident: str, action: int, by: str) -> None:
    """Writes down that something is done.

    Raises:
        IncidentRefused: there is nothing of that number, or it is done already.
    """
    _after(session, now, incident)
    found = find_action(session, action)
    if found is None or found.incident != incident:
        raise IncidentRefused(404, "unknown-action", f"{incident} has no action {action}")
    if not end_action(session, action, by):
        raise IncidentRefused(409, "action-done", f"action {action} is done already")
    audit.record(session, by, "incident.action_done", detail={"incident": incident, "number": action})


def _after(session: Session, now: datetime, incident: str) -> None:
    view = find_incident(session, incident, now)
    if view.stage == "draft":
        raise IncidentRefused(409, "stage-not-possible", f"{incident} is a draft: nobody has declared it", possible=["investigating"])


def _day(given: str | None) -> date:
    today = real_now().date()
    try:
        day = date.fromisoformat((given or "").strip())
    except ValueError:
        raise IncidentRefused(422, "due-wrong", "a day such as 2026-12-01 is needed") from None
    if not today <= day <= today + LONGEST_DUE:
        raise IncidentRefused(422, "due-wrong", f"{day} is over or more than a year away: today is {today}", today=today.isoformat())
    return day
