"""Reviews of what the law asks, and looks at the sources where it is published: who, when, and what came of it. Appended, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Index, func, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, rows_as, table_of

CheckOutcome = Literal["met", "partly", "not_met", "nothing_new", "news"]
"""Of an obligation the first three, of a source the others."""


@dataclass(frozen=True)
class ObligationCheck:
    """One review.

    Attributes:
        about: an obligation, or a source that is watched.
        at: epoch milliseconds.
        by: who looked.
        note: what they found, masked.
        digest: of the obligation as it was written then; another one now needs another review.
    """

    id: RowNumber
    about: str
    at: int
    by: str
    outcome: CheckOutcome
    note: str
    digest: str


OBLIGATION_CHECKS = table_of("obligation_checks", ObligationCheck, Index(None, "about", "id"))


def add_check(session: Session, about: str, at: int, by: str, outcome: CheckOutcome, note: str, digest: str) -> None:
    """Appends a review."""
    row = {"about": about, "at": at, "by": by, "outcome": outcome, "note": note, "digest": digest}
    session.execute(insert(OBLIGATION_CHECKS).values(row))


def latest_checks(session: Session) -> dict[str, ObligationCheck]:
    """The last review of everything that was ever reviewed."""
    last = select(func.max(OBLIGATION_CHECKS.c.id)).group_by(OBLIGATION_CHECKS.c.about)
    wanted = select(OBLIGATION_CHECKS).where(OBLIGATION_CHECKS.c.id.in_(last))
    return {each.about: each for each in rows_as(ObligationCheck, session.execute(wanted))}


def checks_of(session: Session, about: str, limit: int = 20) -> tuple[ObligationCheck, ...]:
    """The reviews of one, the latest first."""
    wanted = select(OBLIGATION_CHECKS).where(OBLIGATION_CHECKS.c.about == about)
    return rows_as(ObligationCheck, session.execute(wanted.order_by(OBLIGATION_CHECKS.c.id.desc()).limit(limit)))


def count_checks(session: Session, since: int, until: int) -> int:
    """How many there were from an instant to before another."""
    made = OBLIGATION_CHECKS.c.at
    return int(session.execute(select(func.count()).select_from(OBLIGATION_CHECKS).where(made >= since, made < until)).scalar_one())
