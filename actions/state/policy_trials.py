"""Rehearsals of policies: what one was expected to do to whom, and how far that came true."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sqlalchemy import JSON, Index, delete, insert, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, rows_as, table_of
from actions.state.database import chunks

TrialState = Literal["asked", "done", "failed", "scored"]
TrialEffect = Literal["lose", "gain", "narrower"]
_Json = Annotated[dict[str, Any], JSON(none_as_null=True)]
_ALPHABET = "23456789abdefghjkmnqrstuwxy"


@dataclass(frozen=True)
class PolicyTrial:
    """One rehearsal.

    Attributes:
        policy: ids of the policies, joined by ``+``.
        day: on which they were thought to hold, as ISO text.
        rows: what was thought to be loaded, in file form.
        state: ``asked`` until the worker has done it, ``scored`` once the day is over and it was compared.
        world: the number of the latest load of the world that it looked at.
        outcome: counts, tables and warnings; whom it is about stands in ``trial_subjects``.
        score: how far it came true.
        asked_at, at, scored_at: epoch milliseconds.
    """

    id: str
    policy: str
    day: str
    rows: _Json
    state: TrialState
    world: int | None
    outcome: _Json | None
    score: _Json | None
    by: str
    asked_at: int
    at: int | None
    scored_at: int | None


@dataclass(frozen=True)
class TrialSubject:
    """What a rehearsal expects of one order or bill.

    Attributes:
        kind: ``order`` or ``bill``, and ``subject`` its id.
        before, after: causes without and with the policy.
    """

    id: RowNumber
    trial: str
    user: str
    kind: Literal["order", "bill"]
    subject: str
    effect: TrialEffect
    before: tuple[str, ...]
    after: tuple[str, ...]


POLICY_TRIALS = table_of("policy_trials", PolicyTrial, Index(None, "state"))
TRIAL_SUBJECTS = table_of("trial_subjects", TrialSubject, Index(None, "trial"), Index(None, "user"))


def ask_for_trial(session: Session, policy: str, day: str, rows: Mapping[str, Any], by: str, at: int) -> str:
    """Notes that a rehearsal is wanted; its id."""
    trial = "t-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
    empty = dict.fromkeys(("world", "outcome", "score", "at", "scored_at"))
    given = {"id": trial, "policy": policy, "day": day, "rows": dict(rows), "state": "asked", "by": by, "asked_at": at}
    session.execute(insert(POLICY_TRIALS).values({**given, **empty}))
    return trial


def keep_trial(
    session: Session, trial: str, world: int, outcome: Mapping[str, Any], subjects: Iterable[Mapping[str, Any]], at: int
) -> None:
    """Writes down what a rehearsal found.

    Args:
        subjects: rows of ``TrialSubject`` without id and trial.
    """
    values = {"state": "done", "world": world, "outcome": dict(outcome), "at": at}
    session.execute(update(POLICY_TRIALS).where(POLICY_TRIALS.c.id == trial).values(values))
    for some in chunks(subjects):
        session.execute(insert(TRIAL_SUBJECTS), [{**row, "trial": trial} for row in some])


def fail_trial(session: Session, trial: str, reason: str, at: int) -> None:
    """Writes down that a rehearsal was not possible."""
    session.execute(update(POLICY_TRIALS).where(POLICY_TRIALS.c.id == trial).values(state="failed", outcome={"reason": reason}, at=at))


def score_trial(session: Session, trial: str, score: Mapping[str, Any], at: int) -> None:
    """Writes down how far a rehearsal came true."""
    session.execute(update(POLICY_TRIALS).where(POLICY_TRIALS.c.id == trial).values(state="scored", score=dict(score), scored_at=at))


def find_trial(session: Session, trial: str) -> PolicyTrial | None:
    """One rehearsal; None if there is none of that id."""
    return next(iter(rows_as(PolicyTrial, session.execute(select(POLICY_TRIALS).where(POLICY_TRIALS.c.id == trial)))), None)


def every_trial(session: Session) -> tuple[PolicyTrial, ...]:
    """All of them, the latest first."""
    return rows_as(PolicyTrial, session.execute(select(POLICY_TRIALS).order_by(POLICY_TRIALS.c.asked_at.desc(), POLICY_TRIALS.c.id)))


def trials_in(session: Session, state: TrialState) -> tuple[PolicyTrial, ...]:
    """Those in a state, the first asked first."""
    wanted = select(POLICY_TRIALS).where(POLICY_TRIALS.c.state == state).order_by(POLICY_TRIALS.c.asked_at, POLICY_TRIALS.c.id)
    return rows_as(PolicyTrial, session.execute(wanted))


def subjects_of(session: Session, trial: str) -> tuple[TrialSubject, ...]:
    """Whom a rehearsal is about, as far as nobody was erased since."""
    wanted = select(TRIAL_SUBJECTS).where(TRIAL_SUBJECTS.c.trial == trial).order_by(TRIAL_SUBJECTS.c.id)
    return rows_as(TrialSubject, session.execute(wanted))


def forget_trials(session: Session, before: int) -> int:
    """Deletes rehearsals that were asked for before a time in epoch milliseconds; how many there were."""
    old = select(POLICY_TRIALS.c.id).where(POLICY_TRIALS.c.asked_at < before)
    session.execute(delete(TRIAL_SUBJECTS).where(TRIAL_SUBJECTS.c.trial.in_(old)))
    return int(session.execute(delete(POLICY_TRIALS).where(POLICY_TRIALS.c.asked_at < before)).rowcount)
