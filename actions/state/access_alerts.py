"""Agents who open far more cases than they usually do, or open cases and take none: what auditors are to look into, and what they made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.database import insert_if_new

AccessKind = Literal["opened", "not_taken"]
FoundBy = Literal["hour", "detector"]
AccessVerdict = Literal["explained", "misuse"]


@dataclass(frozen=True)
class AccessAlert:
    """One.

    Attributes:
        agent: whose looks they were.
        kind: cases that were opened, or those of them that the agent had not taken.
        since, until: of the looks, in epoch milliseconds.
        cases: different ones.
        median: of the agent's own hours of 28 days.
        found_by: the hour alone, or hours that are each a little too much.
        found_at: epoch milliseconds.
        note: what an auditor found out, masked.
    """

    id: RowNumber
    agent: str
    kind: AccessKind
    since: int
    until: int
    cases: int
    median: float
    found_by: FoundBy
    found_at: int
    verdict: AccessVerdict | None = None
    note: str | None = None
    judged_at: int | None = None
    judged_by: str | None = None


ACCESS_ALERTS = table_of("access_alerts", AccessAlert, Index("uq_access_alerts_agent", "agent", "kind", "since", unique=True))


def add_access_alert(
    session: Session, agent: str, kind: AccessKind, since: int, until: int, cases: int, median: float, found_by: FoundBy, found_at: int
) -> AccessAlert | None:
    """Keeps an alert; None if it is kept already."""
    row = {"agent": agent, "kind": kind, "since": since, "until": until, "cases": cases, "median": median}
    if not insert_if_new(session, ACCESS_ALERTS, {**row, "found_by": found_by, "found_at": found_at}):
        return None
    own = (ACCESS_ALERTS.c.agent == agent, ACCESS_ALERTS.c.kind == kind, ACCESS_ALERTS.c.since == since)
    return next(iter(_alerts(session, *own)))


def get_access_alert(session: Session, number: int) -> AccessAlert | None:
    """One by its number."""
    return next(iter(_alerts(session, ACCESS_ALERTS.c.id == number)), None)


def access_alerts(session: Session, since: int, until: int | None = None) -> tuple[AccessAlert, ...]:
    """Those found since an instant, up to before another, the latest first."""
    found = ACCESS_ALERTS.c.found_at
    return _alerts(session, found >= since, *([] if until is None else [found < until]))


def open_access_alerts(session: Session) -> tuple[AccessAlert, ...]:
    """Those that no auditor has judged."""
    return _alerts(session, ACCESS_ALERTS.c.verdict.is_(None))


def judge_access(session: Session, number: int, verdict: AccessVerdict, note: str, by: str, at: int) -> bool:
    """Notes what an auditor made of it; false if one has already."""
    mine = (ACCESS_ALERTS.c.id == number, ACCESS_ALERTS.c.verdict.is_(None))
    values = {"verdict": verdict, "note": note, "judged_by": by, "judged_at": at}
    return bool(session.execute(update(ACCESS_ALERTS).where(*mine).values(values)).rowcount)


def _alerts(session: Session, *conditions: object) -> tuple[AccessAlert, ...]:
    wanted = select(ACCESS_ALERTS).where(*conditions).order_by(ACCESS_ALERTS.c.found_at.desc(), ACCESS_ALERTS.c.id.desc())
    return rows_as(AccessAlert, session.execute(wanted))
