"""Diagnoses from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.bootstrap import Application
from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.subject import ACCOUNT, Subject
from actions.state.subjects import every_subject


def diagnose_one(here: Application, user: str, subject: Subject = ACCOUNT) -> dict[str, Any]:
    """One diagnosis in the contract's words.

    Raises:
        LookupError: no such customer, order or bill.
    """
    causes = tuple(here.knowledge.current.causes.values())
    with here.database.session() as session:
        try:
            facts = here.facts(session).snapshot(user, subject)
        except UnknownCustomer:
            raise LookupError(f"no customer {user}") from None
        except UnknownSubject:
            raise LookupError(f"{user} has no {subject.kind} {subject.id}") from None
    return {"user": user, **diagnose(facts, causes).to_data()}


def diagnose_all(here: Application) -> Iterator[dict[str, Any]]:
    """A diagnosis per order and per bill of the database, by id."""
    causes = tuple(here.knowledge.current.causes.values())
    with here.database.session() as session:
        source = here.facts(session)
        for user, subject in every_subject(session):
            yield {"user": user, **diagnose(source.snapshot(user, subject), causes).to_data()}
