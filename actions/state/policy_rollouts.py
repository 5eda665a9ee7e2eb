"""What came of policies in the regions where they were begun, as the worker has found it, for pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of


@dataclass(frozen=True)
class PolicyRollout:
    """The comparison of one policy.

    Attributes:
        made_at: epoch milliseconds.
        final: whether no further week will be counted.
        data: what was found, or why there is nothing yet as ``refused``.
        light, dark: the drawing of it, for either theme; None: there is nothing to draw.
    """

    policy: str
    made_at: int
    final: bool
    data: dict[str, Any]
    light: str | None
    dark: str | None


ROLLOUTS = table_of("policy_rollouts", PolicyRollout, key=("policy",))


def keep_rollout(session: Session, rollout: PolicyRollout) -> None:
    """Stores a comparison in the place of the one before."""
    session.execute(delete(ROLLOUTS).where(ROLLOUTS.c.policy == rollout.policy))
    session.execute(insert(ROLLOUTS).values(vars(rollout)))


def find_rollout(session: Session, policy: str) -> PolicyRollout | None:
    """The comparison of a policy; None while the worker has made none."""
    return next(iter(rows_as(PolicyRollout, session.execute(select(ROLLOUTS).where(ROLLOUTS.c.policy == policy)))), None)
