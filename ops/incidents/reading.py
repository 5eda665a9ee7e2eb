"""Incidents as they stand: what people said about them, held against the world, which others may have changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.incident_stages import OPEN, IncidentStage
from actions.core.moments import Moment, end_of, is_over
from actions.core.platform import Affects, Incident
from actions.core.record import to_file
from actions.state.incidents import ETA_UNKNOWN, IncidentNote, Milliseconds, all_notes, notes_of
from actions.state.world.rows import read_rows
from ops.incidents.refusals import IncidentRefused
from ops.incidents.scope import scope_data

Outside = Literal["ended", "gone", "opened"]
"""What was done to an incident without us: a world file or the demo ended it, emptied it away, or opened it."""


@dataclass(frozen=True)
class IncidentView:
    """An incident as it stands.

    Attributes:
        row: of the world; None for a draft, and where it is gone.
        outside: what the world says that no step of ours explains.
        notice: what customers read.
    """

    id: str
    stage: IncidentStage
    component: str | None
    severity: str | None
    notice: str
    affects: Affects
    eta: Moment | None
    row: Incident | None
    notes: tuple[IncidentNote, ...]
    outside: Outside | None

    @property
    def is_open(self) -> bool:
        """Whether customers are told of it."""
        return self.stage in OPEN

    @property
    def from_alert(self) -> str | None:
        """The alert it was made of."""
        found: str | None = _latest(self.notes, "from_alert")
        return found

    @property
    def evidence(self) -> Any:
        """What that alert saw."""
        return _latest(self.notes, "evidence")

    @property
    def updated_at(self) -> Milliseconds | None:
        """When somebody last said something, in real time."""
        return self.notes[-1].at if self.notes else None

    def since(self, stage: IncidentStage) -> Milliseconds | None:
        """When it first came to a stage, in real time."""
        return next((note.at for note in self.notes if note.stage == stage), None)

    def to_data(self) -> dict[str, Any]:
        """As machines read it."""
        row = self.row
        return {
            "id": self.id,
            "stage": self.stage,
            "component": self.component,
            "severity": self.severity,
            "notice": self.notice,
            "affects": scope_data(self.affects),
            "started_at": to_file(row.started_at) if row else None,
            "eta": to_file(self.eta),
            "resolved_at": to_file(row.resolved_at) if row else None,
            "from_alert": self.from_alert,
            "outside": self.outside,
            "updated_at": self.updated_at,
            "notes": [note_data(note) for note in self.notes],
        }


def note_data(note: IncidentNote) -> dict[str, Any]:
    """A step as machines read it; what it leaves open is left out, and an expected end that is not known any more is null."""
    said = {name: value for name, value in vars(note).items() if value is not None and name not in ("id", "incident")}
    return {**said, "eta": None} if note.eta == ETA_UNKNOWN else said


def find_incident(session: Session, incident: str, now: datetime) -> IncidentView:
    """One incident.

    Raises:
        IncidentRefused: there is none of that id.
    """
    notes = notes_of(session, incident)
    row = read_rows(session, "incidents", [incident]).get(incident)
    if row is None and not notes:
        raise IncidentRefused(404, "unknown-incident", f"there is no incident {incident}")
    return _view(incident, notes, row, now)


def every_incident(session: Session, now: datetime) -> tuple[IncidentView, ...]:
    """All of them, open ones first and each kind the latest first."""
    notes, rows = all_notes(session), read_rows(session, "incidents")
    views = [_view(each, notes.get(each, ()), rows.get(each), now) for each in sorted({*notes, *rows})]
    return tuple(sorted(views, key=lambda view: (not view.is_open, view.stage != "draft", -_when(view))))


def open_rows(session: Session, now: datetime) -> tuple[Incident, ...]:
    """The world's incidents that are not over, whoever brought them."""
    rows = read_rows(session, "incidents").values()
    return tuple(row for row in rows if not _is_over(row, now))


def as_ms(moment: Moment | None) -> Milliseconds | None:
    """A moment as milliseconds since the epoch; a day by its end."""
    return None if moment is None else int(end_of(moment).timestamp() * 1000)


def _when(view: IncidentView) -> int:
    return view.updated_at or (as_ms(view.row.started_at) if view.row else None) or 0


def _is_over(row: Incident, now: datetime) -> bool:
    return row.resolved_at is not None and is_over(row.resolved_at, now)


def _latest(notes: Sequence[IncidentNote], name: str) -> Any:
    return next((value for note in reversed(notes) if (value := getattr(note, name)) is not None), None)


def _view(incident: str, notes: tuple[IncidentNote, ...], row: Incident | None, now: datetime) -> IncidentView:
    stage, outside = _stage(notes, row, now)
    given = Affects(**(_latest(notes, "affects") or {})) if row is None else row.affects
    return IncidentView(
        id=incident,
        stage=stage,
        component=row.component if row else _latest(notes, "component"),
        severity=row.severity if row else _latest(notes, "severity"),
        notice=row.notice if row else _latest(notes, "public") or "",
        affects=given,
        eta=row.eta if row else None,
        row=row,
        notes=notes,
        outside=outside,
    )


def _stage(notes: tuple[IncidentNote, ...], row: Incident | None, now: datetime) -> tuple[IncidentStage, Outside | None]:
    said = notes[-1].stage if notes else None
    if row is None:
        return ("resolved", "gone") if said in OPEN or said is None else (said, None)
    if _is_over(row, now):
        return ("resolved", "ended") if said in OPEN or said is None else (said, None)
    if said is None or said not in OPEN:
        return "investigating", "opened"
    return said, None
