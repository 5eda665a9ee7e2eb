"""What would follow from ending an incident now, or from withdrawing it: how many are told what, before anybody presses the button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from actions.core.facts import Facts, FactsSource
from actions.knowledge.model import Knowledge
from actions.recovery.incident_ends import Left, end_for, holding, incident_causes
from actions.state import incident_waits
from actions.state.incidents import open_cases
from actions.state.world.facts import SqlFacts, one_by_one
from ops.incidents.told import those_told

MOST_DIAGNOSED = 300
"""Waits that are diagnosed beforehand, those first who are told first: of more, the first ones stand for all."""


@dataclass(frozen=True)
class Ending:
    """What would follow.

    Attributes:
        waiting: customers who wait for the end; each hears of it.
        diagnosed: how many of them have been looked at.
        left: of those, by what is left for them; ``still`` is who goes on waiting, for another incident.
        told: customers who were told of it, in the chat or because they asked; each hears of it if it was not so.
        cases: linked handoffs that are open.
    """

    waiting: int
    diagnosed: int
    left: Mapping[str, int]
    told: int
    cases: int

    def to_data(self) -> dict[str, Any]:
        """As machines read it."""
        return asdict(self)


def ending_of(session: Session, knowledge: Knowledge, source: FactsSource, incident: str) -> Ending:
    """What would follow if an incident ended now."""
    waits = incident_waits.waiting(session, incident, MOST_DIAGNOSED)
    wanted = {(wait.user, wait.subject) for wait in waits}
    states = source.snapshots(wanted) if isinstance(source, SqlFacts) else one_by_one(source, wanted)
    left: dict[str, set[str]] = {name: set() for name in ("clear", "other", "late", "still")}
    for wait in waits:
        facts = states.get((wait.user, wait.subject))
        if facts is not None:
            left[_left_for(facts, knowledge, incident, wait.cause)].add(wait.conversation_id)
    everybody = incident_waits.counts(session, incident)["open"]
    told = {user for user, _ in those_told(session, incident)} | incident_waits.who_waits(session, incident)
    counts = {name: len(customers) for name, customers in left.items()}
    cases = sum(case.incident == incident for case in open_cases(session))
    return Ending(everybody, len(set().union(*left.values())), counts, len(told), cases)


def _left_for(facts: Facts, knowledge: Knowledge, incident: str, cause: str) -> Left | str:
    after = replace(facts, incidents=tuple(each for each in facts.incidents if each.id != incident))
    if cause in holding(after, incident_causes(knowledge).values()).values():
        return "still"
    return end_for(after, knowledge).left
