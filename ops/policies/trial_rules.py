"""When a version needs a rehearsal, and which one counts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from actions.state.incidents import now_ms
from actions.state.policy_trials import PolicyTrial, find_trial
from actions.state.policy_versions import PolicyVersion
from actions.state.world.changes import latest_change
from ops.policies.loads import checked, load_of
from ops.policies.refusals import PolicyRefused

FRESH = timedelta(days=7)
"""Real time for which a rehearsal counts."""


def require_trial(session: Session, version: PolicyVersion) -> None:
    """Makes sure that a version of high risk rests on a rehearsal that still tells what it would do, and any other on none that does not.

    Raises:
        PolicyRefused: it does not.
    """
    if version.trial is None:
        if version.risk == "high":
            raise PolicyRefused(409, "trial-needed", f"{version.name} is of high risk: it needs a rehearsal younger than {FRESH.days} days")
        return
    trial = find_trial(session, version.trial)
    if trial is None:
        raise PolicyRefused(404, "unknown-trial", f"there is no rehearsal {version.trial}")
    refuse_trial(session, version, trial)


def refuse_trial(session: Session, version: PolicyVersion, trial: PolicyTrial) -> None:
    """Says why a rehearsal does not count for a version.

    Raises:
        PolicyRefused: it does not.
    """
    if trial.state not in ("done", "scored") or trial.at is None:
        raise PolicyRefused(409, "trial-not-done", f"the rehearsal {trial.id} is {trial.state}", trial=trial.id)
    if now_ms() - trial.at > FRESH.total_seconds() * 1000:
        raise PolicyRefused(409, "trial-old", f"the rehearsal {trial.id} is older than {FRESH.days} days; rehearse anew", trial=trial.id)
    if trial.world != latest_change(session):
        reason = f"the rehearsal {trial.id} looked at another state of the world than there is now; rehearse anew"
        raise PolicyRefused(409, "trial-other-world", reason, trial=trial.id)
    _, rows = load_of(session, version.body, version.supersedes)
    if checked(session, trial.rows) != rows:
        raise PolicyRefused(409, "trial-other-policy", f"the rehearsal {trial.id} is of other policies than {version.name}", trial=trial.id)
