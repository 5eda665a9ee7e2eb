"""The dry-run: who would lose the option, gain it or get it narrower, if policies of a file held on a day.

Every order and bill is diagnosed in the world as it is and in the world with the file, both at the start of the day, so that what the
calendar does by itself is not taken for the policy's effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.moments import has_begun, is_over, start_of
from actions.core.platform import Policy
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.state.world.tables import facts_now
from actions.state.world.whole import WholeWorld
from actions.yaml_source import Source


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
        warnings: what a register would object to.
    """

    on: date
    policies: tuple[str, ...]
    subjects: int
    lose: tuple[Mapping[str, Any], ...]
    gain: tuple[Mapping[str, Any], ...]
    narrower: tuple[Mapping[str, Any], ...]
    calendar: tuple[Mapping[str, Any], ...]
    told: tuple[Mapping[str, str], ...]
    warnings: tuple[str, ...]

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
        }


def dry_run(session: Session, knowledge: Knowledge, source: Source, on: date, frozen: datetime | None = None) -> DryRun:
    """Rehearses a world file with policies; nothing is written.

    Args:
        session: of the world as it is.
        knowledge: what causes there are and how they are told.
        source: the file.
        on: the day.
        frozen: the instant at which the clock of the facts stands, if it does.

    Raises:
        SourceError: what ``world load`` would refuse, with file, line and reason.
    """
    now = facts_now(session, frozen)
    at = start_of(on)
    world = WholeWorld.read(session)
    after = world.with_file(session, source)
    given = tuple(policy for key, policy in after.rows["policies"].items() if world.rows["policies"].get(key) != policy)
    causes = tuple(knowledge.causes.values())
    run = _Comparison(causes, knowledge)
    for today, without, with_it in zip(world.snapshots(now), world.snapshots(at), after.snapshots(at)):
        run.take(*(diagnose(facts, causes) for facts in (today, without, with_it)))
    return DryRun(
        on,
        tuple(policy.id for policy in given),
        run.subjects,
        tuple(run.lose),
        tuple(run.gain),
        tuple(run.narrower),
        tuple(run.calendar),
        tuple({"cause": cause, "text": text} for cause, text in run.told),
        tuple(_warnings(world.rows["policies"], tuple(after.rows["policies"].values()), given, now)),
    )


class _Comparison:
    """Gathers what is different."""

    def __init__(self, causes: Sequence[Cause], knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._kinds = {cause.id: cause.kind for cause in causes}
        self.subjects = 0
        self.lose: list[Mapping[str, Any]] = []
        self.gain: list[Mapping[str, Any]] = []
        self.narrower: list[Mapping[str, Any]] = []
        self.calendar: list[Mapping[str, Any]] = []
        self.told: dict[tuple[str, str], None] = {}

    def take(self, today: Diagnosis, without: Diagnosis, with_it: Diagnosis) -> None:
        """Takes one subject: as it is today, on the day without the file, and on the day with it."""
        self.subjects += 1
        if today.cause_ids != without.cause_ids:
            self.calendar.append(changed_causes(today, without))
        new = [found for found in with_it.found if found.cause.id not in without.cause_ids]
        if with_it.blocks and not without.blocks:
            self.lose.append(changed_causes(without, with_it))
        elif without.blocks and not with_it.blocks:
            self.gain.append(changed_causes(without, with_it))
        elif not with_it.blocks and any(found.cause.kind == "limit" for found in new):
            self.narrower.append(changed_causes(without, with_it))
        for found in new:
            text = fill("\n".join(found.cause.explanation), Values(with_it.facts, found.matches), self._knowledge.locale)
            self.told.setdefault((found.cause.id, str(text)))


def changed_causes(before: Diagnosis, after: Diagnosis) -> dict[str, Any]:
    """A subject whose causes are others, as a row of a dry-run."""
    subject = after.facts.subject
    return {
        "user": after.facts.user.id,
        subject.kind: subject.id,
        "causes_before": list(before.cause_ids),
        "causes_after": list(after.cause_ids),
    }


def _warnings(before: Mapping[Any, Policy], after: Sequence[Policy], given: Sequence[Policy], now: datetime) -> Iterator[str]:
    for policy in given:
        old = before.get(policy.id)
        if old is not None and has_begun(old.effective_from, now) and not _only_ended(old, policy):
            yield f"{policy.id} is in force and is edited; end it and let another one follow"
        elif old is None and has_begun(policy.effective_from, now):
            yield f"{policy.id} starts in the past"
        if _ends_before(policy, policy):
            yield f"{policy.id} ends before it starts"
        for other in after:
            if other.id == policy.id or other.kind != policy.kind or other.category != policy.category:
                continue
            if policy.effective_to is None and other.effective_to is None:
                yield f"{policy.id} and {other.id} are both open: two {policy.kind} policies without an end"
            elif _overlap(policy, other):
                yield f"{policy.id} overlaps {other.id}: two {policy.kind} policies at once"


def _only_ended(old: Policy, new: Policy) -> bool:
    return old.copy(update={"effective_to": None, "notice": ""}) == new.copy(update={"effective_to": None, "notice": ""})


def _overlap(one: Policy, other: Policy) -> bool:
    return not any(_ends_before(*each) for each in ((one, other), (other, one)))


def _ends_before(one: Policy, other: Policy) -> bool:
    return one.effective_to is not None and is_over(one.effective_to, start_of(other.effective_from))
