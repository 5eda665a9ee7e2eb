"""What customers think of single answers of the assistant's: a thumb up or down, the latest counts, and it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ForeignKeyConstraint, Index, delete, select, update
from sqlalchemy.orm import Session

from actions.state.columns import real_now, rows_as, table_of
from actions.state.conversations import MESSAGES
from actions.state.database import insert_if_new

Vote = Literal["up", "down"]
VOTES: tuple[str, ...] = get_args(Vote)
REASONS = ("beside", "unclear", "wrong", "no_help")
"""Why an answer was not good: it answers something else, is hard to follow, is not true, or does not help."""


class NotAnAnswer(LookupError):
    """The conversation has no such message of the assistant's."""


@dataclass(frozen=True)
class Feedback:
    """One vote; ``seq`` is the number of the message it is about, ``at`` real time."""

    conversation_id: str
    seq: int
    vote: Vote
    reason: str | None
    word: str | None
    at: datetime


FEEDBACK = table_of(
    "feedback",
    Feedback,
    ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
    Index(None, "at"),
    key=("conversation_id", "seq"),
)


def vote(session: Session, conversation_id: str, seq: int, given: Vote | None, reason: str | None = None, word: str | None = None) -> None:
    """Stores a vote in place of an earlier one on the same message, or takes it back.

    Args:
        seq: the assistant's message it is about.
        given: None takes back what was given; there may be nothing to take back.
        reason: why, one of ``REASONS``.
        word: what the customer added, already masked.

    Raises:
        NotAnAnswer: there is no such message of the assistant's.
    """
    wanted = select(MESSAGES.c.seq).where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.seq == seq, MESSAGES.c.role == "bot")
    if session.execute(wanted).first() is None:
        raise NotAnAnswer(seq)
    mine = (FEEDBACK.c.conversation_id == conversation_id, FEEDBACK.c.seq == seq)
    if given is None:
        session.execute(delete(FEEDBACK).where(*mine))
        return
    row = {"vote": given, "reason": reason, "word": word, "at": real_now()}
    if not insert_if_new(session, FEEDBACK, {"conversation_id": conversation_id, "seq": seq, **row}):
        session.execute(update(FEEDBACK).where(*mine).values(**row))


def feedback(session: Session, conversation_id: str, after: int = 0) -> tuple[Feedback, ...]:
    """The votes of a conversation on messages with a number above ``after``, in the messages' order."""
    wanted = select(FEEDBACK).where(FEEDBACK.c.conversation_id == conversation_id, FEEDBACK.c.seq > after).order_by(FEEDBACK.c.seq)
    return rows_as(Feedback, session.execute(wanted))
