"""A rehearsal that somebody at a page asks for: the worker does it, for it may take longer than a page may."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from actions.core.moments import local, start_of
from actions.core.policy_stages import OPEN
from actions.state import audit
from actions.state.database import lock_writers
from actions.state.incidents import now_ms
from actions.state.policy_trials import ask_for_trial
from actions.state.policy_versions import change_version
from ops.policies.loads import load_of
from ops.policies.refusals import PolicyRefused
from ops.policies.register import find_policy, policy_of, version_of


def ask(session: Session, now: datetime, policy: str, *, by: str, day: str | None = None, number: int | None = None) -> str:
    """Asks for the rehearsal of a version that is under way, on which it rests from then on; the rehearsal's id.

    Args:
        day: as ISO text; default: the day on which it begins.

    Raises:
        PolicyRefused: nothing is under way, or the day is none or before the begin.
    """
    lock_writers(session)
    version = version_of(find_policy(session, policy, now), number)
    if version.decision not in OPEN:
        raise PolicyRefused(
            409, "decision-not-possible", f"{version.name} is {version.decision}: there is nothing to rehearse", possible=[]
        )
    load, rows = load_of(session, version.body, version.supersedes)
    begins = local(start_of(policy_of(version).effective_from)).date()
    try:
        on = begins if not day else date.fromisoformat(day)
    except ValueError:
        raise PolicyRefused(422, "not-a-day", f"the day must be one such as 2026-12-01, not {day}", field="day") from None
    if on < begins:
        raise PolicyRefused(
            422, "day-before-start", f"{version.name} begins on {begins}: on {on} it changes nothing", begins=begins.isoformat()
        )
    trial = ask_for_trial(session, "+".join(sorted(rows)), on.isoformat(), load, by, now_ms())
    change_version(session, version, trial=trial)
    audit.record(session, by, "policy.trial", detail={"trial": trial, "policy": policy, "version": version.version, "on": on.isoformat()})
    return trial
