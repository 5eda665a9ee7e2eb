"""Changes of the rules that customers may hear of before they hold: approved, told in public, and about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from actions.core.facts import Facts
from actions.core.moments import has_begun, start_of
from actions.core.platform import Policy

MOST_ANNOUNCED = 2
"""That one answer tells, the nearest first."""


@dataclass(frozen=True)
class Announcement:
    """A policy that is to come.

    Attributes:
        policy: the one.
        before: the one in whose place it comes, if there is one now.
    """

    policy: Policy
    before: Policy | None


def announcements(approved: Iterable[Policy], kinds: Collection[str], facts: Facts) -> tuple[Announcement, ...]:
    """What a customer may be told, the nearest first.

    Args:
        approved: policies as they were approved; what the state has otherwise, or not at all, is not announced.
        kinds: of policies that are asked about.
        facts: the customer's state.
    """
    coming = [
        policy
        for policy in approved
        if policy.kind in kinds
        and policy.notice.strip()
        and policy in facts.policies
        and not has_begun(policy.effective_from, facts.now)
        and not (policy.regions and facts.user.region not in policy.regions)
    ]
    coming.sort(key=lambda policy: (start_of(policy.effective_from), policy.id))
    return tuple(Announcement(policy, _before(policy, facts)) for policy in coming[:MOST_ANNOUNCED])


def _before(policy: Policy, facts: Facts) -> Policy | None:
    same = [each for each in facts.policies_in_force if each.kind == policy.kind and each.category == policy.category]
    return max(same, key=lambda each: start_of(each.effective_from)) if same else None
