"""Where policies of one kind hold and when, and what else began, ended or was broken around a begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from actions.core.moments import Moment, end_of, start_of
from actions.core.observations import milliseconds
from actions.core.platform import Incident, Policy
from ops.policies.register import RegisteredPolicy, policy_of

Where = Literal["everywhere", "treated", "matched", "both", "elsewhere"]
MOST_MEANWHILE = 60


@dataclass(frozen=True)
class Span:
    """A time in milliseconds of the epoch; ``end`` is the first instant after it."""

    begin: int
    end: int

    def meets(self, begins: Moment, ends: Moment | None) -> bool:
        """Whether something that begins and ends at moments lies in it with any part."""
        return milliseconds(start_of(begins)) < self.end and (ends is None or milliseconds(end_of(ends)) > self.begin)

    def holds(self, moment: Moment | None, is_end: bool = False) -> bool:
        """Whether a begin, or an end, lies in it."""
        return moment is not None and self.begin <= milliseconds(end_of(moment) if is_end else start_of(moment)) < self.end


def rows_of(policies: Iterable[RegisteredPolicy]) -> list[Policy]:
    """Policies as the world has them, or as they were approved where it has them no more."""
    return [row for each in policies if (row := each.row or (policy_of(each.approved) if each.approved else None)) is not None]


def held_in(policies: Iterable[Policy], of: Policy, span: Span) -> set[str]:
    """The regions in which another policy of a kind held at any instant of a time."""
    others = (each for each in policies if each.id != of.id and each.kind == of.kind and span.meets(each.effective_from, each.effective_to))
    return {region for each in others for region in each.regions or ()}


def policies_meanwhile(policies: Iterable[Policy], of: Policy, span: Span, treated: Collection[str], matched: Collection[str]) -> list[Any]:
    """The other policies that began or ended in a time, as JSON."""
    changed = (each for each in policies if each.id != of.id)
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "from": each.effective_from.isoformat(),
            "to": each.effective_to and each.effective_to.isoformat(),
            "where": where_of(each.regions, treated, matched),
        }
        for each in sorted(changed, key=lambda each: (start_of(each.effective_from), each.id))
        if span.holds(each.effective_from) or span.holds(each.effective_to, is_end=True)
    ][:MOST_MEANWHILE]


def incidents_meanwhile(incidents: Mapping[str, Incident], span: Span, treated: Collection[str], matched: Collection[str]) -> list[Any]:
    """What was broken in a time, as JSON."""
    return list(_incidents(incidents, span, treated, matched))[:MOST_MEANWHILE]


def _incidents(incidents: Mapping[str, Incident], span: Span, treated: Collection[str], matched: Collection[str]) -> Iterator[Any]:
    for each in sorted(incidents.values(), key=lambda each: (start_of(each.started_at), each.id)):
        if span.meets(each.started_at, each.resolved_at):
            yield {
                "id": each.id,
                "component": each.component,
                "severity": each.severity,
                "from": each.started_at.isoformat(),
                "to": each.resolved_at and each.resolved_at.isoformat(),
                "where": where_of(each.affects.regions, treated, matched),
            }


def where_of(regions: Collection[str] | None, treated: Collection[str], matched: Collection[str]) -> Where:
    """Whom something concerns that names regions; none: everybody, whom it hits on either side of a comparison."""
    if not regions:
        return "everywhere"
    here, there = (not set(regions).isdisjoint(some) for some in (treated, matched))
    return "both" if here and there else "treated" if here else "matched" if there else "elsewhere"
