"""Tells operators, of an incident that is mended and being watched, that complaints are back at what is usual, or that they are not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy.orm import Session

from actions.core.platform import Affects
from actions.state import outbox
from actions.state.alerts import Millis
from actions.state.incidents import IncidentNote, all_notes
from ops.watch.baseline import MINUTES, calm
from ops.watch.drafts import declared_incidents

CALM, RISING = "incident.calm", "incident.rising"
_WATCHED = "monitoring"


def tell_of_calm(session: Session, now: Millis) -> int:
    """Notes what is new of every incident that has been watched for long enough, once each; returns how much that was."""
    told = 0
    for incident, notes in all_notes(session).items():
        watched = _since_watched(notes)
        if watched is None or now - watched < MINUTES * 60_000:
            continue
        scope: Any = next((note.affects for note in reversed(notes) if note.affects is not None), {})
        found = calm(session, now, Affects.parse_obj(scope), declared_incidents(session))
        event = CALM if found.back else RISING if found.rising else None
        if event is not None:
            detail = {"incident": incident, "note": notes[-1].id}
            told += outbox.put_for_operators(session, event, detail, f"{incident}-{watched}-{event}")
    return told


def _since_watched(notes: Sequence[IncidentNote]) -> Millis | None:
    """Since when an incident is mended and being watched; None: it is not."""
    lately = list(takewhile(lambda note: note.stage == _WATCHED, reversed(notes)))
    return lately[-1].at if lately else None
