"""What was said and done about incidents, and the cases that are linked to them; the incidents themselves stand in the world."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import JSON, Index, func, insert, select, update
from sqlalchemy.orm import Session

from actions.core.incident_stages import IncidentStage
from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.database import insert_if_new

Milliseconds = int
"""Since the epoch, as SQL can compare it."""
ETA_UNKNOWN: Milliseconds = 0
"""Says in a step that an expected end that was known is not known any more."""
_Json = Annotated[Any, JSON(none_as_null=True)]


@dataclass(frozen=True)
class IncidentNote:
    """One step of an incident, appended and never changed; what it leaves open stays as it was.

    Attributes:
        stage: the one from now on.
        public: what customers read; ``internal``: what colleagues read.
        eta: on the clock of the facts, or ``ETA_UNKNOWN``.
        affects: the scope, in the form of world files; ``evidence``: what an alert saw.
        by: who; at: in real time.
    """

    id: RowNumber
    incident: str
    stage: IncidentStage
    component: str | None
    severity: str | None
    public: str | None
    internal: str | None
    eta: Milliseconds | None
    affects: _Json | None
    evidence: _Json | None
    from_alert: str | None
    by: str
    at: Milliseconds


INCIDENT_NOTES = table_of("incident_notes", IncidentNote, Index(None, "incident"))


@dataclass(frozen=True)
class IncidentCase:
    """A handoff whose only block is an incident.

    Attributes:
        outcome: ``solved``, ``left`` or, where a person or the customer had ended it before, ``closed``; None while the incident goes on.
    """

    incident: str
    handoff_id: str
    linked_at: Milliseconds
    outcome: str | None
    ended_at: Milliseconds | None


INCIDENT_CASES = table_of("incident_cases", IncidentCase, Index(None, "handoff_id"), key=("incident", "handoff_id"))


def now_ms() -> Milliseconds:
    """Real time."""
    return time.time_ns() // 1_000_000


def write_note(session: Session, incident: str, stage: IncidentStage, by: str, **values: Any) -> None:
    """Appends a step; see ``IncidentNote``."""
    session.execute(insert(INCIDENT_NOTES).values(incident=incident, stage=stage, by=by, at=now_ms(), **values))


def notes_of(session: Session, incident: str) -> tuple[IncidentNote, ...]:
    """The steps of an incident in order."""
    wanted = select(INCIDENT_NOTES).where(INCIDENT_NOTES.c.incident == incident).order_by(INCIDENT_NOTES.c.id)
    return rows_as(IncidentNote, session.execute(wanted))


def all_notes(session: Session) -> dict[str, tuple[IncidentNote, ...]]:
    """The steps of every incident."""
    found: dict[str, list[IncidentNote]] = {}
    for note in rows_as(IncidentNote, session.execute(select(INCIDENT_NOTES).order_by(INCIDENT_NOTES.c.id))):
        found.setdefault(note.incident, []).append(note)
    return {incident: tuple(notes) for incident, notes in found.items()}


def stage_of_incident(session: Session, incident: str) -> IncidentStage | None:
    """The stage by the latest step; None where nobody has said anything."""
    newest = select(INCIDENT_NOTES.c.stage).where(INCIDENT_NOTES.c.incident == incident).order_by(INCIDENT_NOTES.c.id.desc())
    found: IncidentStage | None = session.execute(newest.limit(1)).scalar()
    return found


def latest_note(session: Session) -> int:
    """The number of the latest step of any incident, 0 without any: while it stays the same, nobody has said anything."""
    return int(session.execute(select(func.max(INCIDENT_NOTES.c.id))).scalar() or 0)


def link_case(session: Session, incident: str, handoff_id: str) -> bool:
    """Links a handoff; whether it was not linked before."""
    row = {"incident": incident, "handoff_id": handoff_id, "linked_at": now_ms()}
    return insert_if_new(session, INCIDENT_CASES, row)


def cases_of(session: Session, incident: str) -> tuple[IncidentCase, ...]:
    """The handoffs of an incident, the first linked first."""
    wanted = select(INCIDENT_CASES).where(INCIDENT_CASES.c.incident == incident)
    return rows_as(IncidentCase, session.execute(wanted.order_by(INCIDENT_CASES.c.linked_at, INCIDENT_CASES.c.handoff_id)))


def open_cases(session: Session) -> tuple[IncidentCase, ...]:
    """Those of every incident about which nothing was decided yet."""
    return rows_as(IncidentCase, session.execute(select(INCIDENT_CASES).where(INCIDENT_CASES.c.outcome.is_(None))))


def end_case(session: Session, incident: str, handoff_id: str, outcome: str, before: str | None = None) -> bool:
    """Notes what became of a linked handoff; true for exactly one of all who try.

    Args:
        before: what was noted until now.
    """
    noted = INCIDENT_CASES.c.outcome.is_(None) if before is None else INCIDENT_CASES.c.outcome == before
    mine = (INCIDENT_CASES.c.incident == incident, INCIDENT_CASES.c.handoff_id == handoff_id, noted)
    return bool(session.execute(update(INCIDENT_CASES).where(*mine).values(outcome=outcome, ended_at=now_ms())).rowcount)


def unlink_cases(session: Session, incident: str, handoff_ids: Collection[str]) -> None:
    """Forgets that handoffs are linked, of which the incident is not the only block any more."""
    mine = (INCIDENT_CASES.c.incident == incident, INCIDENT_CASES.c.handoff_id.in_(list(handoff_ids)))
    session.execute(INCIDENT_CASES.delete().where(*mine, INCIDENT_CASES.c.outcome.is_(None)))
