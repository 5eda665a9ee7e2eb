"""What people do with policies: write a version, submit it, approve it, send it back, withdraw it.

Every function is one step of the caller's transaction: the version, the row of the world and the audit are written together or not at all.
``now`` is the clock of the facts, by which policies hold; who did what when is in real time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import has_begun
from actions.core.policy_stages import RISKS, DecisionNotPossible, PolicyDecision, decide, last_before
from actions.gate import objections
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.database import lock_writers
from actions.state.incidents import now_ms
from actions.state.policy_versions import PolicyVersion, add_version, change_version
from actions.state.world.loading import write_world_data
from ops.policies.loads import as_json, checked, load_of
from ops.policies.refusals import PolicyRefused
from ops.policies.register import RegisteredPolicy, find_policy, policy_of, version_of
from ops.policies.trial_rules import require_trial
from ops.policies.vetting import refuse_by_rules

TEXTS = ("title", "issuer", "document", "source", "owner", "rationale")
"""What is written about a policy beside its row."""
NEEDED = ("title", "source", "owner", "rationale", "review_on")
"""Without which no version is submitted."""
LONGEST_TEXT = 500


def write(
    session: Session, now: datetime, *, body: Mapping[str, Any], by: str, supersedes: str | None = None, **about: Any
) -> PolicyVersion:
    """Writes the next version of a policy as a draft, or its author's draft anew.

    Args:
        body: the row of the world, whole.
        supersedes: the policy that ends when this one begins.
        about: ``title``, ``issuer``, ``document``, ``source``, ``owner``, ``rationale``, ``risk``, ``review_on``, ``trial``, ``backdated``.

    Raises:
        PolicyRefused: the world would refuse the row, or somebody else's version of it is under way.
    """
    lock_writers(session)
    load, rows = load_of(session, body, supersedes)
    policy = rows[load["policies"][0]["id"]]
    values = {**_about(about), "body": as_json(policy), "supersedes": supersedes, "decision": decide(None, "draft")}
    try:
        under_way = find_policy(session, policy.id, now).under_way
    except PolicyRefused:
        under_way = None
    if under_way is not None and (under_way.decision != "draft" or under_way.author != by):
        reason = (
            f"{under_way.name} is {under_way.decision} already, by {under_way.author}; of one policy one version is under way at a time"
        )
        raise PolicyRefused(409, "open-version", reason, version=under_way.version, policy=policy.id)
    if under_way is not None:
        version = change_version(session, under_way, **values, recorded_at=now_ms())
    else:
        version = add_version(session, policy=policy.id, author=by, recorded_at=now_ms(), **values)
    audit.record(session, by, "policy.draft", detail=_detail(version))
    return version


def submit(session: Session, knowledge: Knowledge, now: datetime, policy: str, *, by: str, number: int | None = None) -> PolicyVersion:
    """Says that a draft is done, so that somebody else can decide.

    Raises:
        PolicyRefused: a rule is against it, or it lacks something.
    """
    lock_writers(session)
    found = find_policy(session, policy, now)
    version = version_of(found, number)
    decision = _decided(version, "submitted")
    missing = [name for name in NEEDED if not getattr(version, name)]
    if missing:
        raise PolicyRefused.incomplete(missing)
    _vet(session, knowledge, now, version)
    version = change_version(session, version, decision=decision, submitted_by=by, submitted_at=now_ms())
    audit.record(session, by, "policy.submit", detail=_detail(version))
    return version


def approve(session: Session, knowledge: Knowledge, now: datetime, policy: str, *, by: str, number: int | None = None) -> PolicyVersion:
    """Approves a version that somebody else wrote and submitted: its row, and the end of the one before, go into the world.

    Raises:
        PolicyRefused: a rule is against it, among them that two people must have seen it.
    """
    lock_writers(session)
    version = version_of(find_policy(session, policy, now), number)
    decision = _decided(version, "approved")
    if by in (version.author, version.submitted_by):
        raise PolicyRefused(403, "four-eyes", f"{by} has written or submitted {version.name}; somebody else must approve it")
    _vet(session, knowledge, now, version)
    require_trial(session, version)
    load, _ = load_of(session, version.body, version.supersedes)
    before = _predecessor(session, now, version)
    write_world_data(session, load)
    ended = before.row.effective_to if before is not None and before.row is not None else None
    at = {"decided_by": by, "decided_at": now_ms()}
    version = change_version(session, version, decision=decision, ended=ended and ended.isoformat(), **at)
    if before is not None and before.approved is not None:
        _carry_on(session, before.approved, load["policies"][1], version.policy, at)
    audit.record(session, by, "policy.approve", detail=_detail(version))
    return version


def send_back(session: Session, now: datetime, policy: str, *, by: str, reason: str, number: int | None = None) -> PolicyVersion:
    """Gives a submitted version back to its author, who may change it.

    Raises:
        PolicyRefused: it is not submitted, or no reason is given.
    """
    lock_writers(session)
    version = version_of(find_policy(session, policy, now), number)
    if not reason.strip():
        raise PolicyRefused.incomplete(["reason"])
    version = change_version(session, version, decision=_decided(version, "draft"), submitted_by=None, submitted_at=None)
    audit.record(session, by, "policy.return", detail={**_detail(version), "reason": reason[:LONGEST_TEXT]})
    return version


def withdraw(session: Session, now: datetime, policy: str, *, by: str, number: int | None = None) -> PolicyVersion:
    """Says that a version is not to be. What it was to follow goes on as it did before; nobody will find it in force on any day.

    Raises:
        PolicyRefused: it is in force already, or over.
    """
    lock_writers(session)
    found = find_policy(session, policy, now)
    version = version_of(found, number)
    decision = _decided(version, "withdrawn")
    if version.decision == "approved":
        if has_begun(policy_of(version).effective_from, now):
            raise PolicyRefused(409, "in-force", f"{version.name} is in force or was; let another policy follow it")
        if by == version.author:
            raise PolicyRefused(403, "four-eyes", f"{by} has written {version.name}; somebody else must take back what was approved")
        _undo(session, now, found, version)
    version = change_version(session, version, decision=decision, withdrawn_by=by, withdrawn_at=now_ms())
    audit.record(session, by, "policy.withdraw", detail=_detail(version))
    return version


def _vet(session: Session, knowledge: Knowledge, now: datetime, version: PolicyVersion) -> None:
    load, _ = load_of(session, version.body, version.supersedes)
    refuse_by_rules(session, now, load, bool(version.backdated))
    notice = str(version.body.get("notice") or "")
    against = objections(notice, knowledge) if notice else ()
    if against:
        raise PolicyRefused(422, "text-refused", "the notice must not be said", reasons=[each.to_data() for each in against])


def _undo(session: Session, now: datetime, found: RegisteredPolicy, version: PolicyVersion) -> None:
    """Writes into the world what was there before a version was approved."""
    earlier = [each for each in found.versions if each.decision == "approved" and each.version < version.version]
    never = last_before(policy_of(version).effective_from).isoformat()
    rows: list[dict[str, Any]] = [dict(earlier[-1].body) if earlier else {**version.body, "effective_to": never}]
    before = _predecessor(session, now, version)
    if before is not None and before.row is not None:
        rows.append({**as_json(before.row), "effective_to": version.ended})
        if before.approved is not None and before.approved.because == version.policy:
            change_version(session, before.approved, decision="withdrawn", withdrawn_by=version.decided_by, withdrawn_at=now_ms())
    checked(session, {"policies": rows})
    write_world_data(session, {"policies": rows})


def _predecessor(session: Session, now: datetime, version: PolicyVersion) -> RegisteredPolicy | None:
    return None if version.supersedes is None else find_policy(session, version.supersedes, now)


def _carry_on(session: Session, before: PolicyVersion, body: Mapping[str, Any], because: str, at: Mapping[str, Any]) -> None:
    """Notes that a registered policy ends, as a version of it that was approved with the one that follows."""
    kept = {name: getattr(before, name) for name in (*TEXTS, "risk", "review_on", "author", "submitted_by", "submitted_at")}
    row = {**kept, "policy": before.policy, "body": dict(body), "supersedes": None, "decision": "approved", "because": because}
    add_version(session, **row, recorded_at=at["decided_at"], **at)


def _decided(version: PolicyVersion, wanted: PolicyDecision) -> PolicyDecision:
    try:
        return decide(version.decision, wanted)
    except DecisionNotPossible as error:
        told = ", ".join(error.possible) or "nothing"
        reason = f"{version.name} is {version.decision}: it cannot be {wanted}; what can follow: {told}"
        raise PolicyRefused(409, "decision-not-possible", reason, possible=list(error.possible)) from None


def _about(given: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(given.get(name) or "").strip()[:LONGEST_TEXT] for name in TEXTS}
    risk = given.get("risk") or "medium"
    if risk not in RISKS:
        raise PolicyRefused(422, "incomplete", f"risk is one of {', '.join(RISKS)}, not {risk}", missing=["risk"])
    review = given.get("review_on") or None
    try:
        day = None if review is None else date.fromisoformat(str(review)).isoformat()
    except ValueError:
        raise PolicyRefused(422, "not-a-day", f"review_on must be a day such as 2027-06-01, not {review}", field="review_on") from None
    optional = {name: (str(given.get(name) or "").strip()[:LONGEST_TEXT] or None) for name in ("trial", "backdated")}
    return {**texts, "risk": risk, "review_on": day, **optional}


def _detail(version: PolicyVersion) -> dict[str, Any]:
    about = {"policy": version.policy, "version": version.version, "decision": version.decision, "supersedes": version.supersedes}
    return {**about, "trial": version.trial, "backdated": version.backdated, "body": version.body}
