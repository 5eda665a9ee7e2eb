"""Tokens that were signed out before they expired. A token is checked without the database, so this is what makes signing out hold for every process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.state.columns import real_now, table_of
from actions.state.database import insert_if_new


@dataclass(frozen=True)
class SignedOut:
    """One token.

    Attributes:
        token: its fingerprint, from which nobody makes the token; of a sign-in at the provider that was used, its own.
        until: when it expires and need not be remembered any more.
    """

    token: str
    until: datetime


SIGNED_OUT = table_of("signed_out", SignedOut, key=("token",))


def sign_out(session: Session, token: str, until: datetime) -> bool:
    """Remembers that a token no longer holds, and forgets those that have expired; whether it held until now, for exactly one of all who try."""
    session.execute(delete(SIGNED_OUT).where(SIGNED_OUT.c.until < real_now()))
    return insert_if_new(session, SIGNED_OUT, {"token": token, "until": until})


def is_signed_out(session: Session, token: str) -> bool:
    """Whether a token no longer holds."""
    return session.execute(select(SIGNED_OUT.c.token).where(SIGNED_OUT.c.token == token)).first() is not None
