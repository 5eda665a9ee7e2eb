"""Alerts of the machines' own monitoring, as Alertmanager's webhook sends them: they stand in the same list as those of complaints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.masking import mask
from actions.state.alerts import ALERTS, AlertRow, Millis, add_alert, change_alert, new_alert_id, now_millis
from actions.state.columns import rows_as

VERSION = "4"
"""Of Alertmanager's webhook."""
_MOST = 200
"""Alerts of one request; Alertmanager's ``max_alerts`` keeps to it."""
_LONGEST = 500
_MOST_LABELS = 40
_INFO = "info"


class NotAlertmanager(ValueError):
    """A body that is not what Alertmanager sends; the message says what is wrong with it."""


@dataclass(frozen=True)
class TechnicalAlert:
    """One alert of a request."""

    key: str
    name: str
    firing: bool
    starts_at: Millis
    labels: Mapping[str, str]
    summary: str


def read_alertmanager(body: Mapping[str, Any]) -> tuple[TechnicalAlert, ...]:
    """The alerts of a request.

    Raises:
        NotAlertmanager: it is none of Alertmanager's.
    """
    if str(body.get("version")) != VERSION:
        raise NotAlertmanager(f"version must be {VERSION!r}: this takes the webhook of Alertmanager")
    alerts = body.get("alerts")
    if not isinstance(alerts, list) or not 0 < len(alerts) <= _MOST:
        raise NotAlertmanager(f"alerts must be a list of 1 to {_MOST}; set max_alerts")
    return tuple(_read(number, each) for number, each in enumerate(alerts))


def _read(number: int, given: Any) -> TechnicalAlert:
    where = f"alerts[{number}]"
    if not isinstance(given, dict) or given.get("status") not in ("firing", "resolved"):
        raise NotAlertmanager(f"{where}.status must be firing or resolved")
    labels = _texts(given.get("labels"), f"{where}.labels")
    name = labels.get("alertname")
    if not name:
        raise NotAlertmanager(f"{where}.labels.alertname is missing")
    notes = _texts(given.get("annotations") or {}, f"{where}.annotations")
    starts_at = _millis(given.get("startsAt"), f"{where}.startsAt")
    identity = given.get("fingerprint") or hashlib.sha256(repr(sorted(labels.items())).encode()).hexdigest()[:16]
    summary = notes.get("summary") or notes.get("description") or ""
    return TechnicalAlert(f"alertmanager:{str(identity)[:64]}@{starts_at}", name, given["status"] == "firing", starts_at, labels, summary)


def take_technical(session: Session, alerts: tuple[TechnicalAlert, ...]) -> dict[str, int]:
    """Keeps alerts; how many opened and how many are over. What was sent before changes nothing."""
    opened = closed = 0
    now = now_millis()
    for each in alerts:
        kept = next(iter(rows_as(AlertRow, session.execute(select(ALERTS).where(ALERTS.c.key == each.key)))), None)
        if kept is None and each.firing:
            opened += add_alert(session, row := _row(each, now)).id == row.id
        elif kept is not None and kept.is_open:
            change_alert(session, kept.id, seen_at=now, **({} if each.firing else {"closed_at": now, "tell_at": None}))
            closed += not each.firing
    return {"opened": opened, "closed": closed}


def _row(alert: TechnicalAlert, now: Millis) -> AlertRow:
    informs = alert.labels.get("severity") == _INFO
    return AlertRow(
        id=new_alert_id(),
        key=alert.key,
        source="technical",
        level="info" if informs else "alarm",
        streams=(),
        title=alert.name,
        opened_at=now,
        since=alert.starts_at,
        seen_at=now,
        closed_at=None,
        observed=0,
        expected=0.0,
        ratio_low=None,
        ratio_high=None,
        learning=False,
        drill=(),
        detail={"labels": dict(alert.labels), "summary": alert.summary},
        tell_at=None if informs else now,
    )


def _texts(given: Any, where: str) -> dict[str, str]:
    if not isinstance(given, dict) or len(given) > _MOST_LABELS:
        raise NotAlertmanager(f"{where} must be a map of at most {_MOST_LABELS} texts")
    return dict(_pairs(given))


def _pairs(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        # Labels may hold whatever a program has put there, and are shown to everybody on duty.
        yield str(name)[:_LONGEST], mask(str(value)[:_LONGEST]).text


def _millis(given: Any, where: str) -> Millis:
    try:
        moment = datetime.fromisoformat(_without_nanoseconds(given).replace("Z", "+00:00"))
        if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
            raise ValueError
    except (TypeError, AttributeError, ValueError):
        raise NotAlertmanager(f"{where} must be an instant such as 2026-11-22T10:00:00Z") from None
    return round(moment.timestamp() * 1000)


def _without_nanoseconds(text: str) -> str:
    """Go writes up to nine digits of a second, of which Python 3.10 reads three or six."""
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return f"{head}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}" if dot else text
