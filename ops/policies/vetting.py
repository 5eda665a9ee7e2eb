"""The register's rules against the world as it is: what keeps a load of policies from being submitted or approved, and what only warns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.platform import Policy
from actions.state.world.rows import read_rows
from ops.policies.labels import labels_of
from ops.policies.loads import checked
from ops.policies.refusals import PolicyRefused
from ops.policies.rules import Finding, findings

_STATUS = {"in-force": 409, "two-open": 409, "starts-in-past": 422, "end-before-start": 422}


def findings_of(session: Session, now: datetime, load: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What there is to say about a load.

    Raises:
        PolicyRefused: the world would refuse it.
    """
    before: Mapping[str, Policy] = read_rows(session, "policies")
    after = {**before, **checked(session, load)}
    given = tuple(policy for key, policy in sorted(after.items()) if before.get(key) != policy)
    return tuple(findings(before, tuple(after.values()), given, now, labels_of(session)))


def refuse_by_rules(session: Session, now: datetime, load: Mapping[str, Any], backdated: bool) -> None:
    """Refuses what a rule is against.

    Args:
        backdated: whether somebody has said why it begins in the past.

    Raises:
        PolicyRefused: the first such rule.
    """
    for finding in findings_of(session, now, load):
        if finding.refuses and not (finding.code == "starts-in-past" and backdated):
            raise PolicyRefused(_STATUS[finding.code], finding.code, finding.text, other=finding.other, policy=finding.policy)  # type: ignore[arg-type]
