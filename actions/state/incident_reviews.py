"""Reviews of incidents that the operators' worker has drafted, as files for their pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of


@dataclass(frozen=True)
class DraftedReview:
    """The latest review of an incident.

    Attributes:
        html: one document that needs no other.
        made_at: epoch milliseconds.
    """

    incident: str
    html: str
    made_at: int


INCIDENT_REVIEWS = table_of("incident_reviews", DraftedReview, key=("incident",))


def keep_review(session: Session, review: DraftedReview) -> None:
    """Stores a review in the place of the one before."""
    session.execute(delete(INCIDENT_REVIEWS).where(INCIDENT_REVIEWS.c.incident == review.incident))
    session.execute(insert(INCIDENT_REVIEWS).values(vars(review)))


def find_review(session: Session, incident: str) -> DraftedReview | None:
    """The review of an incident; None while the worker has not drafted it."""
    wanted = select(INCIDENT_REVIEWS).where(INCIDENT_REVIEWS.c.incident == incident)
    return next(iter(rows_as(DraftedReview, session.execute(wanted))), None)


def drafted_at(session: Session) -> dict[str, int]:
    """When each was drafted last, epoch milliseconds."""
    return {row.incident: int(row.made_at) for row in session.execute(select(INCIDENT_REVIEWS.c.incident, INCIDENT_REVIEWS.c.made_at))}
