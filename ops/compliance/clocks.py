"""The clocks of complaints and of requests to explain a decision: when they start, what is said before they end, and how many were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI, local
from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import audit, outbox
from actions.state.answer_clocks import (
    AnswerClock,
    ClockRow,
    clocks_of,
    get_clock,
    move_clock,
    note_told,
    running_clocks,
    start_clock,
    without_a_clock,
)
from actions.state.columns import real_now
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.words import said
from ops.worker import Surroundings

DAY = 86_400_000
WARNED = 3 * DAY
"""Before the end, in milliseconds."""
DUE, MISSED = "compliance.clock_due", "compliance.clock_missed"

ClockState = Literal["running", "soon", "missed", "kept", "withdrawn"]


def state_of(row: ClockRow, now: int) -> ClockState:
    """Where a clock stands: a case that is closed in time was kept, one that the customer took back needs no answer."""
    ended, until = row.ended_at, row.clock.answer_by
    if (now if ended is None else milliseconds(ended)) > until:
        return "missed"
    if ended is None:
        return "soon" if until - now <= WARNED else "running"
    return "withdrawn" if row.ending in ("withdrawn", "solved") else "kept"


@dataclass(frozen=True)
class ClockView:
    """A clock as pages show it.

    Attributes:
        title: of the reason.
        days_left: whole days until the end, below 0 once it was over for so many.
        next_days: up to how many days it can be moved; None: no further.
    """

    row: ClockRow
    title: str
    state: ClockState
    days_left: int
    next_days: int | None

    def to_data(self) -> dict[str, Any]:
        """For programs and templates."""
        clock = self.row.clock
        return {
            "id": clock.id,
            "handoff": clock.handoff_id,
            "kind": clock.kind,
            "title": self.title,
            "state": self.state,
            "begun_at": shown(clock.begun_at),
            "answer_by": shown(clock.answer_by),
            "days_left": self.days_left,
            "moves": clock.moves,
            "why": clock.why,
            "next_days": self.next_days,
        }


def shown(at: int) -> str:
    """An instant for programs, in the time zone people read."""
    return local(datetime.fromtimestamp(at / 1000, SHANGHAI)).isoformat(timespec="seconds")


def view_of(row: ClockRow, knowledge: Knowledge, now: int) -> ClockView:
    """A clock as pages show it."""
    known, days = knowledge.handoffs.get(row.clock.kind), knowledge.answer_days.get(row.clock.kind, ())
    title = known.agents.title if known is not None else row.clock.kind
    return ClockView(row, title, state_of(row, now), int((row.clock.answer_by - now) / DAY), next(iter(days[row.clock.moves + 1 :]), None))


def open_clocks(session: Session, knowledge: Knowledge, now: int) -> tuple[ClockView, ...]:
    """Those of open cases, the next to end first."""
    return tuple(view_of(row, knowledge, now) for row in running_clocks(session))


def clock_of_case(session: Session, handoff_id: str, knowledge: Knowledge, now: int) -> ClockView | None:
    """The clock of a case that ends first; None: it needs no final answer."""
    return next((view_of(row, knowledge, now) for row in clocks_of(session, handoff_id)), None)


def run_clocks(here: Surroundings) -> int:
    """Starts clocks and says which end soon or have ended; how much that was."""
    with here.database.session() as session:
        return start_clocks(session, here.knowledge.current) + tell_of_clocks(session, milliseconds(real_now()))


def start_clocks(session: Session, knowledge: Knowledge) -> int:
    """Starts the clocks of cases that have none yet, each from the moment its reason was given; how many."""
    return sum(
        start_clock(session, each.handoff_id, each.kind, begun := milliseconds(each.at), begun + knowledge.answer_days[each.kind][0] * DAY)
        for each in without_a_clock(session, list(knowledge.answer_days))
    )


def tell_of_clocks(session: Session, now: int) -> int:
    """Notes in the outbox which clocks end within three days, and which have ended without an answer; each once per end."""
    told = 0
    for row in running_clocks(session):
        clock, state = row.clock, state_of(row, now)
        if state == "missed" and clock.missed_at is None and note_told(session, clock, "missed_at", now):
            told += _tell(session, MISSED, clock)
        elif state == "soon" and clock.warned_at is None and note_told(session, clock, "warned_at", now):
            told += _tell(session, DUE, clock)
    return told


def _tell(session: Session, event: str, clock: AnswerClock) -> bool:
    return outbox.put_for_operators(session, event, {"clock": clock.id}, f"{event}-{clock.id}-{clock.moves}")


def extend(session: Session, knowledge: Knowledge, number: int, why: object, by: str) -> ClockView:
    """Moves the end of a clock to the next number of days, and says why in the audit; the clock afterwards.

    Raises:
        ComplianceRefused: there is no such clock, it has ended, it cannot be moved further, or no reason is given.
    """
    now, row = milliseconds(real_now()), get_clock(session, number)
    if row is None:
        raise ComplianceRefused("not_found", f"there is no clock {number}")
    view = view_of(row, knowledge, now)
    if view.state not in ("running", "soon"):
        raise ComplianceRefused("clock_over", f"the clock of {row.clock.handoff_id} is over: {view.state}")
    if view.next_days is None:
        raise ComplianceRefused("clock_longest", f"the clock of {row.clock.handoff_id} cannot be moved further")
    reason, until = said(why), row.clock.begun_at + view.next_days * DAY
    if not move_clock(session, row.clock, until, reason, by):
        raise ComplianceRefused("clock_over", f"the clock of {row.clock.handoff_id} was moved by somebody else just now")
    detail = {"clock": row.clock.kind, "days": view.next_days, "until": shown(until), audit.WORDS: reason}
    audit.record(session, by, "compliance.extend", row.clock.handoff_id, detail)
    after = get_clock(session, number)
    assert after is not None
    return view_of(after, knowledge, now)


def tallied(rows: Iterable[ClockRow], now: int) -> Mapping[str, Mapping[str, int]]:
    """How many clocks stand where, by kind; ``moved`` counts those of them that were moved."""
    found: dict[str, dict[str, int]] = {}
    for kind, state in _counted(rows, now):
        of_kind = found.setdefault(kind, dict.fromkeys(("received", "kept", "missed", "withdrawn", "running", "moved"), 0))
        of_kind[state] += 1
    return found


def _counted(rows: Iterable[ClockRow], now: int) -> Iterator[tuple[str, str]]:
    for row in rows:
        state = state_of(row, now)
        yield row.clock.kind, "received"
        yield row.clock.kind, "running" if state == "soon" else state
        if row.clock.moves:
            yield row.clock.kind, "moved"
