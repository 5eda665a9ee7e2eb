"""What the world would be told of a version: its row, and the end of the policy that it follows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import start_of
from actions.core.platform import Policy
from actions.core.policy_stages import last_before
from actions.core.record import to_file
from actions.state.world.loading import checked_patches
from actions.state.world.patches import GivenData
from actions.state.world.rows import read_rows
from actions.yaml_source import Problem, SourceError
from ops.policies.refusals import PolicyRefused

_ROW = 2
"""Parts of a path that name a row: its section, and its place there."""


@dataclass
class _Noting(GivenData):
    """Given data that remembers of each problem which field of a row it is about."""

    fields: dict[Problem, str] = field(default_factory=dict)

    def problem(self, path: Sequence[str | int], reason: str) -> Problem:
        problem = super().problem(path, reason)
        name = path[_ROW] if len(path) > _ROW else None
        if isinstance(name, str):
            self.fields[problem] = name
        return problem


def load_of(session: Session, body: Mapping[str, Any], supersedes: str | None) -> tuple[dict[str, Any], dict[str, Policy]]:
    """A load that puts a policy into the world: in file form, and the rows that it would write, by id.

    Args:
        session: of the world.
        body: the row, whole.
        supersedes: the policy that ends when this one begins.

    Raises:
        PolicyRefused: the world would refuse it, or knows no such policy to follow.
    """
    rows = [dict(body)]
    policy = checked(session, {"policies": rows})[str(body.get("id"))]
    if supersedes is not None:
        before = read_rows(session, "policies", [supersedes]).get(supersedes)
        if before is None or supersedes == policy.id:
            raise PolicyRefused(422, "unknown-predecessor", f"there is no policy {supersedes} that {policy.id} could follow")
        end = last_before(policy.effective_from)
        if start_of(before.effective_from) >= start_of(policy.effective_from):
            reason = f"{supersedes} would end before it starts: {policy.id} must begin later than {before.effective_from}"
            raise PolicyRefused(422, "end-before-start", reason, other=supersedes)
        rows.append({**as_json(before), "effective_to": end.isoformat()})
    return {"policies": rows}, checked(session, {"policies": rows})


def checked(session: Session, load: Mapping[str, Any]) -> dict[str, Policy]:
    """The policies that a load would write, by id.

    Raises:
        PolicyRefused: the world would refuse it; the problems say where and why, and ``field`` which one it is if all are about it.
    """
    given = _Noting(load, "policy")
    try:
        rows: Any = checked_patches(session, [given]).get("policies", ())
    except SourceError as error:
        problems = [{"line": each.line, "reason": each.reason, "field": given.fields.get(each)} for each in error.problems]
        fields = {each["field"] for each in problems}
        only = fields.pop() if len(fields) == 1 else None
        reason = "; ".join(str(each["reason"]) for each in problems)
        raise PolicyRefused(422, "world-refused", reason, problems=problems, **({"field": only} if only else {})) from None
    return {policy.id: policy for policy in rows}


def as_json(policy: Policy) -> dict[str, Any]:
    """A policy in file form with amounts as text, which world files take as well."""
    data: dict[str, Any] = json.loads(json.dumps(to_file(policy), default=str))
    return data
