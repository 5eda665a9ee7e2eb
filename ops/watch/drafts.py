"""What an alert tells the operator on duty before they have asked: a draft of an incident, with whom it affects, what is probably broken, and the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from actions.core.incident_stages import OPEN
from actions.core.platform import Component
from actions.state.alerts import AlertRow
from actions.state.incidents import all_notes
from ops.incidents.service import make_draft
from ops.watch.settings import WatchSettings
from ops.watch.watching import Broken, minute_of

WATCH = "watch"
"""Who drafts."""
SCOPES = {"region": "regions", "merchant": "merchants", "category": "categories", "channel": "channels"}
"""The dimensions in which an incident can be narrowed, and what its scope calls them."""
_MOST = 0.6
"""Part of the affected that must be within a scope, or it holds for everybody."""
_SHOWN = 5


def scope_of(drill: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Whom a trouble affects, by its surest dimension alone: what goes with that one only by chance would leave customers out.

    Args:
        drill: over-represented values, the surest first.
    """
    for first in drill:
        if first["dim"] not in SCOPES:
            continue
        values = [each for each in drill if each["dim"] == first["dim"]]
        if sum(each["share"] for each in values) >= _MOST:
            return {SCOPES[first["dim"]]: [each["value"] for each in values]}
    return {}


def draft_incident(session: Session, alert: AlertRow, settings: WatchSettings) -> str:
    """Drafts an incident from an alert; its id. Nobody is told of it before somebody has declared it."""
    component = _component(alert, settings)
    notice = None if component is None else settings.notices.get(component)
    return make_draft(
        session,
        component=component,
        severity=None,
        affects=scope_of(alert.drill),
        notice=notice,
        evidence={
            "alert": alert.id,
            "streams": list(alert.streams),
            "since": alert.since,
            "observed": alert.observed,
            "expected": round(alert.expected, 2),
            "ratio": [alert.ratio_low, alert.ratio_high],
            "drill": list(alert.drill[:_SHOWN]),
        },
        from_alert=alert.id,
        by=WATCH,
    )


def _component(alert: AlertRow, settings: WatchSettings) -> Component | None:
    return next((settings.components[stream] for stream in alert.streams if stream in settings.components), None)


def declared_incidents(session: Session) -> tuple[Broken, ...]:
    """The incidents that people have declared and not withdrawn, in real time."""
    found: list[Broken] = []
    for incident, notes in all_notes(session).items():
        begun = next((note.at for note in notes if note.stage in OPEN), None)
        if begun is None or notes[-1].stage == "withdrawn":
            continue
        ended = notes[-1].at if notes[-1].stage == "resolved" else None
        found.append(Broken(incident, minute_of(begun / 1000), None if ended is None else minute_of(ended / 1000)))
    return tuple(found)
