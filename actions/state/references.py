"""What customers are called outside their own conversation."""

from __future__ import annotations

import secrets
import string

from sqlalchemy import Column, Table, Text, select
from sqlalchemy.orm import Session

from actions.state.columns import metadata
from actions.state.database import insert_if_new

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
