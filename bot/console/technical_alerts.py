"""Where the machines' own monitoring sends its alerts: ``POST /console/api/alerts``, for programs of the role ``monitor`` alone."""

from __future__ import annotations

from actions.state.audit import record
from actions.state.database import Database
from bot.channel.tokens import ROLE_MONITOR
from bot.console.places import ConsoleRefused, Done, Place, Visit
from ops.watch.technical import NotAlertmanager, read_alertmanager, take_technical

_AUDITED_AS = "alert.received"


def technical_alerts_place(database: Database) -> Place:
    """The place; its GET is the list of alerts, which is another one.

    Args:
        database: where alerts are.
    """

    def act(visit: Visit) -> Done:
        try:
            alerts = read_alertmanager(visit.given)
        except NotAlertmanager as error:
            raise ConsoleRefused("malformed", str(error)) from None
        with database.session() as session:
            taken = take_technical(session, alerts)
            if any(taken.values()):
                record(session, visit.who.name, _AUDITED_AS, detail=taken)
        return Done("/alerts", taken)

    return Place("technical_alerts", "/alerts", act=act, acted_by=frozenset({ROLE_MONITOR}), programs_only=True)
