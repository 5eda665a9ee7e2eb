"""Complaints written as the observations that they are made of."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count, groupby
from typing import TypeVar, cast

from sqlalchemy import insert
from sqlalchemy.orm import Session

from actions.state.database import Database
from actions.state.observations import OBSERVATIONS
from ops.watch.complaints import DiagnosedComplaint

_LISTS = {"merchant": "merchants", "category": "categories"}
_SEQ = count(1)
_Kept = TypeVar("_Kept")


def copy_of(kept: _Kept) -> _Kept:
    """Another of the same, much faster than by ``copy.deepcopy``."""
    return cast(_Kept, pickle.loads(pickle.dumps(kept)))


def later(complaints: Iterable[DiagnosedComplaint], minutes: int) -> list[DiagnosedComplaint]:
    """The same so many minutes later, of customers who have not complained before."""
    return [replace(each, at=each.at + minutes * 60, customer=f"later-{each.customer}") for each in complaints]


def as_observed(complaint: DiagnosedComplaint) -> DiagnosedComplaint:
    """The complaint with an instant that observations can hold."""
    return DiagnosedComplaint(round(complaint.at * 1000) / 1000, complaint.customer, complaint.streams, complaint.values)


def rows(complaints: Iterable[DiagnosedComplaint], kind: str = "found") -> Iterable[dict[str, object]]:
    for each in complaints:
        dims: dict[str, object] = {}
        for dim, values in groupby(sorted(each.values), key=lambda value: value[0]):
            listed = [value for _, value in values]
            dims[_LISTS.get(dim, dim)] = listed if dim in _LISTS else listed[0]
        seq = next(_SEQ)
        for stream in each.streams:
            at = round(each.at * 1000)
            yield {"at": at, "ref": each.customer, "seq": seq, "kind": kind, "value": stream, "dims": dims, "rolled": True}


def write(database: Database, complaints: Sequence[DiagnosedComplaint], kind: str = "found") -> None:
    with database.session() as session:
        write_in(session, complaints, kind)


def write_in(session: Session, complaints: Sequence[DiagnosedComplaint], kind: str = "found") -> None:
    some = list(rows(complaints, kind))
    if some:
        session.execute(insert(OBSERVATIONS), some)
