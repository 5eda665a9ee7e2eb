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


def new_reference() -> str:
    """A reference that nobody has."""
    # Letters only: among digits there would be a phone number once in a thousand references.
    return "c-" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def keep(session: Session, user: str, reference: str) -> None:
    """Stores the customer's reference at its first use; one that is there already stays."""
    insert_if_new(session, CUSTOMER_REFERENCES, {"user": user, "reference": reference})


def find(session: Session, user: str) -> str | None:
    """The customer's reference, if there is one."""
    found: str | None = session.execute(select(CUSTOMER_REFERENCES.c.reference).where(CUSTOMER_REFERENCES.c.user == user)).scalar()
    return found
