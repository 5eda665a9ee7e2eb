"""What is read for a comparison: what was observed of customers, in the order of customers, and where how many of them live."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from actions.state.observations import OBSERVATIONS
from actions.state.world.tables import TABLES
from ops.experiments.measures import Seen

_KINDS = ("found", "complained", "handoff", "unclear", "rated", "end")
_AT_ONCE = 2_000


def customers_between(session: Session, begin: int, end: int) -> Iterator[Sequence[Seen]]:
    """What was observed of one customer after the other, each in order.

    Args:
        begin, end: epoch milliseconds.
    """
    seen = OBSERVATIONS.c
    columns = (seen.ref, seen.at, seen.episode, seen.kind, seen.value, cast(seen.dims, Text))
    wanted = select(*columns).where(seen.at >= begin, seen.at < end, seen.kind.in_(_KINDS)).order_by(seen.ref, seen.at, seen.id)
    rows = session.execute(wanted.execution_options(stream_results=True)).yield_per(_AT_ONCE)
    for _, mine in groupby(rows, key=lambda row: row[0]):
        yield [Seen(row[1], row[2], row[3], row[4], json.loads(row[5])) for row in mine]


def observed_since(session: Session) -> int | None:
    """When somebody was diagnosed first of what is still kept; None: nobody was."""
    first = session.execute(select(func.min(OBSERVATIONS.c.at)).where(OBSERVATIONS.c.kind == "found")).scalar()
    return None if first is None else int(first)


def residents(session: Session) -> Mapping[str, int]:
    """How many customers live in each region now; none where customers are not kept here."""
    users = TABLES["users"].c
    return {row[0]: int(row[1]) for row in session.execute(select(users.region, func.count()).group_by(users.region))}
