"""Everything in the database that can be diagnosed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.world_tables import TABLES


def every_subject(session: Session) -> tuple[tuple[str, Subject], ...]:
    """Every order and every bill with its customer: all orders, then all bills, each by id."""
    orders, bills = TABLES["orders"], TABLES["bills"]
    of_orders = session.execute(select(orders.c.user, orders.c.id).order_by(orders.c.id)).all()
    of_bills = session.execute(select(bills.c.user, bills.c.id).order_by(bills.c.id)).all()
    return (*((user, Subject("order", order)) for user, order in of_orders), *((user, Subject("bill", bill)) for user, bill in of_bills))


def is_empty(session: Session) -> bool:
    """Whether no customer is known, as in a database nobody has loaded a world into."""
    return session.execute(select(TABLES["users"].c.id).limit(1)).first() is None
