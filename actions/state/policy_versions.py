"""The register of policies: every version that anybody wrote, who decided what about it and when. What holds stands in the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import JSON, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Session

from actions.core.platform import Policy
from actions.core.policy_stages import PolicyDecision, PolicyRisk
from actions.state.columns import RowNumber, SmallNumber, rows_as, table_of

Milliseconds = int
"""Since the epoch, as SQL can compare it."""


@dataclass(frozen=True)
class PolicyVersion:
    """One version of a policy.

    Attributes:
        policy: its id in the world.
        version: counted from 1.
        body: the row of the world, in file form with amounts as text.
        title: what people call it; ``issuer``, ``document``, ``source``: who has issued it, under which number, and where it stands.
        owner: the role that answers for it.
        rationale: why.
        risk: of getting it wrong.
        review_on: the day by which somebody must have looked at it again, as ISO text.
        supersedes: the policy that ends when this one begins.
        decision: the last one.
        trial: the rehearsal it rests on.
        backdated: why it begins in the past, if it does.
        because: of a version that the register wrote itself: the policy whose approval asked for it.
        ended: the end that the superseded policy had before, as ISO text, once this is approved; None: it had none.
        recorded_at, decided_at …: in real time: from when on it was known.
    """

    id: RowNumber
    policy: str
    version: SmallNumber
    body: Annotated[dict[str, Any], JSON(none_as_null=True)]
    title: str
    issuer: str
    document: str
    source: str
    owner: str
    rationale: str
    risk: PolicyRisk
    review_on: str | None
    supersedes: str | None
    decision: PolicyDecision
    trial: str | None
    backdated: str | None
    because: str | None
    ended: str | None
    author: str
    recorded_at: Milliseconds
    submitted_by: str | None
    submitted_at: Milliseconds | None
    decided_by: str | None
    decided_at: Milliseconds | None
    withdrawn_by: str | None
    withdrawn_at: Milliseconds | None

    @property
    def name(self) -> str:
        """For people: the policy and the number of the version."""
        return f"{self.policy} v{self.version}"


POLICY_VERSIONS = table_of("policy_versions", PolicyVersion, UniqueConstraint("policy", "version"))
_EMPTY: Mapping[str, Any] = dict.fromkeys(
    ("trial", "backdated", "because", "ended", "submitted_by", "submitted_at", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at")
)


def add_version(session: Session, **values: Any) -> PolicyVersion:
    """Writes the next version of a policy down; see ``PolicyVersion``."""
    known = versions_of(session, values["policy"])
    row = {**_EMPTY, **values, "version": known[-1].version + 1 if known else 1}
    session.execute(insert(POLICY_VERSIONS).values(row))
    return versions_of(session, values["policy"])[-1]


def change_version(session: Session, version: PolicyVersion, **values: Any) -> PolicyVersion:
    """Notes a decision about a version, or what its author has changed in a draft; the version afterwards."""
    session.execute(update(POLICY_VERSIONS).where(POLICY_VERSIONS.c.id == version.id).values(**values))
    return next(each for each in versions_of(session, version.policy) if each.id == version.id)


def versions_of(session: Session, policy: str) -> tuple[PolicyVersion, ...]:
    """The versions of a policy in order."""
    wanted = select(POLICY_VERSIONS).where(POLICY_VERSIONS.c.policy == policy).order_by(POLICY_VERSIONS.c.version)
    return rows_as(PolicyVersion, session.execute(wanted))


def approved_policies(session: Session) -> tuple[Policy, ...]:
    """Of every policy what was approved last, if it was not withdrawn since."""
    wanted = select(POLICY_VERSIONS.c.policy, POLICY_VERSIONS.c.body).where(POLICY_VERSIONS.c.decision == "approved")
    latest = {row.policy: row.body for row in session.execute(wanted.order_by(POLICY_VERSIONS.c.version))}
    return tuple(Policy(**body) for body in latest.values())


def every_version(session: Session) -> dict[str, tuple[PolicyVersion, ...]]:
    """The versions of every policy in order."""
    found: dict[str, list[PolicyVersion]] = {}
    wanted = select(POLICY_VERSIONS).order_by(POLICY_VERSIONS.c.policy, POLICY_VERSIONS.c.version)
    for version in rows_as(PolicyVersion, session.execute(wanted)):
        found.setdefault(version.policy, []).append(version)
    return {policy: tuple(versions) for policy, versions in found.items()}
