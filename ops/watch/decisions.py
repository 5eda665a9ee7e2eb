"""What people decide about alerts: they have seen one, it was true or false, or it is not to be told for a while. Everything is audited."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, get_args

from sqlalchemy import insert
from sqlalchemy.orm import Session

from actions.state.alerts import SILENCES, AlertRow, Verdict, change_alert, get_alert, now_millis, recent_alerts
from actions.state.audit import record

MOST_DAYS = 7
"""Of a silence: what is wanted for longer belongs into ``knowledge/watch.yml``."""
_DAY = 86_400_000
_LONGEST_REASON = 200
_REMEMBERED_DAYS = 90
"""For so long a stream that is not of the knowledge any more, or never was, can be silenced."""


class AlertRefused(ValueError):
    """Something that cannot be done with an alert.

    Attributes:
        status: of HTTP.
        code: for programs.
        reason: for people.
    """

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


def known_alert(session: Session, alert_id: str) -> AlertRow:
    """An alert by its id.

    Raises:
        AlertRefused: there is none.
    """
    found = get_alert(session, alert_id)
    if found is None:
        raise AlertRefused(404, "not-found", f"there is no alert {alert_id[:40]}; `baitiao alerts list` shows those there are")
    return found


def known_stream(session: Session, stream: str, known: Collection[str]) -> None:
    """Makes sure that a stream can be silenced: what is misspelt would silence nothing, and nobody would notice.

    Args:
        known: streams that there can be; those of alerts that were lately open count as well.

    Raises:
        AlertRefused: there is none of that name; the nearest are named.
    """
    lately = {name for row in recent_alerts(session, now_millis() - _REMEMBERED_DAYS * _DAY) for name in (*row.streams, row.title) if name}
    everything = {*known, *lately}
    if stream not in everything:
        nearest = get_close_matches(stream, sorted(everything), n=3)
        told = f"; nearest: {', '.join(nearest)}" if nearest else ""
        raise AlertRefused(422, "stream-unknown", f"there is no stream {stream[:60]}{told}")


def acknowledge(session: Session, alert_id: str, by: str) -> None:
    """Somebody has seen an alert and takes care of it; it is not repeated any more. Saying so again changes nothing.

    Raises:
        AlertRefused: no such alert, or it is over.
    """
    alert = known_alert(session, alert_id)
    if alert.acknowledged_at is not None:
        return
    if not alert.is_open:
        raise AlertRefused(409, "alert-closed", f"{alert_id} is over; give it a verdict instead")
    change_alert(session, alert_id, acknowledged_at=now_millis(), acknowledged_by=by, tell_at=None)
    record(session, by, "alert.acknowledged", detail={"alert": alert_id})


def judge(session: Session, alert_id: str, verdict: str, by: str) -> None:
    """Somebody says whether an alert was about a trouble; the latest word holds.

    Raises:
        AlertRefused: no such alert, or no such verdict.
    """
    alert = known_alert(session, alert_id)
    if verdict not in get_args(Verdict):
        raise AlertRefused(422, "verdict-unknown", f"a verdict is {' or '.join(get_args(Verdict))}, not {verdict[:40]}")
    if alert.level == "info":
        raise AlertRefused(409, "only-informs", f"{alert_id} only informs, so it can be neither true nor false")
    change_alert(session, alert_id, verdict=verdict, verdict_at=now_millis(), verdict_by=by)
    record(session, by, "alert.verdict", detail={"alert": alert_id, "verdict": verdict})


def silence(session: Session, stream: str, days: float, reason: str, by: str) -> int:
    """Nothing is told outside about a stream for some days; alerts stand in the list all the same.

    Args:
        stream: its name, or an alert's id for all streams of that alert.
        days: above 0, up to ``MOST_DAYS``.
        reason: for whoever asks why nothing was said.

    Returns:
        Until when, in epoch milliseconds.

    Raises:
        AlertRefused: no such alert, no reason, or too long.
    """
    if not 0 < days <= MOST_DAYS:
        raise AlertRefused(
            422, "silence-too-long", f"a silence lasts at most {MOST_DAYS} days, not {days:g}; for longer, name it under off in watch.yml"
        )
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise AlertRefused(422, "reason-missing", f"a silence needs a reason of at most {_LONGEST_REASON} characters")
    names = [stream]
    if stream.startswith("a-"):
        alert = known_alert(session, stream)
        names = list(alert.streams) or [alert.title or ""]
    now = now_millis()
    until = now + int(days * _DAY)
    rows: list[dict[str, Any]] = [{"stream": name, "until": until, "reason": reason.strip(), "by": by, "at": now} for name in names]
    session.execute(insert(SILENCES), rows)
    record(session, by, "alert.silenced", detail={"streams": names, "until": until, "reason": reason.strip()})
    return until
