"""Handoffs on their way between agents and queues. Of all who try the same at once, exactly one succeeds."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.state.columns import real_now
from actions.state.handoffs import HANDOFFS, change


def assign(session: Session, handoff_id: str, agent: str | None) -> bool:
    """Says for which agent a queued handoff is meant, or for anybody again; false if somebody has taken or ended it."""
    return change(session, handoff_id, ("queued",), assigned_to=agent)


def move(session: Session, handoff_id: str, queue: str) -> bool:
    """Moves a queued handoff to another queue, for anybody there; false if somebody has taken or ended it."""
    return change(session, handoff_id, ("queued",), queue=queue, assigned_to=None)


def transfer(session: Session, handoff_id: str, before: str, agent: str, shown_as: str | None = None) -> bool:
    """Gives a taken handoff from one person to another; false if it is not the first one's.

    Args:
        shown_as: what the customer may call the second one; None: by no name.
    """
    taken = {"taken_at": real_now(), "taken_by": agent, "shown_as": shown_as}
    return change(session, handoff_id, ("taken",), HANDOFFS.c.taken_by == before, **taken)


def release(session: Session, handoff_id: str, before: str, queue: str) -> bool:
    """Puts a taken handoff back, with its priority and its place; false if it is not that person's.

    Args:
        queue: its own, or another one.
    """
    nobody = {"taken_at": None, "taken_by": None, "shown_as": None}
    waits = {"status": "queued", **nobody, "told_at": None, "choice": None, "released_at": real_now()}
    return change(session, handoff_id, ("taken",), HANDOFFS.c.taken_by == before, queue=queue, **waits)
