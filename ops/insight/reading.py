"""What reports read of the database: observations of some days in the order of customers, and what customers said that was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from actions.state.conversations import MESSAGES
from actions.state.episodes import EPISODES
from actions.state.feedback import FEEDBACK
from actions.state.observations import OBSERVATIONS
from actions.state.tallies import TALLIES
from actions.state.world.tables import TABLES
from ops.insight.episodes import Episode, ObservedRow, episodes_of
from ops.insight.periods import DURABLE_DAYS, Period

_DAY = 86_400_000
_MARGIN = 2 * _DAY
"""So long before the first day episodes may have begun that go on in it: nobody is silent for a day in one."""
_AT_ONCE = 2_000
_SEEN = ("complained", "found", "step", "check", "end", "handoff", "rated", "asked", "version", "exposure")
_NOT_HELPED = ("beside", "unclear", "wrong")
"""Thumbs down that say that the sentence was taken for another."""
MOST_SENTENCES = 20_000
_NOISE = re.compile(r"[\s,.!?;:，。！？；：、~…“”\"'（）()]+")


@dataclass(frozen=True)
class Sentence:
    """What a customer said, masked as it is stored.

    Attributes:
        customer: whose, as observations call them; never shown.
        understood: the intent that it was taken for, or would have been.
    """

    customer: str
    text: str
    understood: str | None


def episodes_between(session: Session, begins_at: int, ends_at: int) -> Iterator[list[Episode]]:
    """The episodes that began in a time, and those of the days after it, which tell whether they last; a list per customer.

    Args:
        begins_at, ends_at: epoch milliseconds.
    """
    seen = OBSERVATIONS.c
    columns = (seen.at, seen.ref, seen.episode, seen.seq, seen.kind, seen.value, cast(seen.dims, Text))
    within = (seen.at >= begins_at - _MARGIN, seen.at < ends_at + (DURABLE_DAYS + 1) * _DAY)
    wanted = select(*columns).where(*within, seen.episode.is_not(None), seen.kind.in_(_SEEN)).order_by(seen.ref, seen.id)
    result = session.execute(wanted.execution_options(stream_results=True))
    for episodes in episodes_of(ObservedRow(*row) for row in result.yield_per(_AT_ONCE)):
        # What began before is cut off, and cannot be told whole.
        whole = [episode for episode in episodes if episode.begun >= begins_at]
        if whole:
            yield whole


def not_understood(session: Session, period: Period) -> list[Sentence]:
    """What customers said in a period that was not understood, was of other matters, or was taken for another; the newest, masked as stored."""
    said = MESSAGES.c
    begin, end = (datetime.fromtimestamp(at / 1000, timezone.utc) for at in (period.begins_at, period.ends_at))
    theirs = (said.role == "user", said.at >= begin, said.at < end)
    columns = (EPISODES.c.ref, said.text, said.intent, said.guess)
    known = EPISODES.c.user == said.conversation_id
    unclear = select(*columns).join(EPISODES, known).where(*theirs, said.intent.in_(("nlu_fallback", "out_of_scope")))
    answers = MESSAGES.alias("answers")
    voted = (FEEDBACK.c.conversation_id == answers.c.conversation_id, FEEDBACK.c.seq == answers.c.seq)
    answered = (answers.c.conversation_id == said.conversation_id, answers.c.reply_to == said.id)
    corrected = (
        select(*columns)
        .join(EPISODES, known)
        .join(answers, answered[0] & answered[1])
        .join(FEEDBACK, voted[0] & voted[1])
        .where(*theirs, FEEDBACK.c.vote == "down", FEEDBACK.c.reason.in_(_NOT_HELPED))
    )
    if period.region is not None:
        users = TABLES["users"].c
        here = said.conversation_id.in_(select(users.id).where(users.region == period.region))
        unclear, corrected = unclear.where(here), corrected.where(here)
    found = []
    for wanted in (unclear, corrected):
        for row in session.execute(wanted.order_by(said.at.desc()).limit(MOST_SENTENCES)):
            understood = row.guess if row.intent == "nlu_fallback" else row.intent
            found.append(Sentence(row.ref, row.text, understood or None))
    return found


def badged_pages(session: Session, period: Period) -> int:
    """How many pages of customers were given a badge in a period."""
    within = (TALLIES.c.kind == "badged", TALLIES.c.bucket >= period.begins_at, TALLIES.c.bucket < period.ends_at)
    return int(session.execute(select(func.sum(TALLIES.c.refs)).where(*within)).scalar() or 0)


def plain(text: str) -> str:
    """A sentence without what writes it differently only."""
    return _NOISE.sub("", text.lower())


def regions(session: Session) -> set[str]:
    """Where customers live."""
    return set(session.execute(select(TABLES["users"].c.region).distinct()).scalars())


def shop_names(session: Session) -> dict[str, str]:
    """What shops are called."""
    shops = TABLES["merchants"].c
    return {row.id: row.name for row in session.execute(select(shops.id, shops.name))}
