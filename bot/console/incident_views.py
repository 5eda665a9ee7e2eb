"""What the console shows of incidents: the list, one of them with its numbers, and the banner as a customer would see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.case import Case
from actions.core.facts import UnknownCustomer
from actions.core.handoff import QUEUED
from actions.core.incident_stages import following
from actions.core.platform import Incident
from actions.core.subject import ACCOUNT
from actions.dialogue.notices import first_looked_at, notices_of
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.state.database import Database
from actions.state.handoffs import get_handoff
from actions.state.incidents import IncidentCase, cases_of, now_ms
from actions.state.world.facts import FactsFactory
from actions.state.world.tables import TABLES
from bot.console.places import ConsoleRefused
from ops.incidents.at_risk import OrdersAtRisk, orders_at_risk, orders_lost
from ops.incidents.ending import ending_of
from ops.incidents.pulse import pulse_of
from ops.incidents.reading import IncidentView, every_incident, find_incident
from ops.incidents.refusals import IncidentRefused
from ops.incidents.scope import names_in, names_known, scope_data
from ops.incidents.service import can_follow, declare

CUSTOMERS_OFFERED = 20
"""To choose from for a preview; any other can be typed."""
CUSTOMERS_NAMED = 3
"""Of those, where one is missing."""
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class Premises:
    """What incidents are read from.

    Attributes:
        clock: the clock of the facts.
    """

    database: Database
    knowledge: KnowledgeStore
    facts: FactsFactory
    clock: Callable[[Session], datetime]


class IncidentViews:
    """Reads; blocking, each function one transaction.

    Args:
        premises: where from.
    """

    def __init__(self, premises: Premises) -> None:
        self._at = premises

    @property
    def knowledge(self) -> Knowledge:
        """What the assistant knows."""
        return self._at.knowledge.current

    def every(self) -> list[dict[str, Any]]:
        """All incidents, those that need somebody first."""
        with self._at.database.session() as session:
            return [line_of(session, view) for view in every_incident(session, self._at.clock(session))]

    def drafts(self) -> list[dict[str, Any]]:
        """Those of which nobody has decided yet whether they are so."""
        return [each for each in self.every() if each["stage"] == "draft"]

    def one(self, incident: str, customer: str | None = None) -> dict[str, Any]:
        """One of them with everything that the page shows.

        Args:
            customer: as whom the banner is looked at.

        Raises:
            IncidentRefused: there is none of that id.
        """
        with self._at.database.session() as session:
            now = self._at.clock(session)
            view = find_incident(session, incident, now)
            begun = view.since("investigating")
            pulse = pulse_of(session, self.knowledge, incident, _watched_since(view), begun, now_ms())
            row = view.row
            return {
                **view.to_data(),
                **line_of(session, view),
                "following": list(following(view.stage, now_ms() - (view.updated_at or 0) if view.stage == "resolved" else 0)),
                "numbers": pulse.to_data(),
                "cases": [_case(session, each) for each in cases_of(session, incident)],
                "at_risk": _counted(self._at_risk(session, view, now)) if view.is_open and row else None,
                "preview": self._seen_by(session, customer, row) if customer and row else None,
                "now": now.isoformat(),
            }

    def ending(self, incident: str, wanted: str) -> dict[str, Any]:
        """What would follow if an incident came to its end now, by that stage.

        Raises:
            IncidentRefused: there is none of that id, or the stage cannot follow.
        """
        with self._at.database.session() as session:
            view = find_incident(session, incident, self._at.clock(session))
            can_follow(view, wanted)
            return {**line_of(session, view), "ending": ending_of(session, self.knowledge, self._at.facts(session), incident).to_data()}

    def at_risk(self, incident: str) -> OrdersAtRisk:
        """The orders that an open incident may cost, or that one which is over has cost.

        Raises:
            IncidentRefused: there is none of that id, or it is no more in the world.
        """
        with self._at.database.session() as session:
            now = self._at.clock(session)
            return self._at_risk(session, find_incident(session, incident, now), now)

    def _at_risk(self, session: Session, view: IncidentView, now: datetime) -> OrdersAtRisk:
        if view.row is None:
            raise IncidentRefused(409, "incident-gone", f"{view.id} is not in the world")
        found = orders_at_risk if view.is_open else orders_lost
        return found(session, self._at.facts(session), view.row, now)

    def tried(self, customer: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The banner that a customer would see if an incident were declared like that, which is then taken back.

        Args:
            given: see ``ops.incidents.service.declare``.

        Raises:
            IncidentRefused: it would be refused.
            ConsoleRefused: there is no such customer, or none was chosen.
        """
        if not customer:
            raise ConsoleRefused("customer_missing", offered=self.customers()[:CUSTOMERS_NAMED])
        with self._at.database.session() as session:
            now = self._at.clock(session)
            row = find_incident(session, declare(session, self.knowledge, now, **given), now).row
            seen = self._seen_by(session, customer, row) if row else {}
            session.rollback()
        return seen

    def now(self) -> str:
        """By the clock of the facts, in which expected ends are, also where it stands still."""
        with self._at.database.session() as session:
            return self._at.clock(session).isoformat()

    def customers(self) -> list[str]:
        """Some to choose from."""
        with self._at.database.session() as session:
            users = TABLES["users"].c.id
            return list(session.execute(select(users).order_by(users).limit(CUSTOMERS_OFFERED)).scalars())

    def labels(self) -> dict[str, list[str]]:
        """What scopes can name."""
        with self._at.database.session() as session:
            columns = {"regions": TABLES["users"].c.region, "merchants": TABLES["merchants"].c.id, "categories": TABLES["categories"].c.id}
            return {name: sorted(session.execute(select(column).distinct()).scalars()) for name, column in columns.items()}

    def names(self) -> dict[str, str]:
        """What those of them are called that are ids."""
        with self._at.database.session() as session:
            return names_known(session)

    def _seen_by(self, session: Session, customer: str, row: Incident) -> dict[str, Any]:
        try:
            facts = self._at.facts(session).snapshot(customer, ACCOUNT)
        except UnknownCustomer:
            raise ConsoleRefused("unknown_customer", offered=self.customers()[:CUSTOMERS_NAMED]) from None
        others = tuple(each for each in facts.incidents if each.id != row.id)
        about = first_looked_at(replace(facts, incidents=(*others, row)), None, Case())
        found = next((each for each in notices_of(about, self.knowledge) if each.id == row.id), None)
        return {"customer": customer, "notice": found.to_json(False) if found else None}


def _case(session: Session, case: IncidentCase) -> dict[str, Any]:
    row = get_handoff(session, case.handoff_id)
    stage = {} if row is None else {"status": row.status, "waiting": row.stage in QUEUED}
    return {"handoff": case.handoff_id, "outcome": case.outcome, "linked_at": case.linked_at, **stage}


def _counted(found: OrdersAtRisk) -> dict[str, Any]:
    return {name: value for name, value in found.to_data().items() if name != "orders"}


def _watched_since(view: IncidentView) -> int | None:
    """When it came to the stage of being watched, if it is in it."""
    latest = [*takewhile(lambda note: note.stage == "monitoring", reversed(view.notes))]
    return latest[-1].at if latest and view.stage == "monitoring" else None


def line_of(session: Session, view: IncidentView) -> dict[str, Any]:
    """What a list shows of an incident."""
    affects = scope_data(view.affects)
    quiet = None if view.updated_at is None else max(0, (now_ms() - view.updated_at) // _MINUTE_MS)
    return {
        "id": view.id,
        "stage": view.stage,
        "component": view.component,
        "severity": view.severity,
        "affects": affects,
        "named": names_in(session, affects, *(note.affects for note in view.notes if note.affects)),
        "open": view.is_open,
        "outside": view.outside,
        "started_at": view.row.started_at.isoformat() if view.row else None,
        "minutes_quiet": quiet,
    }
