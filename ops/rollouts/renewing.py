"""The worker's pass: what came of every policy that was begun in regions of its own is told anew each day, until its last week is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

from actions.core.observations import milliseconds
from actions.core.platform import Policy
from actions.state.columns import real_now
from actions.state.plots import PlotTheme
from actions.state.policy_rollouts import PolicyRollout, find_rollout, keep_rollout
from actions.state.world.rows import read_rows
from ops.rollouts.refusals import RolloutRefused
from ops.worker import Surroundings

_EVERY_MS = int(timedelta(days=1).total_seconds() * 1000)


def renew_rollouts(here: Surroundings) -> int:
    """Compares what has begun, unless that was done within a day or is final; returns how many were."""
    now = real_now()
    with here.database.session() as session:
        rows = read_rows(session, "policies").values()
        due = sorted(each.id for each in rows if isinstance(each, Policy) and each.regions)
        due = [policy for policy in due if _is_due(find_rollout(session, policy), milliseconds(now))]
    for policy in due:
        _renew(here, policy, now)
    return len(due)


def _renew(here: Surroundings, policy: str, now: datetime) -> None:
    # What computes and draws is large, and needed once a day.
    from ops.rollouts.drawing import draw
    from ops.rollouts.making import Wanted, make

    # Reading may take a minute: it holds nothing that turns write.
    with here.database.session() as session:
        try:
            data = make(session, Wanted(policy), now, here.settings.now)
        except RolloutRefused as refused:
            data = {"policy": policy, "refused": refused.to_data(), "final": False}
    drawn = {theme: None if "refused" in data else draw(data, theme) for theme in get_args(PlotTheme)}
    with here.database.session() as session:
        kept = find_rollout(session, policy)
        # What was found once is not lost because observations of then are forgotten.
        if kept is None or "refused" in kept.data or "refused" not in data:
            keep_rollout(session, PolicyRollout(policy, milliseconds(now), data["final"], data, drawn["light"], drawn["dark"]))


def _is_due(kept: PolicyRollout | None, now: int) -> bool:
    return kept is None or (not kept.final and now - kept.made_at >= _EVERY_MS)
