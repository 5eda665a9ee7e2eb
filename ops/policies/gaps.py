"""Gaps of the register that bite: ends without a successor, overlaps, reviews that nobody did, sentences and notices that say something else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.moments import end_of, has_begun, is_over, local, start_of
from actions.core.platform import Policy
from actions.core.policy_stages import ends_before
from actions.knowledge.model import Knowledge
from actions.state.policy_trials import every_trial
from actions.yaml_source import Source
from ops.policies.contradictions import contradicted, texts_of
from ops.policies.labels import labels_of
from ops.policies.register import RED, RegisteredPolicy, every_policy, policy_of, values_of
from ops.policies.rules import Labels, may_clash, of_the_same, overlap

GapCode = Literal[
    "unregistered",
    "differs",
    "gone",
    "ends-without-successor",
    "overlaps",
    "review-overdue",
    "review-due",
    "no-trial",
    "contradicted",
    "notice-old",
    "unused",
]
OVERDUE: frozenset[GapCode] = frozenset({"review-overdue"})
REHEARSED_WITHIN = timedelta(days=3)
"""Before its begin, within which a policy without a rehearsal is told of."""
REVIEWED_WITHIN = timedelta(days=30)
_LONGEST = 60


@dataclass(frozen=True)
class Gap:
    """One gap.

    Attributes:
        policy: whose.
        on: the day that it is about, if any.
        detail: what its sentence needs.
    """

    code: GapCode
    policy: str
    on: date | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    def to_data(self, today: date) -> dict[str, Any]:
        """As JSON; ``days`` are left until the day, negative once it is over."""
        days = None if self.on is None else (self.on - today).days
        on = None if self.on is None else self.on.isoformat()
        return {"code": self.code, "policy": self.policy, "on": on, "days": days, "text": self.sentence(today), **self.detail}

    def sentence(self, today: date) -> str:
        """For people."""
        over = 0 if self.on is None else (today - self.on).days
        return str(policy_texts()["gaps"][self.code]).format(on=self.on, days=over, **self.detail)


@dataclass(frozen=True)
class Grounds:
    """What gaps are looked for in.

    Attributes:
        policies: every one.
        now: by the clock of the facts.
        rehearsed: policies of which there is a rehearsal.
        labels: words of the world.
        texts: sentences for customers.
    """

    policies: Sequence[RegisteredPolicy]
    now: datetime
    rehearsed: Collection[str] = ()
    labels: Labels | None = None
    texts: Sequence[str] = ()

    @property
    def today(self) -> date:
        """By the clock of the facts."""
        return local(self.now).date()

    @property
    def alive(self) -> list[Policy]:
        """Rows that hold or will."""
        rows = (each.row for each in self.policies if each.row is not None)
        kept = (row for row in rows if not ends_before(row.effective_to, row.effective_from))
        return [row for row in kept if row.effective_to is None or not is_over(row.effective_to, self.now)]


def gaps_of(session: Session, knowledge: Knowledge, now: datetime) -> list[Gap]:
    """The gaps of the register as it stands."""
    rehearsed = {policy for trial in every_trial(session) for policy in trial.policy.split("+")}
    return find_gaps(Grounds(every_policy(session, now), now, rehearsed, labels_of(session), texts_of(knowledge)))


def find_gaps(grounds: Grounds) -> list[Gap]:
    """All gaps, those of the nearest day first. Pure."""
    found = [*_unseen(grounds), *_ends(grounds), *_overlaps(grounds), *_reviews(grounds), *_unrehearsed(grounds), *_words(grounds)]
    return sorted(found, key=lambda gap: (gap.on is None, gap.on or date.max, gap.policy, gap.code))


@lru_cache(maxsize=1)
def policy_texts() -> Mapping[str, Any]:
    """What operators read about policies."""
    path = Path(__file__).with_name("texts.yml")
    data: Mapping[str, Any] = Source.read(path, shown_as=path.name).data
    return data


def _unseen(grounds: Grounds) -> Iterator[Gap]:
    for each in grounds.policies:
        if each.registration in RED:
            yield Gap(each.registration, each.id)  # type: ignore[arg-type]


def _ends(grounds: Grounds) -> Iterator[Gap]:
    alive = grounds.alive
    for row in alive:
        if row.effective_to is None:
            continue
        after = end_of(row.effective_to)
        follow = (other for other in alive if of_the_same(row, other) and may_clash(row, other))
        if not any(
            has_begun(each.effective_from, after) and not (each.effective_to and is_over(each.effective_to, after)) for each in follow
        ):
            yield Gap("ends-without-successor", row.id, local(start_of(row.effective_to)).date())


def _overlaps(grounds: Grounds) -> Iterator[Gap]:
    for one, other in combinations(grounds.alive, 2):
        if of_the_same(one, other) and overlap(one, other) and may_clash(one, other) and values_of(one) != values_of(other):
            begins = max(start_of(one.effective_from), start_of(other.effective_from))
            yield Gap("overlaps", one.id, local(begins).date(), {"other": other.id})


def _reviews(grounds: Grounds) -> Iterator[Gap]:
    for each in grounds.policies:
        version = each.approved
        if version is None or version.review_on is None or each.status in ("expired", "withdrawn"):
            continue
        on = date.fromisoformat(version.review_on)
        if on < grounds.today:
            yield Gap("review-overdue", each.id, on)
        elif on - grounds.today <= REVIEWED_WITHIN:
            yield Gap("review-due", each.id, on)


def _unrehearsed(grounds: Grounds) -> Iterator[Gap]:
    for row in grounds.alive:
        begins = start_of(row.effective_from)
        if grounds.now < begins <= grounds.now + REHEARSED_WITHIN and row.id not in grounds.rehearsed:
            yield Gap("no-trial", row.id, local(begins).date())


def _words(grounds: Grounds) -> Iterator[Gap]:
    for row in grounds.alive:
        if has_begun(row.effective_from, grounds.now):
            for text, number in contradicted(row, list(grounds.texts)):
                yield Gap("contradicted", row.id, detail={"text": text[:_LONGEST], "number": number})
        if grounds.labels is not None:
            unknown = [region for region in row.regions or () if region not in grounds.labels.regions]
            unknown += [row.category] if row.category is not None and row.category not in grounds.labels.categories else []
            yield from (Gap("unused", row.id, detail={"word": word}) for word in unknown)
    yield from _notices(grounds)


def _notices(grounds: Grounds) -> Iterator[Gap]:
    """Policies whose values are others than those of the version or policy before, while customers are told the same."""
    newest = {each.id: each.approved for each in grounds.policies}
    for each in grounds.policies:
        version = each.approved
        if version is None or each.status in ("expired", "withdrawn"):
            continue
        before = newest.get(version.supersedes or "")
        earlier = [other for other in each.versions if other.decision == "approved" and other.version < version.version]
        before = earlier[-1] if earlier else before
        if before is None:
            continue
        old, new = policy_of(before), policy_of(version)
        if new.notice and new.notice == old.notice and values_of(old) != values_of(new):
            yield Gap("notice-old", each.id)
