"""What the census finds, as alerts that stand in the same list as those of complaints: one per cause, and closed when what it tells of is over."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.state.alerts import AlertRow, add_alert, change_alert, new_alert_id, open_alerts
from ops.watch.census import CensusAlarm
from ops.watch.census_look import CensusLook
from ops.watch.keeping import Drafting
from ops.watch.settings import WatchSettings


def settle_census(session: Session, found: CensusLook, draft: Drafting, settings: WatchSettings) -> tuple[AlertRow, ...]:
    """Opens, renews and closes the census's alerts after a look.

    A cause of which customers' complaints have told already gets no second alert: what the census knows of it is added to that one.

    Args:
        session: of the database.
        found: what the look came to.
        draft: what is done with an alarm that is new.
        settings: what drafts are filled in with.

    Returns:
        Those that have opened.
    """
    there = open_alerts(session)
    own = {alert.streams[0]: alert for alert in there if alert.source == "census"}
    told = {stream: alert for alert in there if alert.source == "complaints" and alert.level == "alarm" for stream in alert.streams}
    opened: list[AlertRow] = []
    for alarm in found.alarms:
        known = own.get(alarm.cause)
        if known is not None:
            change_alert(session, known.id, seen_at=found.at, drill=_drill(alarm), **_counted(alarm))
        elif alarm.cause in told:
            joined = told[alarm.cause]
            change_alert(session, joined.id, detail={**joined.detail, "census": _detail(alarm)})
        else:
            opened.append(_opened(session, _alert(alarm, found.at), draft, settings))
    asked_for = {alarm.cause for alarm in found.alarms}
    for cause, alert in own.items():
        if found.begun or cause not in asked_for | found.lasting:
            change_alert(session, alert.id, closed_at=found.at, seen_at=found.at, tell_at=None)
        elif cause not in asked_for:
            change_alert(session, alert.id, seen_at=found.at)
    return tuple(opened)


def _opened(session: Session, fresh: AlertRow, draft: Drafting, settings: WatchSettings) -> AlertRow:
    row = add_alert(session, fresh)
    if row.id == fresh.id:
        change_alert(session, row.id, draft=draft(session, row, settings))
    return row


def _alert(alarm: CensusAlarm, at: int) -> AlertRow:
    return AlertRow(
        id=new_alert_id(),
        key=f"census:{alarm.cause}:{alarm.since}",
        source="census",
        level="alarm",
        streams=(alarm.cause,),
        title=None,
        opened_at=at,
        since=alarm.since,
        seen_at=at,
        closed_at=None,
        expected=0.0,
        ratio_low=None,
        ratio_high=None,
        learning=False,
        drill=_drill(alarm),
        tell_at=at,
        **_counted(alarm),
    )


def _counted(alarm: CensusAlarm) -> dict[str, Any]:
    return {
        "observed": alarm.newly[0].owners if alarm.newly else sum(fall.fallen for fall in alarm.shops),
        "detail": {"census": _detail(alarm)},
    }


def _detail(alarm: CensusAlarm) -> dict[str, Any]:
    return {"newly": [vars(row) for row in alarm.newly], "shops": [vars(fall) for fall in alarm.shops]}


def _drill(alarm: CensusAlarm) -> tuple[dict[str, Any], ...]:
    return tuple(vars(each) for each in alarm.drill)
