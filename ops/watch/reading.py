"""What the watch sees of observations: each diagnosis as one complaint, and beside them whatever else is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import false, func, literal, select
from sqlalchemy.orm import Session

from actions.state.experiments import MetArm, arms_met
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES
from ops.stats.ranking import Value
from ops.watch.complaints import DiagnosedComplaint, values_of
from ops.watch.names import ARM, LOW_RATING, PLACES, RATED_LOW, TURN_FAILED, UNCLEAR, WATCHED_INTENTS, failed_check, handed_over, said
from ops.watch.settings import WatchSettings

_FOUND, _FAILED_TURN = "found", "failed"
_SEEN = (_FOUND, "complained", "asked", "unclear", "check", "handoff", "rated")
_FAILED = "/failed"
_TURN = 60_000
"""Milliseconds within which a customer meets an arm by the very turn that is complained of."""


def stream_of(kind: str, value: str) -> str | None:
    """The stream to which an observation counts that is no diagnosis; None: to none."""
    match kind:
        case "handoff":
            return handed_over(value)
        case "unclear":
            return UNCLEAR
        case "check" if value.endswith(_FAILED):
            return failed_check(value.removesuffix(_FAILED))
        case "rated" if value.isdecimal() and int(value) <= LOW_RATING:
            return RATED_LOW
        case "complained" | "asked" if value in WATCHED_INTENTS:
            return said(value)
    return None


@dataclass
class _Diagnosis:
    at: int
    ref: str
    causes: list[str] = field(default_factory=list)
    values: set[Value] = field(default_factory=set)


def complaints_between(session: Session, first: int, end: int, settings: WatchSettings, placed: bool = True) -> list[DiagnosedComplaint]:
    """What was observed from one instant until before another, by time.

    Args:
        first, end: epoch milliseconds.
        settings: which causes are explanations that need no warning.
        placed: whether it is needed where it was; to leave that out is much faster.
    """
    explanations = frozenset(settings.explained_by)
    seen = OBSERVATIONS.c
    dims_of = seen.dims if placed else literal(None)
    wanted = select(seen.at, seen.ref, seen.seq, seen.kind, seen.value, dims_of).where(
        seen.at >= first, seen.at < end, seen.kind.in_(_SEEN)
    )
    diagnoses: dict[tuple[str, int], _Diagnosis] = {}
    found: list[DiagnosedComplaint] = []
    for at, ref, seq, kind, value, dims in session.execute(wanted.order_by(seen.at, seen.id)):
        if kind == _FOUND:
            diagnosis = diagnoses.setdefault((ref, seq), _Diagnosis(at, ref))
            diagnosis.causes.append(value)
            diagnosis.values.update(_places(dims))
            continue
        stream = stream_of(kind, value)
        if stream is not None:
            found.append(DiagnosedComplaint(at / 1000, ref, (stream,), frozenset(_places(dims)), diagnosed=False))
    for diagnosis in diagnoses.values():
        explained = not explanations.isdisjoint(diagnosis.causes)
        found.append(
            DiagnosedComplaint(
                diagnosis.at / 1000, diagnosis.ref, tuple(diagnosis.causes), frozenset(diagnosis.values), explained=explained
            )
        )
    if placed:
        found = list(_with_arms(session, found, first))
    found.extend(_failed_turns(session, first, end))
    return sorted(found, key=lambda each: each.at)


def _with_arms(session: Session, complaints: Collection[DiagnosedComplaint], first: int) -> Iterator[DiagnosedComplaint]:
    """Complaints with the arms of experiments whose texts their customers were told then: a place as any other."""
    arms: dict[str, list[MetArm]] = {}
    for arm in arms_met(session, {each.customer for each in complaints}, first):
        arms.setdefault(arm.ref, []).append(arm)
    for each in complaints:
        at = each.at * 1000
        mine = (arm.name for arm in arms.get(each.customer, ()) if arm.since <= at + _TURN and (arm.until is None or at < arm.until))
        yield replace(each, values=each.values.union((ARM, name) for name in mine)) if each.customer in arms else each


def _places(dims: Mapping[str, Any] | None) -> Iterator[Value]:
    return (value for value in values_of(dims or {}) if value[0] in PLACES)


def _failed_turns(session: Session, first: int, end: int) -> Iterator[DiagnosedComplaint]:
    """Turns that failed, of nobody in particular: each counts as somebody."""
    counted = TALLIES.c
    wanted = select(counted.bucket, func.sum(counted.refs)).where(
        counted.kind == _FAILED_TURN, counted.dim == "", counted.bucket >= first, counted.bucket < end
    )
    for bucket, count in session.execute(wanted.group_by(counted.bucket)):
        for number in range(int(count)):
            yield DiagnosedComplaint(bucket / 1000, f"{TURN_FAILED}-{bucket}-{number}", (TURN_FAILED,), frozenset(), diagnosed=False)


def first_observation(session: Session, since: int) -> int | None:
    """When the first thing was observed since an instant, in epoch milliseconds; None: nothing was."""
    found: int | None = session.execute(select(func.min(OBSERVATIONS.c.at)).where(OBSERVATIONS.c.at >= since)).scalar()
    return found


def is_waiting(session: Session, end: int) -> bool:
    """Whether something that was observed before an instant still waits for what the worker adds to it."""
    waiting = select(OBSERVATIONS.c.id).where(OBSERVATIONS.c.rolled == false(), OBSERVATIONS.c.at < end).limit(1)
    return session.execute(waiting).first() is not None
