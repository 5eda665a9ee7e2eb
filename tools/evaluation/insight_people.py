"""What stands beside the conversations of a simulated month: cases with agents, ratings, votes, looks of the census and pages with badges."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state import census
from actions.state.conversations import MESSAGES
from actions.state.feedback import FEEDBACK, REASONS
from actions.state.handoff_cards import HANDOFF_CARDS
from actions.state.handoffs import HANDOFFS, Handoff
from actions.state.observations import OBSERVATIONS
from actions.state.ratings import RATINGS
from actions.state.tallies import count_nobodys

_WAITS: Mapping[str, float] = {"requested": 12.0, "cannot_do": 18.0, "complaint": 45.0, "no_cause_found": 30.0}
"""Why cases go to people, and how many minutes they wait on average."""
_LIKED: Mapping[str, Sequence[int]] = {
    "resolved": (1, 1, 2, 6, 10),
    "explained": (5, 4, 5, 4, 2),
    "waiting": (3, 3, 4, 4, 3),
    "handoff": (4, 3, 3, 3, 3),
}
"""How often each score from 1 to 5 is given, by the end."""
_PANEL = 2000


@dataclass(frozen=True)
class Beside:
    """What is true of it.

    Attributes:
        rates: part of the ends that are rated; votes: part of the answers that are voted on.
        disliked: part of the votes that say that an answer was not good.
        agrees: part of the cases in which agents enter what the assistant had said first.
        pages_a_day: with a badge, of the days and of those before.
    """

    rates: float = 0.4
    votes: float = 0.2
    disliked: float = 0.3
    agrees: float = 0.75
    pages_a_day: tuple[int, int] = (900, 400)


def write_beside(session: Session, seed: int, until: datetime, days: int = 28, beside: Beside | None = None) -> None:
    """Writes it for every conversation that is there.

    Args:
        session: of a database with the month's messages.
        seed: of everything that is drawn.
        until: the end of the days.
        days: how many.
    """
    drawn, truth = random.Random(seed), beside or Beside()
    rows = session.execute(
        select(MESSAGES).where(MESSAGES.c.role == "bot", MESSAGES.c.data.is_not(None)).order_by(MESSAGES.c.conversation_id, MESSAGES.c.seq)
    ).all()
    ends = {
        (row.ref, row.seq): row.episode
        for row in session.execute(
            select(OBSERVATIONS.c.ref, OBSERVATIONS.c.seq, OBSERVATIONS.c.episode).where(OBSERVATIONS.c.kind == "end")
        )
    }
    said: dict[str, list[str]] = {}
    for row in rows:
        if not row.data:
            continue
        kind = row.data.get("type")
        if kind == "diagnosis":
            said[row.conversation_id] = [each["id"] for each in row.data["causes"]]
        if kind == "handoff":
            _case(
                session, drawn, row, said.get(row.conversation_id, []), sorted({each for found in said.values() for each in found}), truth
            )
        if kind in _LIKED and drawn.random() < truth.rates:
            _rating(session, drawn, row, ends)
        if kind in ("diagnosis", "explained", "step") and drawn.random() < truth.votes:
            down = drawn.random() < truth.disliked
            given = {"vote": "down" if down else "up", "reason": drawn.choice((*REASONS, None)) if down else None, "word": None}
            voted = {"conversation_id": row.conversation_id, "seq": row.seq, "at": row.at + timedelta(minutes=1), **given}
            session.execute(insert(FEEDBACK).values(voted))
    _look(session, drawn, until, sorted({each for found in said.values() for each in found}))
    for day in range(2 * days):
        at = milliseconds(until - timedelta(days=day, hours=12))
        count_nobodys(session, at, {("badged", ""): truth.pages_a_day[0 if day < days else 1]})


def _case(session: Session, drawn: random.Random, row: Any, said: Sequence[str], known: Sequence[str], truth: Beside) -> None:
    reason = drawn.choices(list(_WAITS), (60, 20, 12, 8))[0]
    taken = row.at + timedelta(minutes=drawn.expovariate(1 / _WAITS[reason])) if drawn.random() < 0.95 else None
    # Whoever is wrong is so in the same way every time.
    found = known.index(said[0]) if said else 0
    agreed = known[found if drawn.random() < truth.agrees else (found + 1) % len(known)] if known else None
    case = Handoff(
        id=f"h-{row.conversation_id}-{row.seq}",
        conversation_id=row.conversation_id,
        user=row.conversation_id,
        order=None,
        bill=None,
        reason=reason,
        queue="general",
        priority="normal",
        status="closed",
        created_at=row.at,
        taken_at=taken,
        taken_by="ann",
        closed_at=row.at + timedelta(hours=3),
        payload={},
        told_at=None,
        choice=None,
        ending="closed",
        resolved_by="agent",
        root_cause=agreed if drawn.random() < 0.9 else None,
        note=None,
        assigned_to=None,
        released_at=None,
    )
    session.execute(insert(HANDOFFS).values(vars(case)))
    card = {"handoff_id": case.id, "reference": "", "headline": "", "causes": f",{','.join(said)}," if said else "", "words": ""}
    session.execute(insert(HANDOFF_CARDS).values(card))


def _rating(session: Session, drawn: random.Random, row: Any, ends: Mapping[tuple[str, int], int]) -> None:
    score, at, ref = drawn.choices(range(1, 6), _LIKED[row.data["type"]])[0], row.at + timedelta(minutes=2), f"r-{row.conversation_id}"
    session.execute(insert(RATINGS).values(conversation_id=row.conversation_id, seq=row.seq, score=score, word=None, at=at))
    observed = {
        "at": milliseconds(at),
        "ref": ref,
        "episode": ends.get((ref, row.seq)),
        "seq": row.seq,
        "kind": "rated",
        "value": str(score),
    }
    session.execute(insert(OBSERVATIONS).values({**observed, "dims": {}, "rolled": True}))


def _look(session: Session, drawn: random.Random, until: datetime, causes: Sequence[str]) -> None:
    blocked = dict(_blocked(drawn, causes))
    outcome = {"order": {"of": _PANEL, "blocked": blocked, "newly": []}, "bill": {"of": _PANEL // 4, "blocked": {}, "newly": []}}
    at = until - timedelta(hours=1)
    census.note(session, milliseconds(at), at.isoformat(), 1, 900, outcome)


def _blocked(drawn: random.Random, causes: Sequence[str]) -> Iterator[tuple[str, int]]:
    for cause in causes:
        yield cause, int(_PANEL * drawn.betavariate(1.2, 14))
