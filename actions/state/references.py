"""What customers are called outside their own conversation, and everything in the database that can be diagnosed."""

from __future__ import annotations

import secrets
import string

from sqlalchemy import Column, Table, Text, select
from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state.column_types import metadata
from actions.state.rows import insert_if_new
from actions.state.world_tables import TABLES

CUSTOMER_REFERENCES = Table(
    "customer_references",
    metadata,
    Column("user", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
)


def reference_of(session: Session, user: str) -> str:
    """The customer's reference, made at its first use."""
    known = find(session, user)
    while known is None:
        insert_if_new(session, CUSTOMER_REFERENCES, {"user": user, "reference": _new()})
        known = find(session, user)
    return known


def _new() -> str:
    # Letters only: among digits there would be a phone number once in a thousand references.
    return "c-" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def find(session: Session, user: str) -> str | None:
    """The customer's reference, if there is one."""
    found: str | None = session.execute(select(CUSTOMER_REFERENCES.c.reference).where(CUSTOMER_REFERENCES.c.user == user)).scalar()
    return found


def every_subject(session: Session) -> tuple[tuple[str, Subject], ...]:
    """Every order and every bill with its customer: all orders, then all bills, each by id."""
    orders, bills = TABLES["orders"], TABLES["bills"]
    of_orders = session.execute(select(orders.c.user, orders.c.id).order_by(orders.c.id)).all()
    of_bills = session.execute(select(bills.c.user, bills.c.id).order_by(bills.c.id)).all()
    return (*((user, Subject("order", order)) for user, order in of_orders), *((user, Subject("bill", bill)) for user, bill in of_bills))


def is_empty(session: Session) -> bool:
    """Whether no customer is known, as in a database nobody has loaded a world into."""
    return session.execute(select(TABLES["users"].c.id).limit(1)).first() is None
