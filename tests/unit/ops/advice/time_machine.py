"""A time machine: customers to whom things come on known days, and both clocks set forward hour by hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from actions.bootstrap import Application
from actions.core.moments import SHANGHAI
from actions.core.observations import milliseconds
from actions.state import consents
from actions.state.advice import ADVICE, Advice, note_opt_out
from actions.state.columns import rows_as
from actions.state.database import Database
from actions.state.world.loading import load_world_data
from actions.state.world.tables import store_now
from conversations.application import composed
from ops.advice.effect import judge, note_outcomes
from ops.advice.planning import plan_ahead
from ops.advice.sending import send_due
from ops.worker import Surroundings

FIRST = date(2026, 11, 22)
HOURS = (3, 10, 20, 22)
"""When the worker looks: at night to look up, by day to write, and once more when it must not."""


def at(day: date, hour: int) -> datetime:
    """An instant."""
    return datetime.combine(day, time(hour), SHANGHAI)


def customers(count: int, seed: int, days: int) -> dict[str, Any]:
    """A world in file form in which something comes to nearly everybody within so many days, with what has passed and what is far off."""
    random = Random(seed)

    def day(least: int = -10) -> str:
        return (FIRST + timedelta(days=random.randint(least, max(least, days + 20)))).isoformat()

    numbers = range(count)
    return {
        "now": at(FIRST, 10).isoformat(),
        "users": [
            {
                "id": f"u-{n}",
                "region": random.choice(["广东", "北京"]),
                "id_document": {"expires_on": day()},
                "app_version": "13.2.0",
                "baitiao": _account(n, day),
            }
            for n in numbers
        ],
        "merchants": [{"id": "m"}, {"id": "m-paused", "installment": "paused", "paused_until": day(3)}],
        "categories": [{"id": "c"}],
        "items": [
            {
                "sku": str(sku),
                "category": "c",
                "merchant": "m-paused" if sku < 3 else "m",
                "price": "5299.00",
                "interest_free": {"tenors": [3], "until": day()},
            }
            for sku in range(10)
        ],
        "orders": [{"id": f"o-{n}", "user": f"u-{n}", "lines": [{"sku": str(random.randrange(10))}]} for n in numbers if n % 2],
        "bills": [
            {
                "id": f"b-{n}-{each}",
                "user": f"u-{n}",
                "month": f"2026-{11 - each:02}",
                "amount": "1200.00",
                "status": "issued",
                "due_on": day(0),
            }
            for n in numbers
            for each in range(random.randrange(3))
        ],
        "plans": [{"tenor": 3}, {"tenor": 6}],
        "policies": [
            {"id": "p-region", "kind": "region", "regions": ["广东"], "effective_from": day(5), "effective_to": day(60)},
            {"id": "p-app", "kind": "app_version", "minimum": "14.0.0", "effective_from": day(5)},
            {"id": "p-least", "kind": "min_amount", "amount": "9000.00", "effective_from": day(5)},
            {"id": "p-terms", "kind": "agreement", "version": 4, "effective_from": day(5)},
            {"id": "p-adjusted", "kind": "adjustment", "regions": ["北京"], "notice": "调整", "effective_from": day(5)},
            {"id": "p-wait", "kind": "restoration_wait", "hours": 24 * 30, "effective_from": "2026-01-01"},
        ],
    }


def _account(number: int, day: Callable[..., str]) -> dict[str, Any]:
    """What a customer's account is like: most are in order, some will be, and some have credit that ends."""
    if number % 11 == 2:
        return {"status": "rejected", "retry_after": day()}
    if number % 11 == 5:
        return {"status": "suspended", "overdue_cleared_at": at(FIRST - timedelta(days=number % 29), 9).isoformat()}
    if number % 5 == 1:
        return {"used": "7999.00", "temporary_limit": {"amount": "9000.00", "expires_on": day()}}
    return {}


@dataclass
class TimeMachine:
    """A world whose days go by.

    Attributes:
        here: what the worker works with.
        withdrawn: when customers have withdrawn everything, epoch milliseconds.
        left_alone: when nothing may be told to a customer, and why: who, from when, until when, epoch milliseconds.
    """

    database: Database
    here: Surroundings
    withdrawn: dict[str, int] = field(default_factory=dict)
    left_alone: list[tuple[str, int, int, str]] = field(default_factory=list)

    @classmethod
    def of(cls, database: Database, world: dict[str, Any], **more: Any) -> TimeMachine:
        """In a database."""
        load_world_data(database, world, replace=True)
        application: Application = composed(database, **more)
        return cls(database, Surroundings.of(application))

    def agree(self, users: Sequence[str], topics: Sequence[str] | None = None) -> None:
        """Says yes for customers."""
        rules = self.here.knowledge.current.advice
        with self.database.session() as session:
            for user in users:
                for topic in topics or rules.topics:
                    consents.give_consent(session, user, topic, rules.wording, milliseconds(at(FIRST, 0)))

    def withdraw(self, user: str, moment: datetime) -> None:
        """Takes every yes back."""
        with self.database.session() as session:
            consents.withdraw_consent(session, user, None, milliseconds(moment))
            note_opt_out(session, user, None, milliseconds(moment))
        self.withdrawn[user] = milliseconds(moment)

    def goes_to(self, moment: datetime, look_up: bool = True) -> int:
        """Sets both clocks and lets the worker look; how many customers were written to."""
        with self.database.session() as session:
            store_now(session, moment)
        if look_up:
            plan_ahead(self.here, now=moment)
        if note_outcomes(self.here, moment):
            judge(self.here, moment)
        return send_due(self.here, moment)

    def days(self, count: int, hours: Sequence[int] = HOURS) -> Iterator[datetime]:
        """Walks day by day; each moment before the worker looks."""
        for number in range(count):
            for hour in hours:
                moment = at(FIRST + timedelta(days=number), hour)
                yield moment
                self.goes_to(moment, look_up=hour == hours[0])

    def advice(self) -> tuple[Advice, ...]:
        """Everything that was noted."""
        with self.database.session() as session:
            return rows_as(Advice, session.execute(select(ADVICE).order_by(ADVICE.c.id)))
