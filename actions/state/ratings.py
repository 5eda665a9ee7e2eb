"""How customers rated the ends of their conversations: one rating per end, the latest counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, column, select, update
from sqlalchemy.orm import Session

from actions.core.messages import ENDS
from actions.state import observations
from actions.state.columns import SmallNumber, real_now, rows_as, table_of
from actions.state.conversations import MESSAGES
from actions.state.database import insert_if_new

SCORES = range(1, 6)


class NotAnEnd(LookupError):
    """The conversation has no such message, or it ends nothing."""


@dataclass(frozen=True)
class Rating:
    """One rating; ``seq`` is the number of the message that ended the case, ``at`` real time."""

    conversation_id: str
    seq: int
    score: SmallNumber
    word: str | None
    at: datetime


RATINGS = table_of(
    "ratings",
    Rating,
    ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
    CheckConstraint(column("score").between(SCORES[0], SCORES[-1]), name="score_range"),
    Index(None, "at"),
    key=("conversation_id", "seq"),
)


def rate(session: Session, conversation_id: str, seq: int, score: int, word: str | None = None) -> None:
    """Stores a rating, in place of an earlier one of the same end.

    Args:
        seq: the message that ended the case.
        score: 1 (bad) to 5 (good).
        word: what the customer added, already masked.

    Raises:
        NotAnEnd: there is nothing to rate there.
    """
    wanted = select(MESSAGES.c.data).where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.seq == seq, MESSAGES.c.role == "bot")
    data = session.execute(wanted).scalar()
    if not data or data.get("type") not in ENDS:
        raise NotAnEnd(seq)
    now = real_now()
    given = {"score": score, "word": word, "at": now}
    if not insert_if_new(session, RATINGS, {"conversation_id": conversation_id, "seq": seq, **given}):
        mine = (RATINGS.c.conversation_id == conversation_id, RATINGS.c.seq == seq)
        session.execute(update(RATINGS).where(*mine).values(**given))
    observations.observe_rating(session, conversation_id, seq, score, now)


def ratings(session: Session, conversation_id: str, after: int = 0) -> tuple[Rating, ...]:
    """The ratings of a conversation in the order of its ends, those of ends with a number above ``after``."""
    wanted = select(RATINGS).where(RATINGS.c.conversation_id == conversation_id, RATINGS.c.seq > after).order_by(RATINGS.c.seq)
    return rows_as(Rating, session.execute(wanted))
