"""The register as it reads: every policy of the world and every version that was written, joined, at an instant of the facts' clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.moments import has_begun, is_over, start_of
from actions.core.platform import Policy
from actions.core.policy_stages import OPEN, PolicyStatus, status_of
from actions.core.record import to_file
from actions.state.policy_versions import PolicyVersion, every_version, versions_of
from actions.state.world.changes import changes_since
from actions.state.world.rows import read_rows
from ops.policies.refusals import PolicyRefused

Registration = Literal[
    "registered",  # the world has it as it was approved
    "unregistered",  # it came by a world file, and nobody has approved it
    "differs",  # the world has it otherwise than it was approved
    "gone",  # it was approved, and is no more in the world
    "planned",  # nothing of it is approved yet
]
RED: frozenset[Registration] = frozenset({"unregistered", "differs", "gone"})
"""What somebody has to see to."""


@dataclass(frozen=True)
class RegisteredPolicy:
    """One policy.

    Attributes:
        row: as the world has it; None: not at all.
        versions: that were written, in order.
        now: the instant of the look.
    """

    id: str
    row: Policy | None
    versions: tuple[PolicyVersion, ...]
    now: datetime

    @property
    def approved(self) -> PolicyVersion | None:
        """The latest version that was approved and not withdrawn."""
        return next((each for each in reversed(self.versions) if each.decision == "approved"), None)

    @property
    def under_way(self) -> PolicyVersion | None:
        """The version that is written or to be decided."""
        return next((each for each in self.versions if each.decision in OPEN), None)

    @property
    def newest(self) -> PolicyVersion | None:
        """What there is to say about it: what holds or will, else the latest."""
        return self.approved or (self.versions[-1] if self.versions else None)

    @property
    def registration(self) -> Registration:
        """How the world and the register agree."""
        if self.approved is not None:
            return "gone" if self.row is None else "registered" if self.row == policy_of(self.approved) else "differs"
        if self.row is None or self.is_withdrawn:
            return "planned"
        return "unregistered"

    @property
    def is_withdrawn(self) -> bool:
        """Whether the last word about it was that it is not to be."""
        decided = [each for each in self.versions if each.decision in ("approved", "withdrawn") and each.decided_at is not None]
        return bool(decided) and decided[-1].decision == "withdrawn"

    @property
    def status(self) -> PolicyStatus:
        """Of the policy as a whole: of what holds or will, else of the latest version."""
        version = self.newest
        if version is not None and (self.row is None or version.decision == "approved" or self.is_withdrawn):
            return self.status_of(version)
        assert self.row is not None, "a policy without a version is one of the world"
        return status_of("approved", self.row, self.now, latest=True, in_world=True)

    def status_of(self, version: PolicyVersion) -> PolicyStatus:
        """Of one version."""
        in_world = self.row is not None and self.row == policy_of(version)
        return status_of(version.decision, policy_of(version), self.now, latest=version == self.approved, in_world=in_world)

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        row = self.row or (policy_of(self.newest) if self.newest else None)
        version = self.newest
        return {
            "id": self.id,
            "status": self.status,
            "registration": self.registration,
            "red": self.registration in RED,
            "kind": row and row.kind,
            "from": row and row.effective_from.isoformat(),
            "to": row and row.effective_to and row.effective_to.isoformat(),
            "notice": row and row.notice,
            "title": version.title if version else None,
            "owner": version.owner if version else None,
            "risk": version.risk if version else None,
            "review_on": version.review_on if version else None,
            "version": version.version if version else None,
            "under_way": self.under_way and self.under_way.version,
            "values": {} if row is None else values_of(row),
        }


def policy_of(version: PolicyVersion) -> Policy:
    """What a version says, as the world would have it."""
    return Policy(**version.body)


def values_of(policy: Policy) -> dict[str, Any]:
    """What a policy rules, by the fields of its kind, in file form."""
    shared = {"id", "kind", "effective_from", "effective_to", "notice"}
    return {
        name: str(value) if not isinstance(value, (list, int)) else value for name, value in to_file(policy).items() if name not in shared
    }


def every_policy(session: Session, now: datetime) -> tuple[RegisteredPolicy, ...]:
    """All of them, by id."""
    rows: Mapping[str, Policy] = read_rows(session, "policies")
    versions = every_version(session)
    return tuple(RegisteredPolicy(key, rows.get(key), versions.get(key, ()), now) for key in sorted({*rows, *versions}))


def find_policy(session: Session, policy: str, now: datetime) -> RegisteredPolicy:
    """One of them.

    Raises:
        PolicyRefused: neither the world nor the register knows it.
    """
    row: Policy | None = read_rows(session, "policies", [policy]).get(policy)
    versions = versions_of(session, policy)
    if row is None and not versions:
        raise PolicyRefused(404, "unknown-policy", f"there is no policy {policy}")
    return RegisteredPolicy(policy, row, versions, now)


def version_of(found: RegisteredPolicy, number: int | None) -> PolicyVersion:
    """One version of a policy: the one of that number, else the one under way, else the latest.

    Raises:
        PolicyRefused: there is none.
    """
    numbered = next((each for each in found.versions if each.version == number), None)
    version = numbered if number is not None else found.under_way or found.newest
    if version is None:
        raise PolicyRefused(404, "no-such-version", f"{found.id} has no such version")
    return version


def believed(session: Session, known: datetime, on: datetime) -> list[dict[str, Any]] | None:
    """What was believed at one instant of real time about another of the facts' clock: the policies that would hold then.

    The world keeps what each load has changed, so that what nobody ever registered is in it as well.

    Args:
        known: in real time.
        on: by the clock of the facts.

    Returns:
        None if a new world has begun since, of whose forerunner nothing is known.
    """
    rows: dict[str, Policy] = dict(read_rows(session, "policies"))
    for change in reversed(changes_since(session, known)):
        if change.rows is None:
            return None
        for section, key, before, _ in change.rows:
            if section == "policies" and before is None:
                rows.pop(key, None)
            elif section == "policies" and before is not None:
                rows[key] = Policy(**before)
    versions = every_version(session)
    holding = [
        row for row in rows.values() if has_begun(row.effective_from, on) and not (row.effective_to and is_over(row.effective_to, on))
    ]
    at = int(known.astimezone(timezone.utc).timestamp() * 1000)
    return [
        {**RegisteredPolicy(row.id, row, known_at(versions.get(row.id, ()), at), on).to_data(), "file": _as_text(row)}
        for row in sorted(holding, key=lambda row: (start_of(row.effective_from), row.id))
    ]


def known_at(versions: Sequence[PolicyVersion], at: int) -> tuple[PolicyVersion, ...]:
    """The versions that were approved at an instant of real time, in milliseconds of the epoch, and not withdrawn yet."""
    then = (each for each in versions if each.decided_at is not None and each.decided_at <= at and (each.withdrawn_at or at + 1) > at)
    return tuple(replace(each, decision="approved", withdrawn_at=None, withdrawn_by=None) for each in then)


def _as_text(row: Policy) -> dict[str, Any]:
    return {name: str(value) if not isinstance(value, (list, int, type(None))) else value for name, value in to_file(row).items()}
