"""Incidents over PostgreSQL: one of many declarations wins, each who waits is told once, and the tables go back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from actions.core.subject import Subject
from actions.recovery.incident_ends import NOTICE, UPDATE
from actions.state import subscriptions
from actions.state.conversations import MESSAGES
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from conversations.application import composed
from conversations.healthy_world import healthy
from ops.incidents import service
from ops.incidents.cases import LinkedCases
from ops.incidents.measures import measured
from ops.incidents.outside import note_outside
from ops.incidents.reading import find_incident
from ops.incidents.refusals import IncidentRefused
from ops.worker import Surroundings
from tests.threads import in_threads
from tests.times_of_0008 import go_to

CUSTOMERS = 30


def test_an_outage_from_its_declaration_to_its_end(postgres: Database) -> None:
    load_world_data(postgres, healthy())
    users = [{"id": f"u-{number}"} for number in range(CUSTOMERS)]
    orders = [
        {"id": f"o-{number}", "user": f"u-{number}", "lines": [{"sku": "1"}], "pay_before": f"2026-11-22T{13 + number % 9}:00:00+08:00"}
        for number in range(CUSTOMERS)
    ]
    load_world_data(postgres, {"users": users, "orders": orders})
    here = composed(postgres, notice_rate=1000.0)
    knowledge = here.knowledge.current

    def declare(_: int) -> Any:
        try:
            with postgres.session() as session:
                now = here.world_now(session)
                return service.declare(session, knowledge, now, component="installment", severity="outage", by="operator-1")
        except IncidentRefused as error:
            return error.code

    answers = in_threads(declare)
    (incident,) = [answer for answer in answers if answer != "already-open"]
    with postgres.session() as session:
        for number in range(CUSTOMERS):
            subscriptions.subscribe(session, f"u-{number}", f"u-{number}", Subject.of(f"o-{number}"), "incident_outage")
    assert here.recovery_watcher().look() == 0
    with postgres.session() as session:
        now = here.world_now(session)
        service.update(session, knowledge, now, incident, eta="2026-11-22T15:00:00+08:00", by="operator-1")
    in_threads(lambda _: here.recovery_watcher().look())
    assert said(postgres, UPDATE) == CUSTOMERS
    with postgres.session() as session:
        service.resolve(session, knowledge, here.world_now(session), incident, by="operator-1")
    in_threads(lambda _: here.recovery_watcher().look())
    assert said(postgres, NOTICE) == CUSTOMERS
    assert note_outside(Surroundings.of(here)) == 0 and LinkedCases().look(Surroundings.of(here)) == 0
    with postgres.session() as session:
        now = here.world_now(session)
        figures = measured(session, knowledge, here.facts(session), find_incident(session, incident, now), now)
    assert (figures.subscribed, figures.told, figures.orders_lost) == (CUSTOMERS, CUSTOMERS, 0)


def said(database: Database, action: str) -> int:
    """How many messages of a kind there are, none of them twice to one customer."""
    with database.session() as session:
        counts = (
            session.execute(select(func.count()).where(MESSAGES.c.action == action).group_by(MESSAGES.c.conversation_id)).scalars().all()
        )
    assert set(counts) <= {1}
    return len(counts)


def test_waits_live_on_where_the_tables_are_taken_back(postgres: Database) -> None:
    with postgres.session() as session:
        for incident in ("i-1", "i-2"):
            subscriptions.subscribe(session, "u", "u", Subject.of("o"), "incident_outage", incident)
    go_to(postgres, "0015")
    postgres.migrate()
    with postgres.session() as session:
        (wait,) = subscriptions.open_subscriptions(session)
    assert (wait.order, wait.incident, wait.read_as) == ("o", "", None)
