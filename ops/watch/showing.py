"""Kept alerts as data: what the command line prints and the console's API answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.state.alerts import AlertRow, count_of_members, minutes_of
from ops.watch.alerts import instant
from ops.watch.decisions import known_alert


def alert_data(row: AlertRow) -> dict[str, Any]:
    """An alert as machines read it: the fields of a replay, and what people have done with it."""
    ratio = [None if limit is None else round(limit, 2) for limit in (row.ratio_low, row.ratio_high)]
    return {
        "id": row.id,
        "source": row.source,
        "level": row.level,
        "stream": "+".join(row.streams) or row.title,
        "title": row.title,
        "opened_at": _iso(row.opened_at),
        "since": _iso(row.since),
        "closed_at": _iso(row.closed_at),
        "observed": row.observed,
        "expected": round(row.expected, 4),
        "ratio": ratio,
        "learning": row.learning,
        "drill": list(row.drill),
        "draft": row.draft,
        "acknowledged": _iso(row.acknowledged_at),
        "acknowledged_by": row.acknowledged_by,
        "verdict": row.verdict,
        "verdict_by": row.verdict_by,
    }


def alert_details(session: Session, alert_id: str) -> dict[str, Any]:
    """One alert with its customers' number and its minutes.

    Raises:
        AlertRefused: there is none.
    """
    row = known_alert(session, alert_id)
    minutes = [{**vars(each), "at": _iso(each.at)} for each in minutes_of(session, alert_id)]
    for each in minutes:
        del each["alert_id"]
    return {**alert_data(row), "detail": row.detail, "customers": count_of_members(session, alert_id), "minutes": minutes}


def _iso(millis: int | None) -> str | None:
    return None if millis is None else instant(millis / 1000)
