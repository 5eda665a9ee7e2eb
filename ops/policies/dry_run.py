"""The dry-run: who would lose the option, gain it or get it narrower, if policies of a file held on a day.

Every order and bill is diagnosed today, on the day without the file and on the day with it, so that what the calendar does by itself is not
taken for the policy's effect; and where other policies begin or end until then, without those too, so that each effect stands alone.
Customers are read some at a time: memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.causes import Cause
from actions.core.diagnosis import diagnose
from actions.core.facts import Facts
from actions.core.moments import has_begun, is_over, start_of
from actions.core.platform import Policy
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state.subscriptions import SUBSCRIPTIONS
from actions.state.world.loading import checked_patches
from actions.state.world.patches import WorldSource
from actions.state.world.rows import read_rows
from actions.state.world.tables import facts_now
from actions.state.world.whole import WholeWorld
from ops.policies.breakdown import Breakdown
from ops.policies.comparison import Comparison, FourWorlds
from ops.policies.labels import labels_of
from ops.policies.rules import Finding, begins_after, findings

CHANGES_TODAY = "something would change today already, although nothing of it has begun"
"""At a terminal the customers follow."""
Wanted = Mapping[str, Collection[Subject]]
"""Subjects by customer."""


@dataclass(frozen=True)
class DryRun:
    """What policies would do on a day.

    Attributes:
        on: the day.
        policies: ids of those of the file.
        subjects: how many orders and bills were diagnosed.
        lose: subjects that would be blocked and are not.
        gain: subjects that are blocked and would not be.
        narrower: subjects that are not blocked and would have a new limit.
        calendar: subjects whose causes change by the day alone.
        told: what each would be told of the causes that are new.
        findings: what a register would object to.
        effects: how many lose, gain and get it narrower by the file beside the other policies that begin or end until the day, by the file
            alone, and by all of them together; the last two are missing without others.
        tables: how many subjects and customers, by what they have in common.
        refused: what must not be told in these words, and why.
        had: customers by cause today, for what is expected of complaints.
        newly: customers by cause that is new.
    """

    on: date
    policies: tuple[str, ...]
    subjects: int
    lose: tuple[Mapping[str, Any], ...]
    gain: tuple[Mapping[str, Any], ...]
    narrower: tuple[Mapping[str, Any], ...]
    calendar: tuple[Mapping[str, Any], ...]
    told: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]
    effects: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[Mapping[str, Any], ...] = ()
    had: Mapping[str, int] = field(default_factory=dict)
    newly: Mapping[str, int] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a register would object to, as sentences."""
        return tuple(finding.text for finding in self.findings)

    def to_data(self) -> dict[str, Any]:
        """The outcome as the JSON object of ``baitiao policy dry-run --json``."""
        return {
            "on": self.on.isoformat(),
            "policy": "+".join(self.policies),
            "subjects": self.subjects,
            "lose": list(self.lose),
            "gain": list(self.gain),
            "narrower": list(self.narrower),
            "calendar": list(self.calendar),
            "told": list(self.told),
            "warnings": list(self.warnings),
            "effects": {name: dict(counts) for name, counts in self.effects.items()},
            "others": list(self.others),
            "tables": dict(self.tables),
            "refused": list(self.refused),
        }


def dry_run(
    session: Session,
    knowledge: Knowledge,
    source: WorldSource,
    on: date,
    frozen: datetime | None = None,
    only: Wanted | None = None,
) -> DryRun:
    """Rehearses a world file with policies; nothing is written.

    Args:
        session: of the world as it is.
        knowledge: what causes there are and how they are told.
        source: the file.
        on: the day.
        frozen: the instant at which the clock of the facts stands, if it does.
        only: the subjects to look at; default: all.

    Raises:
        SourceError: what ``world load`` would refuse, with file, line and reason.
    """
    now, at = facts_now(session, frozen), start_of(on)
    patched = checked_patches(session, [source])
    before: Mapping[str, Policy] = read_rows(session, "policies")
    rows: tuple[Any, ...] = tuple(patched.get("policies", ()))
    after: dict[str, Policy] = {**before, **{policy.id: policy for policy in rows}}
    given = tuple(policy for key, policy in sorted(after.items()) if before.get(key) != policy)
    ids = {policy.id for policy in given}
    others = tuple(key for key, policy in sorted(before.items()) if key not in ids and _changes_between(policy, now, at))
    comparison, breakdown = Comparison(knowledge, at), Breakdown(at)
    for part in WholeWorld.in_parts(session, None if only is None else list(only)):
        wanted = None if only is None else {subject for user in part.rows["users"] for subject in only[user]}
        for worlds in _worlds(part, part.with_rows(patched), tuple(knowledge.causes.values()), now, at, others, wanted):
            breakdown.take(worlds, comparison.take(worlds))
        comparison.fold()
        breakdown.fold()
    against = [*findings(before, tuple(after.values()), given, now, labels_of(session))]
    against += [
        Finding("day-before-start", each.id, f"{each.id} begins on {each.effective_from}: on {on} it changes nothing")
        for each in given
        if begins_after(each, at)
    ]
    if comparison.early and all(begins_after(policy, now) for policy in given):
        against.append(Finding("changes-today", "+".join(sorted(ids)), f"{CHANGES_TODAY}: {', '.join(sorted(comparison.early))}"))
    found = comparison.rows
    return DryRun(
        on,
        tuple(policy.id for policy in given),
        comparison.subjects,
        found("lose"),
        found("gain"),
        found("narrower"),
        found("calendar"),
        comparison.told,
        tuple(against),
        comparison.effects(bool(others)),
        others,
        {**breakdown.to_data(), "subscriptions": _subscriptions(session, breakdown.touched)},
        comparison.refused,
        comparison.had.to_dict(),
        comparison.newly.to_dict(),
    )


def _worlds(
    before: WholeWorld,
    after: WholeWorld,
    causes: tuple[Cause, ...],
    now: datetime,
    at: datetime,
    others: Collection[str],
    wanted: Collection[Subject] | None,
) -> Iterator[FourWorlds]:
    """Each subject in the worlds that are compared."""
    for without, with_it in zip(before.snapshots(at, wanted), after.snapshots(at, wanted)):
        today, known, new = (diagnose(facts, causes) for facts in (replace(without, now=now), without, with_it))
        apart = [diagnose(_without(facts, others, at), causes) for facts in (without, with_it)] if others else [known, new]
        today_with = diagnose(replace(with_it, now=now), causes) if known.cause_ids != new.cause_ids else None
        yield FourWorlds(today, known, new, apart[0], apart[1], today_with)


def _changes_between(policy: Policy, now: datetime, at: datetime) -> bool:
    """Whether a policy begins or ends between two instants."""
    begins = has_begun(policy.effective_from, at) and not has_begun(policy.effective_from, now)
    ends = policy.effective_to is not None and is_over(policy.effective_to, at) and not is_over(policy.effective_to, now)
    return begins != ends


def _without(facts: Facts, others: Collection[str], at: datetime) -> Facts:
    """The same state as if other policies neither began nor ended meanwhile."""
    kept = []
    for policy in facts.policies:
        if policy.id not in others:
            kept.append(policy)
        elif policy.effective_to is not None and is_over(policy.effective_to, at):
            kept.append(policy.copy(update={"effective_to": None}))
    return replace(facts, policies=tuple(kept))


def _subscriptions(session: Session, touched: Collection[tuple[str, str, str]]) -> int:
    """How many customers wait for something on a subject that is touched."""
    columns = (SUBSCRIPTIONS.c.user, SUBSCRIPTIONS.c.order, SUBSCRIPTIONS.c.bill)
    waiting = session.execute(select(*columns).where(SUBSCRIPTIONS.c.status == "open"))
    return sum(tuple(row) in touched for row in waiting)
