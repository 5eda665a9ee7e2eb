"""Keeps what the watch finds: one row per trouble, with its customers and its minutes, whoever finds it and however often it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.state.alerts import (
    ALERT_MEMBERS,
    ALERT_MINUTES,
    AlertRow,
    AlertSource,
    add_alert,
    change_alert,
    minutes_of,
    new_alert_id,
    open_alerts,
    recent_alerts,
)
from actions.state.database import insert_new
from ops.stats.intervals import usual_counts
from ops.watch.alerts import Alert
from ops.watch.names import TURN_FAILED
from ops.watch.settings import WatchSettings
from ops.watch.troubles import JoinedTrouble
from ops.watch.watching import BLIND, Watch, end_of

_BEFORE = 60
"""Minutes before the likely begin that are kept, to show what was usual."""
_LATELY = 3 * 3_600_000
"""Milliseconds: two accounts of one stream that are less apart tell of one trouble, and what was over before is left alone."""
_SETTLED = 24 * 3_600_000
"""Milliseconds after which it is known where a trouble sits."""
_SOURCE: AlertSource = "complaints"

Drafting = Callable[[Session, AlertRow, WatchSettings], str]
"""Drafts an incident from an alert that is new; its id."""


class AlertKeeper:
    """Writes the alerts of a watch.

    Args:
        draft: what is done with an alarm that is new.
    """

    def __init__(self, draft: Drafting) -> None:
        self._draft = draft

    def keep(self, session: Session, watch: Watch, settings: WatchSettings) -> tuple[AlertRow, ...]:
        """Writes what the watch has found until its last minute.

        Args:
            watch: that has taken everything there is.
            settings: what drafts are filled in with.

        Returns:
            The alerts that are new.
        """
        now = _millis(end_of(watch.last))
        rows = [row for row in recent_alerts(session, now - _LATELY, limit=1000) if row.source == _SOURCE]
        new: list[AlertRow] = []
        seen: set[str] = set()
        for alert in watch.alerts():
            if alert.closed_at is not None and _millis(alert.closed_at) < now - _LATELY:
                continue
            row = next((each for each in rows if each.id not in seen and _is_the_same(each, alert)), None)
            if row is None:
                row = self._add(session, alert, now, settings)
                new.append(row)
            seen.add(row.id)
            self._follow(session, watch, row, alert, now)
        for row in rows:
            if row.is_open and row.id not in seen:
                # The watch began anew and does not see it any more.
                change_alert(session, row.id, closed_at=now, seen_at=now)
        return tuple(new)

    def _add(self, session: Session, alert: Alert, now: int, settings: WatchSettings) -> AlertRow:
        low, high = (limit if isfinite(limit) else None for limit in alert.ratio)
        opened = _millis(alert.opened_at)
        told = not alert.informs or alert.streams == (BLIND,)
        fresh = AlertRow(
            id=new_alert_id(),
            key=f"{alert.streams[0]}@{opened}",
            source=_SOURCE,
            level="info" if alert.informs else "alarm",
            streams=alert.streams,
            title=None,
            opened_at=opened,
            since=opened if alert.since is None else _millis(alert.since),
            seen_at=now,
            closed_at=None,
            observed=alert.observed,
            expected=alert.expected,
            ratio_low=low,
            ratio_high=high,
            learning=alert.learning,
            drill=_drill(alert),
            tell_at=now if told else None,
        )
        seen = _seen_by_census(session, fresh)
        if seen is not None:
            # The census was first: it has been told, and its draft is the one.
            fresh = replace(fresh, tell_at=None, draft=seen.draft)
        row = add_alert(session, fresh)
        if row.id == fresh.id and not alert.informs and row.draft is None:
            change_alert(session, row.id, draft=self._draft(session, row, settings))
        return row

    def _follow(self, session: Session, watch: Watch, row: AlertRow, alert: Alert, now: int) -> None:
        closed = None if alert.closed_at is None else _millis(alert.closed_at)
        if not row.is_open and closed is not None:
            return
        # A worker that has begun anew does not know any more where it all was.
        drill = _drill(alert) if now - row.opened_at < _SETTLED else row.drill
        change_alert(session, row.id, streams=alert.streams, seen_at=closed or now, closed_at=closed, drill=drill)
        joined = watch.joined(alert)
        if joined is not None:
            _keep_minutes(session, watch, row, joined)
            _keep_members(session, watch, row, joined)


def _seen_by_census(session: Session, fresh: AlertRow) -> AlertRow | None:
    there = (row for row in open_alerts(session) if row.source == "census")
    return next((row for row in there if fresh.level == "alarm" and set(row.streams) & set(fresh.streams)), None)


def _is_the_same(row: AlertRow, alert: Alert) -> bool:
    opened = _millis(alert.opened_at)
    if row.key == f"{alert.streams[0]}@{opened}":
        return True
    together = bool(set(row.streams) & set(alert.streams)) and row.level == ("info" if alert.informs else "alarm")
    return together and (row.is_open and alert.closed_at is None or abs(row.opened_at - opened) <= _LATELY)


def _keep_minutes(session: Session, watch: Watch, row: AlertRow, joined: JoinedTrouble) -> None:
    kept = minutes_of(session, row.id)
    after = 0 if not kept else kept[-1].at
    rows: list[dict[str, Any]] = []
    for each in watch.course(joined, joined.since - _BEFORE):
        at = _millis(end_of(each.minute - 1))
        if at > after:
            low, high = usual_counts(each.expected, each.dispersion)
            rows.append({"alert_id": row.id, "at": at, "observed": each.observed, "expected": each.expected, "low": low, "high": high})
    insert_new(session, ALERT_MINUTES, rows)


def _keep_members(session: Session, watch: Watch, row: AlertRow, joined: JoinedTrouble) -> None:
    kept = set(session.execute(select(ALERT_MEMBERS.c.ref).where(ALERT_MEMBERS.c.alert_id == row.id)).scalars())
    insert_new(
        session,
        ALERT_MEMBERS,
        [
            {"alert_id": row.id, "ref": each.customer, "stream": stream, "at": _millis(each.at)}
            for stream, each in watch.customers(joined)
            if stream != TURN_FAILED and each.customer not in kept
        ],
    )


def _drill(alert: Alert) -> tuple[dict[str, Any], ...]:
    return tuple(asdict(each) for each in alert.drill)


def _millis(seconds: float) -> int:
    return round(seconds * 1000)
