"""Which causes hold in one snapshot, in the order in which the customer must fix them, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actions.core.causes import Cause
from actions.core.comparisons import Match
from actions.core.derived import View, scope_of
from actions.core.facts import Facts
from actions.core.moments import local
from actions.core.money import Fen, yuan_number
from actions.core.names import WorldFact, world_facts
from actions.core.record import Record


@dataclass(frozen=True)
class Found:
    """A cause that holds.

    Attributes:
        matches: the rows for which its condition held, by scope, of which texts and evidence speak; and those of its wordings, of which only texts do.
        evidence: the world facts that prove it.
    """

    cause: Cause
    matches: tuple[Match, ...]
    evidence: tuple[WorldFact, ...]


@dataclass(frozen=True)
class Diagnosis:
    """The ordered causes of one snapshot; empty when nothing blocks or limits the option."""

    facts: Facts
    found: tuple[Found, ...]

    @property
    def blocks(self) -> tuple[Found, ...]:
        """The causes that remove the option."""
        return tuple(found for found in self.found if found.cause.kind == "block")

    @property
    def limits(self) -> tuple[Found, ...]:
        """The causes that narrow it."""
        return tuple(found for found in self.found if found.cause.kind == "limit")

    @property
    def cause_ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(found.cause.id for found in self.found)

    def get(self, cause_id: str | None) -> Found | None:
        """The cause of that id, if it holds."""
        return next((found for found in self.found if found.cause.id == cause_id), None)

    @property
    def first(self) -> Found | None:
        """The cause that is told first: the first that blocks, else the first that limits; None if nothing was found."""
        return next(iter((*self.blocks, *self.found)), None)

    def ruled_out(self, cause: Cause) -> bool:
        """Whether a cause was looked at and does not hold."""
        return cause.when is not None and cause.can_hold_for(self.facts.subject) and self.get(cause.id) is None

    def proofs(self, cause: Cause) -> dict[str, Any]:
        """What the facts a cause rests on say, by world path, whether it holds or not."""
        found = self.get(cause.id)
        evidence = found.evidence if found is not None else _evidence(cause, View(self.facts), [])
        return {fact.path: to_json(fact.value) for fact in evidence}

    def to_data(self) -> dict[str, Any]:
        """The causes in the widget contract's words."""
        return {
            **self.facts.subject.to_data(),
            "causes": [
                {"id": found.cause.id, "kind": found.cause.kind, "evidence": evidence_data(found.evidence, self.facts.now)}
                for found in self.found
            ],
        }


def evidence_data(facts: Iterable[WorldFact], now: datetime) -> list[dict[str, Any]]:
    """Facts as evidence in the widget contract's words; ``now`` is when they were read."""
    read_at = local(now).isoformat()
    return [{"fact": fact.path, "value": to_json(fact.value), "source": fact.source, "read_at": read_at} for fact in facts]


def to_json(value: Any) -> Any:
    """A fact's value as JSON writes it: amounts in yuan, moments as ISO text."""
    if isinstance(value, Fen):
        return yuan_number(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Record):
        return {name: to_json(getattr(value, name)) for name in value.__fields__}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def diagnose(facts: Facts, causes: Iterable[Cause]) -> Diagnosis:
    """Finds every cause that holds, and none that does not.

    Args:
        facts: the snapshot; its subject decides which causes can hold at all.
        causes: the known causes, in the order of diagnosis.
    """
    view, subject = View(facts), facts.subject
    found: list[Found] = []
    for cause in causes:
        if cause.when is None or not cause.can_hold_for(subject):
            continue
        holding = cause.when.holds(view)
        if holding.held:
            rows = (*holding.matches, *cause.rows_of_wordings(view, {scope for scope, _ in holding.matches}))
            found.append(Found(cause.worded_for(view), rows, _evidence(cause, view, holding.matches)))
    return Diagnosis(facts, tuple(found))


def _evidence(cause: Cause, view: View, matches: Sequence[Match]) -> tuple[WorldFact, ...]:
    return facts_behind(cause.evidence, view, matches)


def facts_behind(names: Iterable[str], view: View, matches: Sequence[Match]) -> tuple[WorldFact, ...]:
    """The world facts that named facts rest on, each once.

    Args:
        matches: the rows that are spoken of, by scope.
    """
    facts: dict[str, WorldFact] = {}
    for name in names:
        scope = scope_of(name)
        views = [view] if scope is None else [view.at(scope, row) for matched, row in matches if matched == scope]
        for each in views:
            for fact in world_facts(name, each):
                facts.setdefault(fact.path, fact)
    return tuple(facts.values())
