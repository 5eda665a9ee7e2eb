"""Diagnoses from the command line."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Optional

from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.knowledge.loading import knowledge_for
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.state.subjects import every_subject


def diagnose_one(user: str, order: Optional[str] = None, bill: Optional[str] = None) -> Dict[str, Any]:
    """One diagnosis in the contract's words.

    Raises:
        LookupError: no such customer, order or bill.
    """
    causes = tuple(knowledge_for().causes.values())
    database = Database()
    database.migrate()
    with database.session() as session:
        try:
            facts = SqlFacts(session).snapshot(user, order, bill)
        except UnknownCustomer:
            raise LookupError(f"no customer {user}") from None
        except UnknownSubject:
            raise LookupError(f"{user} has no {'order ' + order if order else 'bill ' + str(bill)}") from None
    return {"user": user, **diagnose(facts, causes).to_data()}


def diagnose_all() -> Iterator[Dict[str, Any]]:
    """A diagnosis per order and per bill of the database, by id."""
    causes = tuple(knowledge_for().causes.values())
    database = Database()
    database.migrate()
    with database.session() as session:
        source = SqlFacts(session)
        for user, order, bill in every_subject(session):
            yield {"user": user, **diagnose(source.snapshot(user, order, bill), causes).to_data()}
