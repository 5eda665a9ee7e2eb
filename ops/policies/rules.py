"""The rules of the register: what is wrong or doubtful about policies that somebody wants to be loaded. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from actions.core.moments import has_begun, start_of
from actions.core.platform import Policy
from actions.core.policy_stages import ends_before

RuleCode = Literal[
    "in-force",
    "starts-in-past",
    "end-before-start",
    "two-open",
    "overlaps",
    "unknown-region",
    "unknown-category",
    "no-notice",
    "changes-today",
    "day-before-start",
]

REFUSED: frozenset[RuleCode] = frozenset({"in-force", "starts-in-past", "end-before-start", "two-open"})
"""What the register refuses; of the rest it only warns."""
_TOLD_BY_NOTICE = frozenset({"region", "student", "id_document", "agreement", "adjustment"})
"""Kinds of which customers are told in the words of the notice."""


@dataclass(frozen=True)
class Finding:
    """Something about a policy.

    Attributes:
        policy: which one.
        text: a sentence for terminals and files; pages say it in words of their own.
        other: another policy that it is about.
        clash: of two policies: whether both could hold for the same customer.
        word: that the world does not know; ``nearest``: words that it knows.
    """

    code: RuleCode
    policy: str
    text: str
    other: str | None = None
    clash: bool = True
    word: str = ""
    nearest: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As a rehearsal keeps it."""
        return {"code": self.code, "policy": self.policy, "other": self.other, "word": self.word, "nearest": list(self.nearest)}

    @property
    def refuses(self) -> bool:
        """Whether the register refuses it."""
        return self.code in REFUSED and self.clash


@dataclass(frozen=True)
class Labels:
    """What the world knows, for words in policies.

    Attributes:
        regions: of its customers.
        categories: ids.
    """

    regions: Collection[str] = field(default=frozenset())
    categories: Collection[str] = field(default=frozenset())


def findings(
    before: Mapping[str, Policy], after: Collection[Policy], given: Sequence[Policy], now: datetime, labels: Labels | None = None
) -> Iterator[Finding]:
    """What there is to say about policies.

    Args:
        before: those of the world as it is, by id.
        after: those of the world with the given ones.
        given: those that are new or changed.
        now: by the clock of the facts.
        labels: what the world knows; None: words are not looked at.
    """
    for policy in given:
        old = before.get(policy.id)
        if old is not None and has_begun(old.effective_from, now) and not only_ended(old, policy):
            yield Finding("in-force", policy.id, f"{policy.id} is in force and is edited; end it and let another one follow")
        elif has_begun(policy.effective_from, now) and (old is None or not has_begun(old.effective_from, now)):
            yield Finding("starts-in-past", policy.id, f"{policy.id} starts in the past")
        if ends_before(policy.effective_to, policy.effective_from):
            yield Finding("end-before-start", policy.id, f"{policy.id} ends before it starts")
        yield from _beside_others(policy, after)
        if labels is not None:
            yield from _unknown_words(policy, labels)
        if policy.kind in _TOLD_BY_NOTICE and not policy.notice.strip():
            yield Finding("no-notice", policy.id, f"{policy.id} has no notice, in whose words customers would be told of it")


def only_ended(old: Policy, new: Policy) -> bool:
    """Whether all that is changed is the end, or what is said to customers."""
    return old.copy(update={"effective_to": None, "notice": ""}) == new.copy(update={"effective_to": None, "notice": ""})


def of_the_same(policy: Policy, other: Policy) -> bool:
    """Whether two policies rule the same matter."""
    return other.id != policy.id and other.kind == policy.kind and other.category == policy.category


def overlap(one: Policy, other: Policy) -> bool:
    """Whether there is an instant at which both hold."""
    if any(ends_before(each.effective_to, each.effective_from) for each in (one, other)):
        return False
    return not ends_before(one.effective_to, other.effective_from) and not ends_before(other.effective_to, one.effective_from)


def may_clash(one: Policy, other: Policy) -> bool:
    """Whether both could rule the same customer: those of regions that have none in common cannot."""
    return not one.regions or not other.regions or bool(set(one.regions) & set(other.regions))


def _beside_others(policy: Policy, after: Collection[Policy]) -> Iterator[Finding]:
    for other in after:
        if not of_the_same(policy, other) or not overlap(policy, other):
            continue
        clash = may_clash(policy, other)
        if policy.effective_to is None and other.effective_to is None:
            text = f"{policy.id} and {other.id} are both open: two {policy.kind} policies without an end"
            yield Finding("two-open", policy.id, text, other.id, clash)
        else:
            yield Finding("overlaps", policy.id, f"{policy.id} overlaps {other.id}: two {policy.kind} policies at once", other.id, clash)


def _unknown_words(policy: Policy, labels: Labels) -> Iterator[Finding]:
    for region in policy.regions or ():
        if region not in labels.regions:
            yield _unknown("unknown-region", policy.id, "region", region, labels.regions)
    if policy.category is not None and policy.category not in labels.categories:
        yield _unknown("unknown-category", policy.id, "category", policy.category, labels.categories)


def _unknown(code: RuleCode, policy: str, what: str, given: str, known: Collection[str]) -> Finding:
    nearest = tuple(difflib.get_close_matches(given, sorted(known), n=3, cutoff=0.3))
    told = f"; nearest: {', '.join(nearest)}" if nearest else ""
    return Finding(code, policy, f"{policy}: no {what} {given} in this world{told}", word=given, nearest=nearest)


def begins_after(policy: Policy, now: datetime) -> bool:
    """Whether a policy is still to come."""
    return start_of(policy.effective_from) > now
