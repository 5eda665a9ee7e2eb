"""Ends the episodes of customers who have said nothing for a day."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.core.observations import SILENCE_MS, abandoned, milliseconds
from actions.state.columns import real_now
from actions.state.database import insert_new
from actions.state.episodes import EPISODES, state_in
from actions.state.observations import OBSERVATIONS, rows
from ops.worker import Surroundings

_AT_ONCE = 100


def end_abandoned(here: Surroundings) -> int:
    """Ends all that are over; returns how many."""
    ended = 0
    while True:
        with here.database.session() as session:
            some = _end_some(session)
        ended += some
        if some < _AT_ONCE:
            return ended


def _end_some(session: Session) -> int:
    now = milliseconds(real_now())
    left = (EPISODES.c.episode.is_not(None), EPISODES.c.end.is_(None), EPISODES.c.said_at <= now - SILENCE_MS)
    found = session.execute(select(EPISODES).where(*left).order_by(EPISODES.c.said_at).limit(_AT_ONCE)).all()
    for row in found:
        end = abandoned(state_in(row), now)
        # Whoever speaks just now ends it in their own turn.
        still = (EPISODES.c.user == row.user, EPISODES.c.end.is_(None), EPISODES.c.said_at == row.said_at)
        if end is not None and session.execute(update(EPISODES).where(*still).values(end=end.value)).rowcount:
            insert_new(session, OBSERVATIONS, rows(row.ref, [end]))
    return len(found)
