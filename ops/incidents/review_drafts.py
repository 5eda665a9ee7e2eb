"""The worker's drafts of reviews: made when an incident is over, and anew while people may still come back to see their plans."""

from __future__ import annotations

from actions.state.incident_reviews import DraftedReview, drafted_at, keep_review
from actions.state.incidents import now_ms
from actions.state.world.tables import facts_now
from ops.incidents.reading import IncidentView, every_incident
from ops.worker import Surroundings

_FRESH_MS = 10 * 60 * 1000
_COMING_BACK_MS = 25 * 60 * 60 * 1000
"""A review counts those who came back within a day."""


def draft_reviews(here: Surroundings) -> int:
    """Drafts what is due, one at a time; how many there were."""
    # What draws is loaded when there is something to draw.
    from ops.incidents.review import review

    with here.database.session() as session:
        now = facts_now(session, here.settings.now)
        before = drafted_at(session)
        due = [view for view in every_incident(session, now) if _is_due(view, before.get(view.id), now_ms())]
    for view in due:
        with here.database.session() as session:
            html = review(session, here.knowledge.current, here.facts(session), view, now, "html")
            keep_review(session, DraftedReview(view.id, html, now_ms()))
    return len(due)


def _is_due(view: IncidentView, drafted: int | None, now: int) -> bool:
    ended = view.updated_at
    if view.stage != "resolved" or ended is None:
        return False
    return drafted is None or drafted < ended or (now - ended < _COMING_BACK_MS and now - drafted >= _FRESH_MS)
