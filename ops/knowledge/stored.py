"""The diagnoses that customers were told last, each with the world as it was then: every change of it since is taken back, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.facts import Facts
from actions.core.subject import Subject
from actions.state.conversations import MESSAGES
from actions.state.world.changes import WorldChange, changes_since
from actions.state.world.tables import stored_now
from actions.state.world.whole import WholeWorld


@dataclass(frozen=True)
class StoredDiagnosis:
    """A diagnosis that a customer was told.

    Attributes:
        at: when, in real time.
        causes: what it named.
        facts: what was true then; None if nobody knows any more, because a new world has begun since, or the customer or subject is gone.
    """

    at: datetime
    causes: tuple[str, ...]
    facts: Facts | None


def stored_diagnoses(session: Session, last: int, world: WholeWorld, frozen: datetime | None = None) -> Iterator[StoredDiagnosis]:
    """The latest diagnoses that were stored, the newest first.

    Args:
        session: of the database.
        last: how many at most.
        world: as it is now.
        frozen: the instant at which the clock of the facts stands, if it does.
    """
    said = MESSAGES.c
    wanted = select(said.conversation_id, said.at, said.data).where(said.role == "bot", said.data["type"].as_string() == "diagnosis")
    rows = session.execute(wanted.order_by(said.at.desc(), said.conversation_id, said.seq.desc()).limit(last)).all()
    later = list(changes_since(session, rows[-1].at)) if rows else []
    clock = frozen or stored_now(session)
    for row in rows:
        back: list[WorldChange] = []
        while later and later[-1].at > row.at and later[-1].rows is not None:
            change = later.pop()
            back.insert(0, change)
            if change.clock is not None and frozen is None:
                clock = None if change.clock[0] is None else datetime.fromisoformat(change.clock[0])
        world = world.before(back) if back else world
        known = not later or later[-1].at <= row.at
        causes = tuple(str(each["id"]) for each in row.data.get("causes") or ())
        facts = world.snapshot(row.conversation_id, _subject(row.data), clock or row.at) if known else None
        yield StoredDiagnosis(row.at, causes, facts)


def _subject(data: dict[str, Any]) -> Subject:
    return Subject.of(data.get("order"), data.get("bill"))
