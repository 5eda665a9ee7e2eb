"""The worker's drafts of reviews: made when an incident is over, and anew while people may still come back to see their plans."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.state.incident_afterwards import written_at
from actions.state.incident_reviews import DraftedReview, drafted_at, keep_review
from actions.state.incident_waits import latest_told
from actions.state.incidents import now_ms
from actions.state.world.tables import facts_now
from ops.incidents.reading import IncidentView, every_incident
from ops.worker import Surroundings

_FRESH_MS = 10 * 60 * 1000
"""How old a review may be while people still come back; while they are being told, or have written something, it is drafted anew at every look."""
_COMING_BACK_MS = 25 * 60 * 60 * 1000
"""A review counts those who came back within a day."""


def draft_reviews(here: Surroundings) -> int:
    """Drafts what is due, one at a time; how many there were."""
    # What draws is loaded when there is something to draw.
    from ops.incidents.review import review

    with here.database.session() as session:
        now = facts_now(session, here.settings.now)
        before, latest = drafted_at(session), _latest(session)
        due = [view for view in every_incident(session, now) if _is_due(view, before.get(view.id), latest.get(view.id, 0), now_ms())]
    for view in due:
        with here.database.session() as session:
            html = review(session, here.knowledge.current, here.facts(session), view, now, "html")
            keep_review(session, DraftedReview(view.id, html, now_ms()))
    return len(due)


def _latest(session: Session) -> dict[str, int]:
    """When somebody was told of the end of each incident last, or has written something after it."""
    written, told = written_at(session), latest_told(session)
    return {incident: max(written.get(incident, 0), told.get(incident, 0)) for incident in (*written, *told)}


def _is_due(view: IncidentView, drafted: int | None, changed: int, now: int) -> bool:
    ended = view.updated_at
    if view.stage != "resolved" or ended is None:
        return False
    return drafted is None or drafted < max(ended, changed) or (now - ended < _COMING_BACK_MS and now - drafted >= _FRESH_MS)
