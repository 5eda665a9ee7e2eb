"""Makes observations and their counts anew from the messages, as they would have been written with them.

What no message tells stays: earlier ratings, banners, advice and the like, the counts of what was refused, and what was observed of customers who
were erased since.
Counts of minutes before the oldest observation stay, too. Dimensions are those of the customers' state as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, get_args

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.orm import Session

from actions.core.observations import NOBODYS, EpisodeState, Kind, Observation, abandoned, milliseconds, observe, rated
from actions.core.subject import Subject
from actions.state import episodes
from actions.state.columns import real_now
from actions.state.conversations import CONVERSATIONS, Message, history
from actions.state.database import Database, insert_new, lock_writers
from actions.state.observations import OBSERVATIONS, rows
from actions.state.ratings import ratings
from actions.state.tallies import BUCKET_MS, TALLIES, bucket_of
from actions.state.world.facts import FactsFactory, Wanted
from ops.observing.rollup import recount
from ops.observing.subjects import dims_of_many

_NOT_IN_MESSAGES: tuple[Kind, ...] = ("rated", "notice", "advice", "exposure", "told", "version", *NOBODYS)
_MADE_ANEW: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind not in _NOT_IN_MESSAGES)
_AT_ONCE_MS = 10 * BUCKET_MS
"""What one transaction counts: turns wait no longer than for a turn."""


@dataclass
class Retold:
    """What a conversation comes to.

    Attributes:
        state: where the customer stands at its end.
        found: every observation, each with what was diagnosed last when it was made.
    """

    state: EpisodeState = field(default_factory=EpisodeState)
    found: list[tuple[Observation, Subject]] = field(default_factory=list)

    def add(self, observations: Iterable[Observation]) -> None:
        """Takes what was observed just now."""
        self.found += [(each, Subject.of(self.state.order, self.state.bill)) for each in observations]


def rebuild(database: Database, facts: FactsFactory) -> int:
    """Makes everything anew, one conversation after the other; returns how many observations there are then."""
    with database.session() as session:
        users = session.execute(select(CONVERSATIONS.c.id).order_by(CONVERSATIONS.c.id)).scalars().all()
    for user in users:
        with database.session() as session:
            _rebuild_one(session, facts, user)
    begin: int | None = None
    while True:
        with database.session() as session:
            begin = _recount_from(session, begin)
        if begin is None:
            break
    with database.session() as session:
        return int(session.execute(select(func.count()).select_from(OBSERVATIONS)).scalar_one())


def retold(messages: Sequence[Message], now: int) -> Retold:
    """What messages come to, those of an instant having been written together.

    Args:
        now: in milliseconds of the epoch; what was left a day before is over.
    """
    told = Retold()
    for _, together in groupby(messages, key=lambda message: message.at):
        found, told.state = observe(tuple(together), told.state)
        told.add(found)
    left = abandoned(told.state, now)
    if left is not None:
        told.state = EpisodeState(**{**vars(told.state), "end": left.value})
        told.add([left])
    return told


def _rebuild_one(session: Session, facts: FactsFactory, user: str) -> None:
    # Held as by whoever writes, so that no turn is counted twice or not at all.
    session.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == user).values(last_seq=CONVERSATIONS.c.last_seq))
    ref, _ = episodes.standing(session, user)
    told = retold(history(session, user), milliseconds(real_now()))
    ends = [(each.seq, each.episode) for each, _ in told.found if each.kind == "end"]
    told.add(rated(each.score, each.seq, each.at, ends) for each in ratings(session, user))
    session.execute(delete(OBSERVATIONS).where(OBSERVATIONS.c.ref == ref, OBSERVATIONS.c.kind.in_(_MADE_ANEW)))
    insert_new(session, OBSERVATIONS, list(_filled(session, facts, user, ref, told)))
    episodes.keep(session, user, told.state)


def _filled(session: Session, facts: FactsFactory, user: str, ref: str, told: Retold) -> Iterator[dict[str, Any]]:
    wanted: set[Wanted] = {(user, subject) for _, subject in told.found}
    known = dims_of_many(session, facts, wanted)
    for (_, subject), row in zip(told.found, rows(ref, (each for each, _ in told.found))):
        yield {**row, "dims": {**known.get((user, subject), {}), **row["dims"]}, "rolled": True}


def _recount_from(session: Session, since: int | None) -> int | None:
    """Counts the next minutes of which there are observations; returns where those after them begin, None if there are none.

    Args:
        since: where the last ones ended; None: these are the first.
    """
    lock_writers(session)
    first = session.execute(select(func.min(OBSERVATIONS.c.at)).where(OBSERVATIONS.c.at >= (since or 0))).scalar()
    begin = None if first is None else bucket_of(first)
    if since is not None or begin is not None:
        # Minutes of which there is nothing any more are counted no more.
        counted = (TALLIES.c.kind.not_in(NOBODYS), TALLIES.c.bucket >= (begin if since is None else since))
        until = () if begin is None else (TALLIES.c.bucket < begin + _AT_ONCE_MS,)
        session.execute(delete(TALLIES).where(*counted, *until))
    if begin is None:
        return None
    within = (OBSERVATIONS.c.at >= begin, OBSERVATIONS.c.at < begin + _AT_ONCE_MS, OBSERVATIONS.c.rolled == true())
    seen = select(OBSERVATIONS.c.at, OBSERVATIONS.c.kind, OBSERVATIONS.c.value).where(*within)
    recount(session, {(bucket_of(row.at), row.kind, row.value) for row in session.execute(seen)})
    return begin + _AT_ONCE_MS
