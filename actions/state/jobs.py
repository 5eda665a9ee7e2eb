"""The passes of the operators' half: whose turn it is, and how each has fared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state.columns import real_now, rows_as, table_of
from actions.state.database import insert_if_new

HELD_SECONDS = 30.0
"""After so long without being renewed, a pass under way is taken by another worker."""


@dataclass(frozen=True)
class Job:
    """A pass as every worker sees it; times are milliseconds of the epoch.

    Attributes:
        name: of the pass.
        due: from when on it may be claimed; while it is under way, by when its worker must have renewed it.
        holder: who runs it now.
        last_success: when it last ended well.
        seconds: how long it took the last time.
        runs: how often it ran, well or not.
        failures: how often not.
        error: the kind of the latest failure, None once it works again.
    """

    name: str
    due: int
    holder: str | None
    last_success: int | None
    seconds: float | None
    runs: int
    failures: int
    error: str | None


JOBS = table_of("jobs", Job, key=("name",))


def due(session: Session, names: Collection[str]) -> set[str]:
    """Which of some passes nobody runs although it is time. Only reads: on SQLite, trying to claim would make turns wait."""
    waiting = select(JOBS.c.name).where(JOBS.c.name.in_(list(names)), JOBS.c.due > milliseconds(real_now()))
    return set(names) - set(session.execute(waiting).scalars())


def claim(session: Session, name: str, holder: str) -> bool:
    """Takes a pass that is due, for exactly one of any number of workers; whether it is this one."""
    now = milliseconds(real_now())
    held_until = now + round(HELD_SECONDS * 1000)
    mine = update(JOBS).where(JOBS.c.name == name, JOBS.c.due <= now).values(holder=holder, due=held_until)
    if session.execute(mine).rowcount:
        return True
    # One that is there and not due stays as it is.
    return insert_if_new(session, JOBS, vars(Job(name, held_until, holder, None, None, 0, 0, None)))


def renew(session: Session, names: Collection[str], holder: str) -> None:
    """Keeps passes under way from being taken by others."""
    held_until = milliseconds(real_now()) + round(HELD_SECONDS * 1000)
    session.execute(update(JOBS).where(JOBS.c.name.in_(list(names)), JOBS.c.holder == holder).values(due=held_until))


def finish(session: Session, name: str, holder: str, every: float, seconds: float, error: str | None) -> None:
    """Notes how a pass went, and when it is due again; nothing if another worker has taken it meanwhile.

    Args:
        every: seconds from one begin to the next.
        seconds: how long it took.
        error: the kind of its failure; None: it went well.
    """
    mine = (JOBS.c.name == name, JOBS.c.holder == holder)
    now = milliseconds(real_now())
    went = {"last_success": now} if error is None else {"failures": JOBS.c.failures + 1}
    due = now + round(max(0.0, every - seconds) * 1000)
    told = {"due": due, "holder": None, "seconds": seconds, "runs": JOBS.c.runs + 1, "error": error}
    session.execute(update(JOBS).where(*mine).values(**told, **went))


def every_job(session: Session) -> tuple[Job, ...]:
    """All passes that ever ran, by name."""
    return rows_as(Job, session.execute(select(JOBS).order_by(JOBS.c.name)))
