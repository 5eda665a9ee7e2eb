"""Alerts of early warning as they are kept: one row per trouble, its customers, its counts by the minute, and what is silenced."""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from sqlalchemy import JSON, Index, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import Session

from actions.state.columns import RowNumber, SmallNumber, real_now, rows_as, table_of
from actions.state.database import insert_if_new

AlertSource = Literal["complaints", "census", "technical"]
AlertLevel = Literal["alarm", "info"]
Verdict = Literal["true", "false"]
Millis = int
"""Epoch milliseconds of real time, which SQL compares."""


def now_millis() -> Millis:
    """The present instant."""
    return int(real_now().timestamp() * 1000)


@dataclass(frozen=True)
class AlertRow:
    """One trouble.

    Attributes:
        key: the same whoever finds it, so that it is kept once.
        source: what told of it: customers' complaints, the census of the state, or the machines' own monitoring.
        level: whether it asks for somebody, or only informs.
        streams: that tell of it, the first one first.
        title: of what has no streams of its own, such as a rule of Prometheus.
        since: when it likely began.
        seen_at: until when it was looked at.
        observed: customers of the first stream from the likely begin to the alarm.
        expected: customers that were to be expected then.
        ratio_low, ratio_high: exact 95 % interval of observed to expected; None where nothing was to be expected.
        learning: whether the stream was younger than a week.
        drill: where it sits, the surest first: ``dim``, ``value``, ``share``, ``others``, ``at_least``, ``p``.
        detail: what else its source says.
        draft: the incident that was drafted from it.
        tellings: how often it was told to whoever listens outside.
        tell_at: when it is told again; None: never by itself.
    """

    id: str
    key: str
    source: AlertSource
    level: AlertLevel
    streams: tuple[str, ...]
    title: str | None
    opened_at: Millis
    since: Millis
    seen_at: Millis
    closed_at: Millis | None
    observed: int
    expected: float
    ratio_low: float | None
    ratio_high: float | None
    learning: bool
    drill: tuple[dict[str, Any], ...]
    detail: Annotated[dict[str, Any], JSON(none_as_null=True)] = field(default_factory=dict)
    draft: str | None = None
    acknowledged_at: Millis | None = None
    acknowledged_by: str | None = None
    verdict: Verdict | None = None
    verdict_at: Millis | None = None
    verdict_by: str | None = None
    tellings: SmallNumber = 0
    tell_at: Millis | None = None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.closed_at is None


@dataclass(frozen=True)
class AlertMember:
    """A customer who is part of an alert, by a reference; ``at`` is their first complaint of it."""

    alert_id: str
    ref: str
    stream: str
    at: Millis


@dataclass(frozen=True)
class AlertMinute:
    """A minute of an alert's first stream.

    Attributes:
        at: its begin.
        observed: customers who were new in it.
        expected: how many were to be expected at most.
        low, high: between which 95 % of ordinary minutes lie.
    """

    alert_id: str
    at: Millis
    observed: int
    expected: float
    low: int
    high: int


@dataclass(frozen=True)
class Silence:
    """What is not told outside for a while; it stands in the list all the same."""

    id: RowNumber
    stream: str
    until: Millis
    reason: str
    by: str
    at: Millis


ALERTS = table_of("alerts", AlertRow, UniqueConstraint("key"), Index(None, "opened_at"), Index(None, "closed_at"))
ALERT_MEMBERS = table_of("alert_members", AlertMember, key=("alert_id", "ref"))
ALERT_MINUTES = table_of("alert_minutes", AlertMinute, key=("alert_id", "at"))
SILENCES = table_of("silences", Silence, Index(None, "until"))


def new_alert_id() -> str:
    """An id that no alert has."""
    return "a-" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))


def add_alert(session: Session, row: AlertRow) -> AlertRow:
    """Keeps an alert; whoever found the same one first stays. Returns what is kept."""
    insert_if_new(session, ALERTS, vars(row))
    (kept,) = rows_as(AlertRow, session.execute(select(ALERTS).where(ALERTS.c.key == row.key)))
    return kept


def change_alert(session: Session, alert_id: str, **values: Any) -> None:
    """Writes what has become known of an alert."""
    session.execute(update(ALERTS).where(ALERTS.c.id == alert_id).values(**values))


def get_alert(session: Session, alert_id: str) -> AlertRow | None:
    """One alert; None if there is none of that id."""
    return next(iter(rows_as(AlertRow, session.execute(select(ALERTS).where(ALERTS.c.id == alert_id)))), None)


def open_alerts(session: Session) -> tuple[AlertRow, ...]:
    """What goes on, the newest first."""
    return rows_as(AlertRow, session.execute(select(ALERTS).where(ALERTS.c.closed_at.is_(None)).order_by(ALERTS.c.opened_at.desc())))


def recent_alerts(session: Session, since: Millis, limit: int = 200) -> tuple[AlertRow, ...]:
    """What goes on, and what has opened or ended since an instant; the newest first."""
    lately = or_(ALERTS.c.closed_at.is_(None), ALERTS.c.closed_at >= since, ALERTS.c.opened_at >= since)
    return rows_as(AlertRow, session.execute(select(ALERTS).where(lately).order_by(ALERTS.c.opened_at.desc(), ALERTS.c.id).limit(limit)))


def members(session: Session, alert_id: str, limit: int | None = None) -> tuple[AlertMember, ...]:
    """The customers of an alert by their references, the first to complain first."""
    wanted = select(ALERT_MEMBERS).where(ALERT_MEMBERS.c.alert_id == alert_id).order_by(ALERT_MEMBERS.c.at, ALERT_MEMBERS.c.ref)
    return rows_as(AlertMember, session.execute(wanted.limit(limit)))


def count_of_members(session: Session, alert_id: str) -> int:
    """How many customers an alert has."""
    wanted = select(func.count()).select_from(ALERT_MEMBERS).where(ALERT_MEMBERS.c.alert_id == alert_id)
    return int(session.execute(wanted).scalar_one())


def minutes_of(session: Session, alert_id: str) -> tuple[AlertMinute, ...]:
    """The minutes of an alert, from an hour before its likely begin, in order."""
    wanted = select(ALERT_MINUTES).where(ALERT_MINUTES.c.alert_id == alert_id).order_by(ALERT_MINUTES.c.at)
    return rows_as(AlertMinute, session.execute(wanted))


def silences(session: Session, at: Millis) -> tuple[Silence, ...]:
    """What is silenced at an instant, the first to end first."""
    return rows_as(Silence, session.execute(select(SILENCES).where(SILENCES.c.until > at).order_by(SILENCES.c.until, SILENCES.c.id)))


def is_silenced(streams: Collection[str], title: str | None, held: Collection[Silence]) -> bool:
    """Whether everything that an alert tells of is silenced."""
    quiet = {each.stream for each in held}
    return bool(streams) and set(streams) <= quiet or (title is not None and title in quiet)


def verdicts(session: Session, since: Millis) -> Mapping[str, int]:
    """Of the alarms that opened since an instant: how many people called ``true`` and ``false``, and how many nobody judged (``none``)."""
    kept = (ALERTS.c.opened_at >= since, ALERTS.c.level == "alarm", ALERTS.c.source != "technical")
    found = session.execute(select(ALERTS.c.verdict, func.count()).where(*kept).group_by(ALERTS.c.verdict)).all()
    counts = {"true": 0, "false": 0, "none": 0}
    counts.update({verdict or "none": int(count) for verdict, count in found})
    return counts
