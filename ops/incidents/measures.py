"""What an incident came to, in figures: how soon people knew and were told, and what became of those whom it hit."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, func, select
from sqlalchemy.orm import Session

from actions.core.facts import FactsSource
from actions.knowledge.model import Knowledge
from actions.recovery.incident_ends import incident_causes
from actions.state import incident_waits
from actions.state.alerts import ALERT_MEMBERS, AlertRow, get_alert, members
from actions.state.conversations import MESSAGES
from actions.state.incidents import Milliseconds, cases_of, now_ms
from actions.state.observations import OBSERVATIONS
from actions.state.subscriptions import SUBSCRIPTIONS
from ops.incidents.at_risk import orders_lost
from ops.incidents.reading import IncidentView

LEAST_FOR_A_TREND = 8
"""Incidents below which a trend would be noise."""
_FIRSTS = ("first_affected", "alerted", "declared")
"""What an incident can begin with, as far as anybody knows of it."""
_O = OBSERVATIONS.c
_M = ALERT_MEMBERS.c
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class IncidentMeasures:
    """The figures of one incident; times are real, in milliseconds since the epoch, None where it did not happen.

    Attributes:
        first_affected: the first complaint that turned out to be of it: the first customer of the alert that it was made of, or in whose
            diagnosis it stood.
        fixed: when it was taken for mended; ``most_told``: when 95 of 100 who waited had been told.
        complaints: affected episodes; ``without_a_person``: the part of them in which nobody asked for one or was given to one.
        came_back: of those told, how many saw plans within a day; ``orders_lost``: expired unpaid while it went on.
    """

    incident: str
    first_affected: Milliseconds | None
    alerted: Milliseconds | None
    acknowledged: Milliseconds | None
    declared: Milliseconds | None
    first_notice: Milliseconds | None
    fixed: Milliseconds | None
    most_told: Milliseconds | None
    complaints: int
    without_a_person: float | None
    handoffs_linked: int
    subscribed: int
    told: int
    came_back: int
    orders_lost: int
    amount_lost: int

    @property
    def begun(self) -> tuple[str, Milliseconds] | None:
        """What happened first, and when; all minutes are counted from there."""
        firsts = [(name, at) for name in _FIRSTS if (at := getattr(self, name)) is not None]
        return min(firsts, key=lambda first: first[1]) if firsts else None

    @property
    def minutes(self) -> dict[str, float | None]:
        """From what happened first to each step."""
        first = self.begun
        begun = None if first is None else first[1]
        steps = ("alerted", "acknowledged", "declared", "first_notice", "fixed", "most_told")
        return {name: _minutes(begun, getattr(self, name)) for name in steps}

    def to_data(self) -> dict[str, Any]:
        """As machines read it."""
        return {**asdict(self), "minutes": self.minutes}


def measured(session: Session, knowledge: Knowledge, source: FactsSource, view: IncidentView, now: Any) -> IncidentMeasures:
    """The figures of an incident; ``now`` is the clock of the facts."""
    declared, ended = view.since("investigating"), view.since("resolved") or view.since("withdrawn") or now_ms()
    alert = get_alert(session, view.from_alert) if view.from_alert else None
    begun = min((each for each in (alert.since if alert else None, declared) if each is not None), default=ended)
    affected = affected_episodes(session, knowledge, view.id, begun, ended, view.from_alert)
    times = told_at(session, view.id)
    counts = incident_waits.counts(session, view.id)
    lost = orders_lost(session, source, view.row, now) if view.row is not None else None
    fixed = view.since("monitoring") or view.since("resolved")
    return IncidentMeasures(
        incident=view.id,
        first_affected=min([*(at for at, _ in affected.values()), *_first_of_alert(session, alert)], default=None),
        alerted=alert.opened_at if alert else None,
        acknowledged=alert.acknowledged_at if alert else None,
        declared=declared,
        first_notice=_first_notice(session, view.id, affected, declared),
        fixed=fixed,
        most_told=times[max(0, -(-len(times) * 95 // 100) - 1)] if times and not counts["open"] else None,
        complaints=len(affected),
        without_a_person=sum(not handed for _, handed in affected.values()) / len(affected) if affected else None,
        handoffs_linked=len(cases_of(session, view.id)),
        subscribed=counts["open"] + counts["claimed"],
        told=counts["claimed"],
        came_back=_came_back(session, view.id),
        orders_lost=len(lost.orders) if lost else 0,
        amount_lost=int(lost.amount) if lost else 0,
    )


def affected_episodes(
    session: Session, knowledge: Knowledge, incident: str, since: Milliseconds, until: Milliseconds, alert: str | None = None
) -> dict[tuple[str, int], tuple[Milliseconds, bool]]:
    """The episodes in which an incident was found, by customer reference and episode: when first, and whether a person was called.

    Args:
        alert: that it was made of; its customers complained before anybody had declared what their diagnosis could have said.
    """
    causes = list(incident_causes(knowledge))
    found = and_(_O.kind == "found", _O.value.in_(causes), _O.at >= since, _O.at <= until, _O.episode.is_not(None))
    firsts: dict[tuple[str, int], Milliseconds] = {}
    for row in session.execute(select(_O.ref, _O.episode, _O.at, _O.dims).where(found).order_by(_O.at)):
        if rests_on(row.dims, incident):
            firsts.setdefault((row.ref, row.episode), row.at)
    of_alert = and_(_M.alert_id == alert, _M.ref == _O.ref, _M.at == _O.at, _O.at >= since, _O.at <= until, _O.episode.is_not(None))
    for row in session.execute(select(_O.ref, _O.episode, _O.at).where(of_alert)) if alert is not None else ():
        firsts[row.ref, row.episode] = min(row.at, firsts.get((row.ref, row.episode), row.at))
    handed = session.execute(select(_O.ref, _O.episode).where(_O.kind == "handoff", _O.at >= since).distinct()).all()
    called = {(row.ref, row.episode) for row in handed}
    return {key: (at, key in called) for key, at in firsts.items()}


def rests_on(dims: Mapping[str, Any], incident: str) -> bool:
    """Whether what was found rests on an incident; what was observed before that was noted may rest on any."""
    return incident in dims.get("incidents", (incident,))


def medians(all_measures: Sequence[IncidentMeasures]) -> dict[str, tuple[float, int]]:
    """Of each step the median of its minutes, and of how many incidents."""
    found: dict[str, tuple[float, int]] = {}
    for name in all_measures[0].minutes if all_measures else ():
        minutes = [value for each in all_measures if (value := each.minutes[name]) is not None]
        if minutes:
            found[name] = statistics.median(minutes), len(minutes)
    return found


def trend(all_measures: Sequence[IncidentMeasures]) -> tuple[float, float] | None:
    """Median minutes until it was fixed, of the earlier and of the later half; None for fewer than eight incidents."""
    fixed = sorted((each.declared or 0, minutes) for each in all_measures if (minutes := each.minutes["fixed"]) is not None)
    if len(fixed) < LEAST_FOR_A_TREND:
        return None
    half = len(fixed) // 2
    return statistics.median(value for _, value in fixed[:half]), statistics.median(value for _, value in fixed[half:])


def proposes_end(complaints: Sequence[int], expected: float, minutes: int = 15) -> bool | None:
    """Whether complaints of an incident that is being watched are back to what is usual, so that its end can be proposed.

    Args:
        complaints: affected customers of each minute since it was fixed, the latest last.
        expected: what is usual in a minute; ``minutes`` how long it must have been so.

    Returns:
        True: it can be ended. False: they rise instead. None: neither can be said yet.
    """
    if len(complaints) < minutes:
        return None
    recent, usual = sum(complaints[-minutes:]), expected * minutes
    # Two deviations of a count around what is usual: below, nothing is left to be seen.
    if recent <= usual + 2 * max(usual, 1.0) ** 0.5:
        return True
    return False if recent > sum(complaints[-2 * minutes : -minutes]) and len(complaints) >= 2 * minutes else None


def told_at(session: Session, incident: str) -> list[Milliseconds]:
    """When each who waited was told of the end, in order."""
    rows = select(SUBSCRIPTIONS.c.ended_at).where(SUBSCRIPTIONS.c.incident == incident, SUBSCRIPTIONS.c.status == "claimed")
    return sorted(int(at.timestamp() * 1000) for at in session.execute(rows).scalars() if at is not None)


def _first_of_alert(session: Session, alert: AlertRow | None) -> list[Milliseconds]:
    """When the first customer of an alert complained: nobody had declared anything, so their diagnosis could not say so."""
    return [] if alert is None else [member.at for member in members(session, alert.id, limit=1)]


def _first_notice(session: Session, incident: str, affected: Any, declared: Milliseconds | None) -> Milliseconds | None:
    shown = session.execute(select(func.min(_O.at)).where(_O.kind == "notice", _O.value == incident)).scalar()
    said = [at for at, _ in affected.values() if declared is not None and at >= declared]
    return min([*said, *([shown] if shown is not None else [])], default=None)


def _came_back(session: Session, incident: str) -> int:
    told = select(SUBSCRIPTIONS.c.conversation_id, SUBSCRIPTIONS.c.ended_at).where(
        SUBSCRIPTIONS.c.incident == incident, SUBSCRIPTIONS.c.status == "claimed"
    )
    ends: dict[str, Any] = {row.conversation_id: row.ended_at for row in session.execute(told)}
    if not ends:
        return 0
    plans = select(MESSAGES.c.conversation_id, MESSAGES.c.at, MESSAGES.c.data).where(
        MESSAGES.c.role == "bot", MESSAGES.c.at >= min(ends.values()), cast(MESSAGES.c.data, Text).like("%resolved%")
    )
    back = {
        row.conversation_id
        for row in session.execute(plans)
        if row.data.get("type") == "resolved"
        and row.conversation_id in ends
        and 0 <= (row.at - ends[row.conversation_id]).total_seconds() * 1000 <= _DAY_MS
    }
    return len(back)


def _minutes(begun: Milliseconds | None, at: Milliseconds | None) -> float | None:
    return None if begun is None or at is None else round((at - begun) / 60_000, 1)
