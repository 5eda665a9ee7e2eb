"""Until when a complaint, or a request to explain a decision, must be answered for good: one row per case and kind, from the moment it was made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Index, UniqueConstraint, and_, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, SmallNumber, rows_as, table_of
from actions.state.database import insert_if_new
from actions.state.handoffs import HANDOFF_EVENTS, HANDOFFS
from actions.state.reasons import GIVE_A_REASON


@dataclass(frozen=True)
class AnswerClock:
    """One.

    Attributes:
        kind: the reason of the handoff that it runs for.
        begun_at, answer_by: epoch milliseconds.
        moves: how often the end was moved.
        why, by: of the last move; the words are masked.
        warned_at: when it was said that it will soon be over; missed_at: that it is over.
    """

    id: RowNumber
    handoff_id: str
    kind: str
    begun_at: int
    answer_by: int
    moves: SmallNumber = 0
    why: str | None = None
    by: str | None = None
    warned_at: int | None = None
    missed_at: int | None = None


ANSWER_CLOCKS = table_of("answer_clocks", AnswerClock, UniqueConstraint("handoff_id", "kind"), Index(None, "answer_by"))


@dataclass(frozen=True)
class ClockRow:
    """A clock beside its case.

    Attributes:
        ended_at: when the case was closed; None: it is open.
        ending: how; see ``handoffs.Handoff``.
    """

    clock: AnswerClock
    ended_at: datetime | None
    ending: str | None


@dataclass(frozen=True)
class ReasonGiven:
    """A case that was handed over, or raised later, for a reason that has a clock, and has none yet."""

    handoff_id: str
    kind: str
    at: datetime


def without_a_clock(session: Session, kinds: Collection[str]) -> tuple[ReasonGiven, ...]:
    """Cases that need a clock and have none, the oldest reason first."""
    if not kinds:
        return ()
    event, reason = HANDOFF_EVENTS.c, HANDOFF_EVENTS.c.detail["reason"].as_string()
    joined = HANDOFF_EVENTS.outerjoin(
        ANSWER_CLOCKS, and_(ANSWER_CLOCKS.c.handoff_id == event.handoff_id, ANSWER_CLOCKS.c.kind == reason)
    ).join(HANDOFFS, HANDOFFS.c.id == event.handoff_id)
    wanted = (
        select(event.handoff_id, reason.label("kind"), event.at)
        .select_from(joined)
        .where(event.kind.in_(GIVE_A_REASON), reason.in_(list(kinds)), ANSWER_CLOCKS.c.id.is_(None))
    )
    return rows_as(ReasonGiven, session.execute(wanted.order_by(event.id)))


def start_clock(session: Session, handoff_id: str, kind: str, begun_at: int, answer_by: int) -> bool:
    """Starts a clock; false if it runs already."""
    row = {"handoff_id": handoff_id, "kind": kind, "begun_at": begun_at, "answer_by": answer_by, "moves": 0}
    return insert_if_new(session, ANSWER_CLOCKS, row)


def get_clock(session: Session, number: int) -> ClockRow | None:
    """One by its number."""
    return next(iter(_rows(session, ANSWER_CLOCKS.c.id == number)), None)


def clocks_of(session: Session, handoff_id: str) -> tuple[ClockRow, ...]:
    """Those of one case, the next to end first."""
    return _rows(session, ANSWER_CLOCKS.c.handoff_id == handoff_id)


def running_clocks(session: Session) -> tuple[ClockRow, ...]:
    """Those of open cases, the next to end first."""
    return _rows(session, HANDOFFS.c.closed_at.is_(None))


def clocks_between(session: Session, since: int, until: int) -> tuple[ClockRow, ...]:
    """Those that began from an instant to before another."""
    return _rows(session, ANSWER_CLOCKS.c.begun_at >= since, ANSWER_CLOCKS.c.begun_at < until)


def note_told(session: Session, clock: AnswerClock, what: Literal["warned_at", "missed_at"], at: int) -> bool:
    """Notes that it was said of a clock that it ends, or has ended; true for exactly one of all who try."""
    untold = (ANSWER_CLOCKS.c.id == clock.id, ANSWER_CLOCKS.c.moves == clock.moves, ANSWER_CLOCKS.c[what].is_(None))
    return bool(session.execute(update(ANSWER_CLOCKS).where(*untold).values({what: at})).rowcount)


def move_clock(session: Session, clock: AnswerClock, until: int, why: str, by: str) -> bool:
    """Moves the end of a clock, of which nobody was warned then; false if somebody else has meanwhile."""
    as_it_was = (ANSWER_CLOCKS.c.id == clock.id, ANSWER_CLOCKS.c.moves == clock.moves)
    moved = {"answer_by": until, "moves": clock.moves + 1, "why": why, "by": by, "warned_at": None}
    return bool(session.execute(update(ANSWER_CLOCKS).where(*as_it_was).values(moved)).rowcount)


def _rows(session: Session, *conditions: object) -> tuple[ClockRow, ...]:
    joined = ANSWER_CLOCKS.join(HANDOFFS, HANDOFFS.c.id == ANSWER_CLOCKS.c.handoff_id)
    wanted = select(ANSWER_CLOCKS, HANDOFFS.c.closed_at.label("ended_at"), HANDOFFS.c.ending).select_from(joined).where(*conditions)
    found = session.execute(wanted.order_by(ANSWER_CLOCKS.c.answer_by, ANSWER_CLOCKS.c.id)).mappings()
    names = [column.name for column in ANSWER_CLOCKS.c]
    return tuple(ClockRow(AnswerClock(**{name: row[name] for name in names}), row["ended_at"], row["ending"]) for row in found)
