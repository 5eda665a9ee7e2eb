"""What ``baitiao policy rollout`` does."""

from __future__ import annotations

from typing import Any

from actions.state.columns import real_now
from bot.commands import Refusal, opened
from ops.policies.refusals import PolicyRefused
from ops.rollouts.making import Wanted, make
from ops.rollouts.outcomes import OUTCOMES
from ops.rollouts.refusals import RolloutRefused
from ops.rollouts.weeks import BEFORE_WEEKS


def compared(policy: str, outcomes: list[str], before: int | None) -> dict[str, Any]:
    """The regions of a policy before and after it began, against those most like them.

    Raises:
        Refusal: there is no such policy, or nothing to compare.
    """
    here = opened()
    wanted = Wanted(policy, tuple(outcomes) or tuple(OUTCOMES), BEFORE_WEEKS if before is None else before)
    with here.database.session() as session:
        try:
            return make(session, wanted, real_now(), here.settings.now)
        except (PolicyRefused, RolloutRefused) as refused:
            raise Refusal(f"{refused.code}: {refused.reason}") from None
