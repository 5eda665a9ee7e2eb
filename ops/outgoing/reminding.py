"""Reminds of what shall be done after incidents: on the last day for it, and every week from then on until it is done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.state import outbox
from actions.state.alerts import Millis
from actions.state.incident_afterwards import open_actions

ACTION = "incident.action"
_DAY = 24 * 3_600_000
_WEEK = 7 * _DAY


def remind_of_actions(session: Session, now: Millis) -> int:
    """Notes what is due, each reminder once however many look; returns how much that was."""
    told = 0
    for action in open_actions(session, now + _DAY):
        weeks = 0 if now < action.due else 1 + (now - action.due) // _WEEK
        told += outbox.put_for_operators(session, ACTION, {"incident": action.incident, "action": action.id}, f"action-{action.id}-{weeks}")
    return told
