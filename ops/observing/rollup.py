"""Rolling up: fills the dimensions of new observations, and counts by minute how many customers they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, false, select, true, update
from sqlalchemy.orm import Session

from actions.state.database import lock_writers
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import BUCKET_MS, TOTALS, add, bucket_of, replace_tallies
from actions.state.world.facts import FactsFactory
from ops.observing.dims import flat
from ops.observing.subjects import dims_by_ref
from ops.worker import Surroundings

_AT_ONCE = 300
"""Observations that one transaction rolls up: turns wait no longer than for a turn."""


def roll_up(here: Surroundings) -> int:
    """Rolls up everything that is new; returns how many observations that were."""
    rolled = 0
    while True:
        some = _roll_some(here)
        rolled += some
        if some < _AT_ONCE:
            return rolled


def _roll_some(here: Surroundings) -> int:
    with here.database.session() as session:
        wanted = select(OBSERVATIONS).where(OBSERVATIONS.c.rolled == false()).order_by(OBSERVATIONS.c.id).limit(_AT_ONCE)
        rows = session.execute(wanted).all()
        known = _known(session, here.facts, {row.ref for row in rows})
    if rows:
        with here.database.session() as session:
            # Whoever took this over from a worker that lived on must not count it once more.
            lock_writers(session)
            new = set(session.execute(wanted.with_only_columns(OBSERVATIONS.c.id)).scalars())
            rows = [row for row in rows if row.id in new]
            filled = [{"row": row.id, "filled": {**known.get(row.ref, {}), **row.dims}} for row in rows]
            one = update(OBSERVATIONS).where(OBSERVATIONS.c.id == bindparam("row"))
            if filled:
                session.connection().execute(one.values(dims=bindparam("filled"), rolled=True), filled)
            add(session, TOTALS, Counter((row.kind, row.value) for row in rows))
            recount(session, {(bucket_of(row.at), row.kind, row.value) for row in rows})
    return len(rows)


def _known(session: Session, facts: FactsFactory, refs: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    return dims_by_ref(session, facts, refs) if refs else {}


def recount(session: Session, wanted: Collection[tuple[int, str, str]]) -> None:
    """Counts anew what was rolled up of some buckets, kinds and values, in a transaction that holds the lock of writers."""
    refs: dict[tuple[int, str, str, str, str], set[str]] = {}
    rolled = select(OBSERVATIONS.c.kind, OBSERVATIONS.c.value, OBSERVATIONS.c.ref, OBSERVATIONS.c.dims).where(
        OBSERVATIONS.c.rolled == true()
    )
    for bucket in {bucket for bucket, _, _ in wanted}:
        for row in session.execute(rolled.where(OBSERVATIONS.c.at >= bucket, OBSERVATIONS.c.at < bucket + BUCKET_MS)):
            if (bucket, row.kind, row.value) in wanted:
                for dim in (("", ""), *flat(row.dims)):
                    refs.setdefault((bucket, row.kind, row.value, *dim), set()).add(row.ref)
    replace_tallies(session, wanted, {key: len(customers) for key, customers in refs.items()})
