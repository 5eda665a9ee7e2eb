"""What people do with experiments: keep a rehearsal, ask for the start, start, stop, decide. Every function is one step of the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NewType

from sqlalchemy.orm import Session

from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.database import lock_writers
from actions.state.experiments import (
    ExperimentRow,
    change_experiment,
    find_experiment,
    put_experiment,
    running_experiments,
)
from actions.state.incidents import now_ms
from ops.experiments.folder import ExperimentFolder, checked
from ops.experiments.gate import require_customers, require_own_texts, require_rehearsal
from ops.experiments.refusals import ExperimentRefused
from ops.experiments.specification import ExperimentSpecification
from ops.experiments.traffic import traffic_of

_NEVER = "never differ"

RightFolder = NewType("RightFolder", ExperimentFolder)
"""One that was checked, arm by arm."""


_ASKED_BY_NOBODY: Mapping[str, Any] = {"submitted_at": None, "submitted_by": None}


def spec_of(row: ExperimentRow) -> ExperimentSpecification:
    """The specification as it was registered."""
    return ExperimentSpecification.parse_obj(row.spec)


def known(session: Session, name: str) -> ExperimentRow:
    """The latest version of an experiment.

    Raises:
        ExperimentRefused: there is none.
    """
    row = find_experiment(session, name)
    if row is None:
        raise ExperimentRefused(404, "unknown-experiment", f"no experiment {name} was rehearsed or started here")
    return row


def require_right(folder: ExperimentFolder, usual: Knowledge) -> RightFolder:
    """A folder that ``checked`` finds nothing wrong with. Takes seconds for each arm, and belongs into no transaction.

    Raises:
        ExperimentRefused: with every problem.
    """
    problems = [str(problem) for problem in checked(folder, usual)]
    if problems:
        code: Any = "never-differs" if all(_NEVER in problem for problem in problems) else "overlay-refused"
        raise ExperimentRefused(422, code, "; ".join(problems), problems=problems)
    return RightFolder(folder)


def require_unlocked(session: Session, folder: ExperimentFolder) -> ExperimentRow | None:
    """What is known of this version of an experiment, if it may still change.

    Raises:
        ExperimentRefused: it was started: nothing of it changes any more, and what changes is a new version.
    """
    latest = find_experiment(session, folder.spec.id)
    if latest is not None and latest.state == "running" and latest.hash != folder.hash:
        reason = f"{latest.name} runs and its files are others now: stop it, raise the version, and rehearse and start that"
        raise ExperimentRefused(409, "experiment-locked", reason, version=latest.version)
    row = find_experiment(session, folder.spec.id, folder.spec.version)
    if row is not None and row.state == "running":
        raise ExperimentRefused(409, "already-running", f"{row.name} runs since it was started by {row.started_by}", version=row.version)
    if row is not None and row.state != "rehearsed":
        raise ExperimentRefused(409, "experiment-locked", f"{row.name} has run; raise the version for another run", version=row.version)
    return row


def keep_rehearsal(session: Session, folder: ExperimentFolder, found: Mapping[str, Any], by: str) -> ExperimentRow:
    """Registers an experiment with what came of its rehearsal.

    Raises:
        ExperimentRefused: it was started already.
    """
    lock_writers(session)
    before = require_unlocked(session, folder)
    row = folder.row(rehearsal=dict(found))
    if before is None:
        put_experiment(session, row)
    else:
        change_experiment(
            session, row, ("rehearsed",), hash=row.hash, spec=row.spec, files=row.files, rehearsal=row.rehearsal, **_ASKED_BY_NOBODY
        )
    audit.record(session, by, "experiment.rehearse", detail={"experiment": row.id, "version": row.version, "hash": row.hash})
    return row


def submit(session: Session, folder: RightFolder, by: str) -> ExperimentRow:
    """Asks that an experiment be started, which somebody else does.

    Raises:
        ExperimentRefused: the gate is shut.
    """
    row = _through_the_gate(session, folder)
    asked: dict[str, Any] = {"submitted_at": now_ms(), "submitted_by": by}
    change_experiment(session, row, ("rehearsed",), **asked)
    audit.record(session, by, "experiment.submit", detail={"experiment": row.id, "version": row.version, "hash": row.hash})
    return replace(row, **asked)


def start(session: Session, folder: RightFolder, by: str) -> ExperimentRow:
    """Starts an experiment for which somebody else has asked: from now on customers are told what their arm says.

    Args:
        by: whose name it is; empty: nobody in particular, who starts nothing.

    Raises:
        ExperimentRefused: the gate is shut, nobody has asked for it, or only whoever starts it.
    """
    row = _through_the_gate(session, folder)
    if row.submitted_by is None:
        raise ExperimentRefused(
            409, "not-submitted", f"nobody has asked that {row.name} be started; an author does, and an approver starts it"
        )
    if by in ("", row.submitted_by):
        asked = f"{row.submitted_by} has asked that {row.name} be started"
        raise ExperimentRefused(403, "four-eyes", f"{asked}; an approver who is somebody else must start it")
    now = now_ms()
    change_experiment(session, row, ("rehearsed",), state="running", started_at=now, started_by=by)
    audit.record(session, by, "experiment.start", detail={"experiment": row.id, "version": row.version, "hash": row.hash})
    return replace(row, state="running", started_at=now, started_by=by)


def _through_the_gate(session: Session, folder: RightFolder) -> ExperimentRow:
    lock_writers(session)
    row = require_rehearsal(require_unlocked(session, folder), folder.hash)
    require_own_texts(row, running_experiments(session))
    require_customers(folder.spec, traffic_of(session, folder.spec, now_ms()))
    return row


def stop(session: Session, name: str, reason: str, by: str) -> ExperimentRow:
    """Ends an experiment; everybody is told what the control is told.

    Args:
        by: whose name it is; empty: nobody in particular, who ends nothing.

    Raises:
        ExperimentRefused: it does not run, or nobody in particular ends it.
    """
    lock_writers(session)
    row = known(session, name)
    if row.state != "running":
        raise ExperimentRefused(409, "not-running", f"{row.name} does not run: it is {row.state}")
    _reason(reason)
    _named(by)
    ended = {"state": "stopped", "ended_at": now_ms(), "ended_by": by, "reason": reason}
    change_experiment(session, row, ("running",), **ended)
    audit.record(session, by, "experiment.stop", detail={"experiment": row.id, "version": row.version, audit.WORDS: reason})
    return known(session, name)


def decide(session: Session, name: str, arm: str, reason: str, by: str) -> ExperimentRow:
    """Says which arm everybody is to be told; the texts themselves go into the knowledge by whoever keeps it.

    Args:
        by: whose name it is; empty: nobody in particular, who decides nothing.

    Raises:
        ExperimentRefused: the data do not allow a decision yet, or not this one; or it takes somebody else.
    """
    lock_writers(session)
    row = known(session, name)
    if row.state not in ("running", "stopped"):
        raise ExperimentRefused(409, "not-running", f"{row.name} is {row.state}: there is nothing to decide")
    if arm not in row.assignment.arms:
        raise ExperimentRefused(422, "unknown-arm", f"{arm} is none of {', '.join(row.assignment.arms)}", arms=list(row.assignment.arms))
    if arm in row.assignment.stopped:
        raise ExperimentRefused(409, "arm-stopped", f"a guardrail has stopped {arm}")
    _reason(reason)
    variant = arm != row.assignment.arms[0]
    results = row.results or {}
    if variant and results.get("srm", {}).get("blocked"):
        raise ExperimentRefused(409, "sample-ratio", "the arms have not got the customers they should have: this result says nothing")
    units, planned = sum(results.get("n", {}).values()), spec_of(row).planned_n
    if variant and results.get("verdict", "not_decided") == "not_decided" and units < planned:
        raise ExperimentRefused(409, "too-early", f"nothing is decided, and {units} of {planned} planned units are there", n=units)
    if variant and results.get("verdict") == "worse":
        raise ExperimentRefused(409, "too-early", f"the data say that {arm} is worse")
    _named(by)
    if variant and by == row.submitted_by:
        raise ExperimentRefused(403, "four-eyes", f"{by} has asked that {row.name} be started; somebody else must say that {arm} wins")
    change_experiment(
        session, row, ("running", "stopped"), state="decided", decision=arm, ended_at=row.ended_at or now_ms(), ended_by=by, reason=reason
    )
    detail = {"experiment": row.id, "version": row.version, "arm": arm, "verdict": results.get("verdict"), audit.WORDS: reason}
    audit.record(session, by, "experiment.decide", detail=detail)
    return known(session, name)


def _reason(given: str) -> None:
    if not given.strip():
        raise ExperimentRefused(422, "reason-needed", "say why")


def _named(by: str) -> None:
    if not by:
        raise ExperimentRefused(403, "unnamed", "this is done in somebody's name: --token says whose")
