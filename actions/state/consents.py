"""Who has said yes to being told what is to come: by topic, to which words, and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Index, and_, func, or_, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, SmallNumber, rows_as, table_of
from actions.state.database import insert_if_new


@dataclass(frozen=True)
class Consent:
    """One yes. What is withdrawn stays as the proof of what was allowed until then.

    Attributes:
        wording: the name of the words that were asked.
        given_at, withdrawn_at: real time, epoch milliseconds.
        lead: how many days before something begins the customer wants to be told at most; None: as the causes say.
        planned_for: the day on the facts' clock for which what is to come was looked up last, as ISO text; ``planned_at``: when, real time.
    """

    id: RowNumber
    user: str
    topic: str
    wording: str
    given_at: int
    withdrawn_at: int | None = None
    lead: SmallNumber | None = None
    planned_for: str | None = None
    planned_at: int | None = None


CONSENTS = table_of("consents", Consent)
_OPEN = CONSENTS.c.withdrawn_at.is_(None)
Index("uq_consents_open", CONSENTS.c.user, CONSENTS.c.topic, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_consents_planned", CONSENTS.c.withdrawn_at, CONSENTS.c.planned_for, CONSENTS.c.user)


def give_consent(session: Session, user: str, topic: str, wording: str, at: int) -> bool:
    """Notes a yes; false if it stands already."""
    return insert_if_new(session, CONSENTS, {"user": user, "topic": topic, "wording": wording, "given_at": at})


def withdraw_consent(session: Session, user: str, topic: str | None, at: int) -> int:
    """Ends the consent to a topic, or to all; how many stood."""
    mine = [_OPEN, CONSENTS.c.user == user, *([] if topic is None else [CONSENTS.c.topic == topic])]
    return int(session.execute(update(CONSENTS).where(*mine).values(withdrawn_at=at)).rowcount)


def set_lead(session: Session, user: str, topic: str, days: int) -> None:
    """Notes how many days before something begins a customer wants to be told."""
    mine = (_OPEN, CONSENTS.c.user == user, CONSENTS.c.topic == topic)
    session.execute(update(CONSENTS).where(*mine).values(lead=days))


def consents_of(session: Session, user: str) -> tuple[Consent, ...]:
    """What a customer has said yes to, and not withdrawn."""
    return rows_as(Consent, session.execute(select(CONSENTS).where(_OPEN, CONSENTS.c.user == user).order_by(CONSENTS.c.id)))


def consents_of_many(session: Session, users: Collection[str]) -> dict[str, dict[str, Consent]]:
    """The same of several customers, by customer and topic."""
    found: dict[str, dict[str, Consent]] = {}
    for consent in rows_as(Consent, session.execute(select(CONSENTS).where(_OPEN, CONSENTS.c.user.in_(list(users))))):
        found.setdefault(consent.user, {})[consent.topic] = consent
    return found


def not_planned(session: Session, day: str, since: int, limit: int) -> tuple[str, ...]:
    """Customers for whom nobody has looked up what is to come: for this day of the facts' clock, or since an instant; at most so many."""
    old = or_(CONSENTS.c.planned_for.is_(None), CONSENTS.c.planned_for != day, CONSENTS.c.planned_at < since)
    wanted = select(CONSENTS.c.user).where(_OPEN, old).distinct().order_by(CONSENTS.c.user).limit(limit)
    return tuple(session.execute(wanted).scalars())


def never_planned(session: Session) -> int:
    """Of how many customers who have said yes nobody has looked up yet what is to come."""
    new = (_OPEN, CONSENTS.c.planned_for.is_(None))
    return int(session.execute(select(func.count(CONSENTS.c.user.distinct())).where(*new)).scalar_one())


def note_planned(session: Session, users: Collection[str], day: str, at: int) -> None:
    """Notes that somebody has."""
    session.execute(update(CONSENTS).where(_OPEN, CONSENTS.c.user.in_(list(users))).values(planned_for=day, planned_at=at))


def consenting(session: Session) -> dict[str, int]:
    """How many customers have said yes, by topic."""
    counted = select(CONSENTS.c.topic, func.count()).where(_OPEN).group_by(CONSENTS.c.topic)
    return {topic: int(count) for topic, count in session.execute(counted)}


def opted_out(session: Session, since: int) -> tuple[int, int]:
    """How many customers withdrew a consent since an instant, and how many had one then or gave one since."""
    had = or_(_OPEN, CONSENTS.c.withdrawn_at >= since)
    of = session.execute(select(func.count(CONSENTS.c.user.distinct())).where(had)).scalar_one()
    gone = and_(CONSENTS.c.withdrawn_at.is_not(None), CONSENTS.c.withdrawn_at >= since)
    left = session.execute(select(func.count(CONSENTS.c.user.distinct())).where(gone)).scalar_one()
    return int(left), int(of)
