"""The dimensions of customers by what observations call them, read together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.database import chunks
from actions.state.episodes import EPISODES
from actions.state.world.facts import FactsFactory, SqlFacts, Wanted, one_by_one
from ops.observing.dims import dims_of


def dims_by_ref(session: Session, facts: FactsFactory, refs: Collection[str]) -> dict[str, dict[str, Any]]:
    """What is known of each customer with what was diagnosed for them last; without those who were erased or whom the facts do not know."""
    wanted: dict[str, Wanted] = {}
    for some in chunks(refs):
        rows = session.execute(select(EPISODES.c.ref, EPISODES.c.user, EPISODES.c.order, EPISODES.c.bill).where(EPISODES.c.ref.in_(some)))
        wanted.update({row.ref: (row.user, Subject.of(row.order, row.bill)) for row in rows})
    found = dims_of_many(session, facts, set(wanted.values()))
    return {ref: found[each] for ref, each in wanted.items() if each in found}


def dims_of_many(session: Session, facts: FactsFactory, wanted: Collection[Wanted]) -> dict[Wanted, dict[str, Any]]:
    """What is known of customers, each with one subject; without those whom the facts do not know."""
    source = facts(session)
    states = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
    return {each: dims_of(state) for each, state in states.items()}
