"""Orders that an incident may cost, or has cost: unpaid, in its scope, and to be paid before it is expected to end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.derived import View
from actions.core.facts import Facts, FactsSource
from actions.core.moments import Moment, end_of, start_of
from actions.core.money import Fen, yuan_number
from actions.core.names import value_of
from actions.core.platform import Incident
from actions.core.record import to_file
from actions.core.subject import Subject
from actions.state.database import chunks
from actions.state.world.facts import SqlFacts, one_by_one
from actions.state.world.tables import TABLES

WITHOUT_ETA = timedelta(hours=24)
"""How far is looked ahead where nobody has said when it ends."""
COLUMNS = ("order", "user", "pay_before", "payable", "merchants")
"""Of the list for the order team."""


@dataclass(frozen=True)
class OrderAtRisk:
    """One order.

    Attributes:
        payable: what is to be paid.
    """

    order: str
    user: str
    pay_before: Moment
    payable: Fen
    merchants: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """As a row of the list."""
        return {
            "order": self.order,
            "user": self.user,
            "pay_before": to_file(self.pay_before),
            "payable": yuan_number(self.payable),
            "merchants": " ".join(self.merchants),
        }


@dataclass(frozen=True)
class OrdersAtRisk:
    """Those of one incident, the soonest to expire first.

    Attributes:
        since, until: between which they expire.
    """

    since: datetime
    until: datetime
    orders: tuple[OrderAtRisk, ...]

    @property
    def amount(self) -> Fen:
        """What is to be paid for all of them."""
        return Fen(sum(each.payable for each in self.orders))

    def to_data(self) -> dict[str, Any]:
        """As machines read it."""
        between = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return {
            **between,
            "count": len(self.orders),
            "amount": yuan_number(self.amount),
            "orders": [each.to_data() for each in self.orders],
        }

    def to_csv(self) -> str:
        """The list for the order team; no cell of it begins a formula."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _plain(value) for name, value in each.to_data().items()} for each in self.orders)
        return out.getvalue()


def orders_at_risk(session: Session, source: FactsSource, incident: Incident, now: datetime) -> OrdersAtRisk:
    """What an open incident may cost: the orders that expire before its expected end, or within a day where none is known."""
    until = end_of(incident.eta) if incident.eta is not None else now + WITHOUT_ETA
    return _between(session, source, incident, now, max(now, until))


def orders_lost(session: Session, source: FactsSource, incident: Incident, now: datetime) -> OrdersAtRisk:
    """What an incident has cost: the orders that expired unpaid while it went on."""
    ended = end_of(incident.resolved_at) if incident.resolved_at is not None else now
    return _between(session, source, incident, start_of(incident.started_at), min(now, ended))


def _between(session: Session, source: FactsSource, incident: Incident, since: datetime, until: datetime) -> OrdersAtRisk:
    orders = TABLES["orders"].c
    rows = session.execute(
        select(orders.id, orders.user, orders.pay_before).where(orders.status == "unpaid", orders.pay_before.is_not(None))
    )
    # Moments of the world are texts of several forms, which SQL cannot compare.
    wanted = [(row.user, Subject("order", row.id)) for row in rows if since < end_of(row.pay_before) <= until]
    found = [_at_risk(facts) for facts in _snapshots(source, wanted) if in_scope(facts, incident)]
    return OrdersAtRisk(since, until, tuple(sorted(found, key=lambda each: (end_of(each.pay_before), each.order))))


def in_scope(facts: Facts, incident: Incident) -> bool:
    """Whether an incident affects a customer and subject, whether or not it is over."""
    always = incident.copy(update={"started_at": facts.now, "resolved_at": None})
    return bool(replace(facts, incidents=(always,)).open_incidents)


def _snapshots(source: FactsSource, wanted: Iterable[tuple[str, Subject]]) -> Iterator[Facts]:
    for some in chunks(wanted):
        yield from (source.snapshots(some) if isinstance(source, SqlFacts) else one_by_one(source, some)).values()


def _at_risk(facts: Facts) -> OrderAtRisk:
    order = facts.order
    assert order is not None and order.pay_before is not None
    merchants = dict.fromkeys(line.merchant.id for line in facts.lines)
    return OrderAtRisk(order.id, order.user, order.pay_before, Fen(value_of("order.payable", View(facts))), tuple(merchants))


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
