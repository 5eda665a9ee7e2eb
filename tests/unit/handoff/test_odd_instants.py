"""Instants at the ends of the calendar, as an account service or a database of an older version may hold them, stop no turn and no page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from actions.core.moments import SHANGHAI, local, parse_moment, start_of
from actions.state.world.tables import CLOCK, TABLES
from bot.commands.handoffs import FORMATS, show
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.broad

LAST, FIRST = "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+08:00"
INCIDENT = {"id": "i-odd", "component": "installment", "severity": "outage", "started_at": "2026-11-22T09:30:00+08:00"}
WINDOW = {"id": "w-odd", "component": "installment", "starts_at": "2026-11-22T09:30:00+08:00", "notice": ""}


def put(house: House, section: str, row: dict[str, Any]) -> None:
    """Writes a row past every check."""
    table = TABLES[section]
    kept = {name: parse_moment(value) if isinstance(value, str) and "T" in value else value for name, value in row.items()}
    with house.database.session() as session:
        session.execute(insert(table).values(**kept))


def locked(house: House, at: str) -> None:
    users = TABLES["users"]
    with house.database.session() as session:
        session.execute(update(users).where(users.c.id == "u-1013").values(payment_password_locked_until=parse_moment(at)))


def incident(house: House, field: str, at: str) -> None:
    affects = {name: () for name in ("affects_channels", "affects_categories", "affects_merchants", "affects_regions")}
    columns = set(TABLES["incidents"].columns.keys())
    put(house, "incidents", {name: value for name, value in {**affects, "notice": "", **INCIDENT, field: at}.items() if name in columns})


def window(house: House, at: str) -> None:
    put(house, "maintenance", {**WINDOW, "ends_at": at})


def clock(house: House, at: str) -> None:
    with house.database.session() as session:
        session.execute(insert(CLOCK).values(id=1, now=parse_moment(at)))


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda house: locked(house, LAST), id="locked for ever"),
        pytest.param(lambda house: incident(house, "eta", LAST), id="an incident without end"),
        pytest.param(lambda house: incident(house, "eta", FIRST), id="an incident that was over before it began"),
        pytest.param(lambda house: incident(house, "started_at", FIRST), id="an incident since ever"),
        pytest.param(lambda house: window(house, LAST), id="maintenance without end"),
        pytest.param(lambda house: clock(house, LAST), id="the last second"),
        pytest.param(lambda house: clock(house, FIRST), id="the first second"),
    ],
)
def test_a_customer_is_answered_and_handed_over_whatever_the_calendar_says(house: House, odd: Any) -> None:
    with house.database.session() as session:
        session.execute(CLOCK.delete())
    odd(house)
    house.handed_over()
    assert all(show(house.application, house.open().id, shape) for shape in FORMATS)


@pytest.mark.parametrize("at", [LAST, FIRST])
def test_an_instant_without_local_time_is_the_nearest_one_that_has_one(at: str) -> None:
    instant = parse_moment(at)
    assert isinstance(instant, datetime)
    assert local(instant).utcoffset() == start_of(date(instant.year, 1, 1)).utcoffset() and local(instant).tzinfo is SHANGHAI
