"""Diagnoses from the command line."""

from __future__ import annotations

from typing import Any, Dict, Iterator

from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.subject import ACCOUNT, Subject
from actions.knowledge.loading import knowledge_for
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.state.subjects import every_subject


def diagnose_one(user: str, subject: Subject = ACCOUNT) -> Dict[str, Any]:
    """One diagnosis in the contract's words.

    Raises:
        LookupError: no such customer, order or bill.
    """
    causes = tuple(knowledge_for().causes.values())
    database = Database()
    database.migrate()
    with database.session() as session:
        try:
            facts = SqlFacts(session).snapshot(user, subject)
        except UnknownCustomer:
            raise LookupError(f"no customer {user}") from None
        except UnknownSubject:
            raise LookupError(f"{user} has no {subject.kind} {subject.id}") from None
    return {"user": user, **diagnose(facts, causes).to_data()}


def diagnose_all() -> Iterator[Dict[str, Any]]:
    """A diagnosis per order and per bill of the database, by id."""
    causes = tuple(knowledge_for().causes.values())
    database = Database()
    database.migrate()
    with database.session() as session:
        source = SqlFacts(session)
        for user, subject in every_subject(session):
            yield {"user": user, **diagnose(source.snapshot(user, subject), causes).to_data()}
