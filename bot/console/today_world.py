"""What the world itself says of today: incidents that are open, maintenance that was to end and did not help, policies that come into force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import has_begun, is_over, local, start_of
from actions.core.platform import Incident, Maintenance, Policy
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.incidents import all_notes
from actions.state.world.changes import changes_since
from actions.state.world.rows import read_rows
from bot.console.today import Item, Section

AHEAD = timedelta(days=30)
"""Within which a policy that comes into force is told of."""
OVERDUE = timedelta(hours=24)
"""For so long after maintenance was to end, an incident of the same component is told of with it."""
_REACH = timedelta(days=7)
"""How far back changes of the world are looked at; an incident without any in it has waited for longer than anybody need be told."""


@dataclass(frozen=True)
class WorldToday:
    """The sections.

    Attributes:
        database: where the world is.
        world_now: the clock of its facts, by which incidents, maintenance and policies hold.
    """

    database: Database
    world_now: Callable[[Session], datetime]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All of them."""
        return Section("incidents", self._incidents), Section("maintenance", self._maintenance), Section("policies", self._policies)

    def _incidents(self) -> Sequence[Item]:
        with self.database.session() as session:
            now = self.world_now(session)
            found = _open(read_rows(session, "incidents"), now)
            changed = _changed(session) if found else {}
        items = [_incident(each, now, changed.get(each.id)) for each in found]
        return sorted(items, key=lambda item: item["minutes_since_update"], reverse=True)

    def _maintenance(self) -> Sequence[Item]:
        with self.database.session() as session:
            now = self.world_now(session)
            windows: Mapping[str, Maintenance] = read_rows(session, "maintenance")
            open_ = _open(read_rows(session, "incidents"), now)
        over = [
            each for each in windows.values() if is_over(each.ends_at, now) and not is_over(local(start_of(each.ends_at)) + OVERDUE, now)
        ]
        return [
            {"id": window.id, "component": window.component, "ended_at": window.ends_at.isoformat(), **_linked(incident.id)}
            for window in over
            for incident in open_
            if incident.component == window.component
        ]

    def _policies(self) -> Sequence[Item]:
        with self.database.session() as session:
            now = self.world_now(session)
            policies: Mapping[str, Policy] = read_rows(session, "policies")
        coming = [each for each in policies.values() if now < start_of(each.effective_from) <= now + AHEAD]
        return [
            {"id": each.id, "kind": each.kind, "from": each.effective_from.isoformat(), "notice": each.notice}
            for each in sorted(coming, key=lambda each: (start_of(each.effective_from), each.id))
        ]


def _open(incidents: Mapping[str, Incident], now: datetime) -> list[Incident]:
    begun = (each for each in incidents.values() if has_begun(each.started_at, now))
    return [each for each in begun if each.resolved_at is None or not is_over(each.resolved_at, now)]


def _incident(incident: Incident, now: datetime, changed: datetime | None) -> dict[str, Any]:
    waited = now - start_of(incident.started_at) if changed is None else real_now() - changed
    return {
        "component": incident.component,
        "severity": incident.severity,
        "started_at": incident.started_at.isoformat(),
        "eta": None if incident.eta is None else incident.eta.isoformat(),
        "minutes_since_update": max(0, int(waited.total_seconds() // 60)),
        **_linked(incident.id),
    }


def _linked(incident: str) -> dict[str, str]:
    return {"incident": incident, "link": f"/console/incidents/{incident}"}


def _changed(session: Session) -> dict[str, datetime]:
    """When somebody last wrote each incident or said something of it, in real time."""
    changes = changes_since(session, real_now() - _REACH)
    found = {str(row.key): change.at for change in changes for row in change.rows or () if row.section == "incidents"}
    said = {incident: datetime.fromtimestamp(notes[-1].at / 1000, timezone.utc) for incident, notes in all_notes(session).items()}
    return {**found, **{incident: max(at, found.get(incident, at)) for incident, at in said.items()}}
