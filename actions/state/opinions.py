"""What customers think of the assistant, counted by what it spoke of: votes on answers and ratings of ends, for reports.

Reports show numbers and masked words, never whose they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Table, and_, select
from sqlalchemy.orm import Session

from actions.state.conversations import MESSAGES
from actions.state.feedback import FEEDBACK
from actions.state.ratings import RATINGS
from actions.state.reporting import MOST_ROWS

RATING = "rating"
MOST_WORDS = 20
"""Latest words that are kept of each matter."""


class SpokenOf(NamedTuple):
    """What a message speaks of.

    Attributes:
        kind: of a topic, of a cause, or of neither.
        name: the id of the topic or cause; of neither, the message's type of data, ``text`` without any.
    """

    kind: Literal["topic", "cause", "other"]
    name: str


@dataclass
class Opinions:
    """What was said about one matter.

    Attributes:
        up, down: votes on answers.
        reasons: why, with how often.
        scores: ratings of ends, 1 (bad) to 5 (good), with how often.
        words: what customers added, masked, the latest first, at most ``MOST_WORDS``.
        who: the conversations behind each vote, each reason, and ``RATING``: a report that shows too few would say who they are.
    """

    up: int = 0
    down: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    who: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def average(self) -> float | None:
        """The mean of the ratings, None without any."""
        count = sum(self.scores.values())
        return sum(score * times for score, times in self.scores.items()) / count if count else None


def opinions(session: Session, since: datetime, until: datetime) -> dict[SpokenOf, Opinions]:
    """What was said from one moment until before another, by matter; those most often disliked first, of very many the latest.

    Args:
        since, until: real time at which the opinion was given.
    """
    found: dict[SpokenOf, Opinions] = {}
    for row in _given(session, FEEDBACK, since, until):
        about = found.setdefault(matter(row.data), Opinions())
        about.up += row.vote == "up"
        about.down += row.vote == "down"
        about.reasons.update(filter(None, [row.reason]))
        about.who[row.vote].add(row.conversation_id)
        if row.reason:
            about.who[row.reason].add(row.conversation_id)
        _keep(about, row.word)
    for row in _given(session, RATINGS, since, until):
        about = found.setdefault(matter(row.data), Opinions())
        about.scores[row.score] += 1
        about.who[RATING].add(row.conversation_id)
        _keep(about, row.word)
    return dict(sorted(found.items(), key=lambda entry: (-entry[1].down, -entry[1].up, entry[0])))


def matter(data: Mapping[str, Any] | None) -> SpokenOf:
    """What a message with such data speaks of; a diagnosis of the cause that comes first."""
    data = data or {}
    if data.get("topic"):
        return SpokenOf("topic", str(data["topic"]))
    first = next(iter(data.get("causes") or ()), None)
    cause = data.get("cause") or (first and first["id"])
    return SpokenOf("cause", str(cause)) if cause else SpokenOf("other", str(data.get("type") or "text"))


def _given(session: Session, table: Table, since: datetime, until: datetime) -> Iterator[Any]:
    on = and_(MESSAGES.c.conversation_id == table.c.conversation_id, MESSAGES.c.seq == table.c.seq)
    wanted = select(table, MESSAGES.c.data).join(MESSAGES, on).where(table.c.at >= since, table.c.at < until)
    yield from session.execute(wanted.order_by(table.c.at.desc()).limit(MOST_ROWS))


def _keep(about: Opinions, word: str | None) -> None:
    if word and len(about.words) < MOST_WORDS:
        about.words.append(word)
