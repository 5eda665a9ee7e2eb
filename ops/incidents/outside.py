"""Notes what was done to incidents behind our back: a world file or the demo ended, opened or emptied them away."""

from __future__ import annotations

from actions.core.incident_stages import IncidentStage
from actions.state.database import lock_writers
from actions.state.incidents import write_note
from actions.state.world.tables import facts_now
from ops.incidents.reading import Outside, every_incident
from ops.worker import Surroundings

OUTSIDE = "outside"
"""Who did it, as far as we know."""
_STAGES: dict[Outside, IncidentStage] = {"ended": "resolved", "gone": "resolved", "opened": "investigating"}
_SAID: dict[Outside, str] = {"ended": "ended outside the console", "gone": "gone from the world", "opened": "opened outside the console"}


def note_outside(here: Surroundings) -> int:
    """Writes a step for each such change; how many there were. What was never declared here stays without steps."""
    with here.database.session() as session:
        changed = [view for view in every_incident(session, facts_now(session, here.settings.now)) if view.outside and view.notes]
    if not changed:
        return 0
    written = 0
    with here.database.session() as session:
        lock_writers(session)
        for view in every_incident(session, facts_now(session, here.settings.now)):
            if view.outside is not None and view.notes:
                write_note(session, view.id, _STAGES[view.outside], OUTSIDE, internal=_SAID[view.outside])
                written += 1
    return written
