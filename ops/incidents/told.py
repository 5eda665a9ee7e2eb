"""Who was told of an incident in the chat, whether or not they asked to hear of its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.conversations import MESSAGES
from actions.state.subscriptions import subscribe


def those_told(session: Session, incident: str) -> dict[tuple[str, Subject], str]:
    """Whoever was told of an incident in the chat, each with what it was about and the cause that it was told as.

    The evidence of every diagnosis names the row that it rests on.
    """
    row = f"incidents[{incident}]."
    data = MESSAGES.c.data
    wanted = select(MESSAGES.c.conversation_id, data).where(MESSAGES.c.role == "bot", cast(data, Text).like(f"%{row}%"))
    return {
        (user, Subject.of(found["order"], found["bill"])): cause for user, found in session.execute(wanted) for cause in _causes(found, row)
    }


def note_those_told(session: Session, incident: str) -> int:
    """Subscribes to an incident whoever was told of it, so that they hear what becomes of it; how many were told."""
    told = those_told(session, incident)
    for (user, subject), cause in told.items():
        subscribe(session, user, user, subject, cause, incident)
    return len({user for user, _ in told})


def _causes(data: dict[str, Any], row: str) -> Iterator[str]:
    if data.get("type") == "diagnosis":
        for cause in data["causes"]:
            if any(fact["fact"].startswith(row) for fact in cause["evidence"]):
                yield cause["id"]
