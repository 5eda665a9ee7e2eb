"""When operators are told: at once, after half an hour, then every hour until somebody has acknowledged it; its end once; each stage of an incident;
and what shall be done after one, when it is due."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.state import outbox
from actions.state.alerts import ALERTS, AlertRow, Millis, is_silenced, now_millis, open_alerts, silences
from actions.state.columns import real_now, rows_as
from actions.state.incidents import INCIDENT_NOTES
from actions.state.retention import kept_days
from ops.outgoing.calming import tell_of_calm
from ops.outgoing.news import CLOSED, OPENED
from ops.outgoing.reminding import remind_of_actions

_SECOND_AFTER = 30 * 60_000
_AGAIN_AFTER = 60 * 60_000
_LATELY = 24 * 3_600_000
"""Milliseconds after which nobody is told of what is over."""


def tell_due(session: Session) -> int:
    """Notes in the outbox whatever operators are to be told now; returns how much that was.

    However many look at once and wherever one of them dies, each telling is noted once.
    """
    now = now_millis()
    outbox.forget_of_operators(session, real_now() - timedelta(days=kept_days(outbox.OUTBOX.name)))
    alerts = _open(session, now) + _closed(session, now)
    return alerts + _incidents(session, now) + tell_of_calm(session, now) + remind_of_actions(session, now)


def _open(session: Session, now: Millis) -> int:
    told = 0
    held = silences(session, now)
    for alert in open_alerts(session):
        if (
            alert.tell_at is None
            or alert.tell_at > now
            or alert.acknowledged_at is not None
            or is_silenced(alert.streams, alert.title, held)
        ):
            continue
        if _claimed(session, alert, now):
            told += outbox.put_for_operators(session, OPENED, _detail(alert, alert.tellings + 1), f"{alert.id}-{alert.tellings + 1}")
    return told


def _claimed(session: Session, alert: AlertRow, now: Millis) -> bool:
    """Counts a telling, for exactly one of those who look."""
    again = None if alert.level == "info" else now + (_SECOND_AFTER if alert.tellings == 0 else _AGAIN_AFTER)
    mine = (ALERTS.c.id == alert.id, ALERTS.c.tellings == alert.tellings, ALERTS.c.acknowledged_at.is_(None))
    return bool(session.execute(update(ALERTS).where(*mine).values(tellings=alert.tellings + 1, tell_at=again)).rowcount)


def _closed(session: Session, now: Millis) -> int:
    """Who was told that it began is told that it is over."""
    over = select(ALERTS).where(ALERTS.c.closed_at >= now - _LATELY, ALERTS.c.tellings > 0)
    rows = rows_as(AlertRow, session.execute(over))
    return sum(
        outbox.put_for_operators(session, CLOSED, _detail(each, each.tellings), f"{each.id}-closed-{each.closed_at}") for each in rows
    )


def _detail(alert: AlertRow, telling: int) -> dict[str, object]:
    return {"alert": alert.id, "telling": telling}


def _incidents(session: Session, now: Millis) -> int:
    notes = select(INCIDENT_NOTES.c.id, INCIDENT_NOTES.c.incident, INCIDENT_NOTES.c.stage).where(INCIDENT_NOTES.c.at >= now - _LATELY)
    return sum(
        outbox.put_for_operators(session, f"incident.{row.stage}", {"incident": row.incident, "note": row.id}, f"{row.incident}-{row.id}")
        for row in session.execute(notes.order_by(INCIDENT_NOTES.c.id))
    )
