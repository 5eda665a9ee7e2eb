"""What people do with incidents: draft, declare, update, resolve, withdraw, open again.

Every function is one step of the caller's transaction: the row of the world, the note and the audit are written together or not at all. ``now`` is the
clock of the facts throughout. Of all who declare the same trouble at once, exactly one succeeds.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy.orm import Session

from actions.core.fields import When
from actions.core.incident_stages import IncidentStage, StageNotPossible, step
from actions.core.moments import Moment, end_of, start_of
from actions.core.platform import Affects, Component, Incident
from actions.core.record import hints_of, to_file
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.database import lock_writers
from actions.state.incidents import ETA_UNKNOWN, now_ms, write_note
from actions.state.world.loading import write_world_data
from actions.yaml_source import SourceError
from ops.incidents.reading import IncidentView, as_ms, find_incident, open_rows
from ops.incidents.refusals import Code, IncidentRefused, unknown
from ops.incidents.scope import overlap, read_scope, scope_data
from ops.incidents.told import note_those_told
from ops.incidents.words import internal_text, public_text

COMPONENTS: tuple[str, ...] = get_args(Component)
SEVERITIES: tuple[str, ...] = get_args(hints_of(Incident)["severity"])
LONGEST_ETA = timedelta(days=14)
_ALPHABET = "23456789abdefghjkmnqrstuwxy"

Eta = Moment | str | None
"""A moment or its text, on the clock of the facts; None leaves it as it is, an empty text says that it is not known."""


def new_incident_id() -> str:
    """An id that no incident has."""
    return "i-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def make_draft(
    session: Session,
    *,
    component: str | None,
    severity: str | None,
    affects: Mapping[str, Any],
    notice: str | None,
    evidence: Mapping[str, Any],
    from_alert: str | None,
    by: str,
) -> str:
    """Notes a suspicion, of which no customer is told; the new id. What is wrong with it is said when it is declared."""
    incident = new_incident_id()
    given = {"component": component, "severity": severity, "affects": dict(affects), "evidence": dict(evidence), "from_alert": from_alert}
    write_note(session, incident, step(None, "draft"), by, public=internal_text(notice), **given)
    audit.record(session, by, "incident.draft", detail={"incident": incident, "from_alert": from_alert})
    return incident


def declare(
    session: Session,
    knowledge: Knowledge,
    now: datetime,
    *,
    component: str | None = None,
    severity: str | None = None,
    affects: Mapping[str, Any] | None = None,
    eta: Eta = None,
    notice: str | None = None,
    internal: str | None = None,
    evidence: Mapping[str, Any] | None = None,
    from_alert: str | None = None,
    draft: str | None = None,
    by: str,
) -> str:
    """Puts an incident into the world: from now on customers in its scope are told. Its id.

    Args:
        draft: the draft that is declared; what is not given here is taken from it.

    Raises:
        IncidentRefused: see ``refusals``.
    """
    lock_writers(session)
    incident = draft or new_incident_id()
    before = find_incident(session, draft, now) if draft else None
    stage = _step(before, "investigating")
    if before is not None:
        component, severity = component or before.component, severity or before.severity
        affects = affects if affects is not None else scope_data(before.affects)
        notice, from_alert = notice or before.notice or None, from_alert or before.from_alert
    scope, said, moment = read_scope(session, affects), public_text(knowledge, notice), _eta(eta, now)
    component, severity = _word("component", component, COMPONENTS), _word("severity", severity, SEVERITIES)
    _alone(session, component, scope, now, but=incident)
    row = {"component": component, "severity": severity, "started_at": now.isoformat(), "resolved_at": None}
    _write(session, {"id": incident, **row, "eta": to_file(moment), "notice": said or "", "affects": to_file(scope)})
    given = {"component": component, "severity": severity, "affects": scope_data(scope), "from_alert": from_alert}
    proof = dict(evidence) if evidence else None
    write_note(session, incident, stage, by, public=said, internal=internal_text(internal), eta=as_ms(moment), evidence=proof, **given)
    audit.record(session, by, "incident.declare", detail={"incident": incident, **given})
    return incident


def update(
    session: Session,
    knowledge: Knowledge,
    now: datetime,
    incident: str,
    *,
    stage: str | None = None,
    eta: Eta = None,
    notice: str | None = None,
    severity: str | None = None,
    affects: Mapping[str, Any] | None = None,
    internal: str | None = None,
    by: str,
) -> IncidentView:
    """Changes what customers are told of an open incident, or its stage; the incident afterwards.

    Raises:
        IncidentRefused: see ``refusals``.
    """
    if stage == "resolved":
        return resolve(session, knowledge, now, incident, notice=notice, internal=internal, by=by)
    if stage == "withdrawn":
        return withdraw(session, knowledge, now, incident, internal=internal, by=by)
    lock_writers(session)
    before = find_incident(session, incident, now)
    after = before.stage if stage is None or stage == before.stage else _step(before, stage)
    if not before.is_open and after == before.stage:
        raise _not_possible(before, StageNotPossible(before.stage, "an update", ()))
    row = _row(before)
    changes: dict[str, Any] = {"resolved_at": None}
    said = None if notice is None else public_text(knowledge, notice) or ""
    # Forms send the notice as it stood: what customers read already is no news.
    if said is not None and said != row.notice:
        changes["notice"] = said
    if eta is not None:
        changes["eta"] = to_file(_eta(eta, now))
    if severity is not None:
        changes["severity"] = _word("severity", severity, SEVERITIES)
    scope = row.affects if affects is None else read_scope(session, affects)
    if affects is not None:
        changes["affects"] = to_file(scope)
    if affects is not None or not before.is_open:
        _alone(session, row.component, scope, now, but=incident)
    _write(session, {"id": incident, **changes})
    given = {
        "eta": as_ms(_eta(eta, now)) if eta != "" or row.eta is None else ETA_UNKNOWN,
        "severity": severity,
        "affects": None if affects is None else scope_data(scope),
    }
    write_note(session, incident, after, by, public=changes.get("notice") or None, internal=internal_text(internal), **given)
    audit.record(session, by, "incident.update", detail={"incident": incident, "stage": after, **given})
    return find_incident(session, incident, now)


def resolve(
    session: Session, knowledge: Knowledge, now: datetime, incident: str, *, notice: str | None = None, internal: str | None = None, by: str
) -> IncidentView:
    """Ends an incident: each subscriber is told what is true of them now; the incident afterwards.

    Raises:
        IncidentRefused: see ``refusals``.
    """
    lock_writers(session)
    before = find_incident(session, incident, now)
    stage = _step(before, "resolved")
    row = _row(before)
    if start_of(row.started_at) > now:
        raise IncidentRefused(422, "ends-before-start", f"{incident} begins at {to_file(row.started_at)}, which is later than now")
    said = public_text(knowledge, notice)
    _write(session, {"id": incident, "resolved_at": now.isoformat(), **({"notice": said} if said else {})})
    write_note(session, incident, stage, by, public=said, internal=internal_text(internal))
    audit.record(session, by, "incident.resolve", detail={"incident": incident})
    return find_incident(session, incident, now)


def withdraw(session: Session, knowledge: Knowledge, now: datetime, incident: str, *, internal: str | None = None, by: str) -> IncidentView:
    """Says that it was not so: a draft is put away, and whoever was told of an incident is told that; the incident afterwards.

    Raises:
        IncidentRefused: see ``refusals``.
    """
    lock_writers(session)
    before = find_incident(session, incident, now)
    stage = _step(before, "withdrawn")
    if before.stage != "draft":
        row = _row(before)
        _write(session, {"id": incident, "resolved_at": max(now, start_of(row.started_at)).isoformat()})
        note_those_told(session, incident)
    write_note(session, incident, stage, by, internal=internal_text(internal))
    audit.record(session, by, "incident.withdraw", detail={"incident": incident})
    return find_incident(session, incident, now)


def reopen(session: Session, knowledge: Knowledge, now: datetime, incident: str, *, internal: str | None = None, by: str) -> IncidentView:
    """Opens an incident again that was taken for mended, within a day of its end; the incident afterwards.

    Raises:
        IncidentRefused: see ``refusals``.
    """
    return update(session, knowledge, now, incident, stage="investigating", internal=internal, by=by)


def can_follow(before: IncidentView, wanted: str) -> None:
    """Makes sure that an incident can come to a stage now.

    Raises:
        IncidentRefused: it cannot; those that can are named.
    """
    _step(before, wanted)


def _step(before: IncidentView | None, wanted: str) -> IncidentStage:
    """The stage that follows."""
    ended = before.updated_at if before is not None and before.stage == "resolved" else None
    try:
        return step(before.stage if before else None, wanted, now_ms() - ended if ended else 0)  # type: ignore[arg-type]
    except StageNotPossible as error:
        raise _not_possible(before, error) from None


def _not_possible(before: IncidentView | None, error: StageNotPossible) -> IncidentRefused:
    where = before.id if before is not None else "an incident"
    possible = list(error.possible)
    told = f"what can: {', '.join(possible)}" if possible else "it is over"
    return IncidentRefused(409, "stage-not-possible", f"{where} is {error.stage}: {error.wanted} cannot follow; {told}", possible=possible)


def _row(before: IncidentView) -> Incident:
    if before.row is None:
        raise IncidentRefused(409, "incident-gone", f"{before.id} is no more in the world: it was loaded anew meanwhile")
    return before.row


def _word(what: str, given: str | None, known: tuple[str, ...]) -> str:
    if given not in known:
        code = "unknown-component" if what == "component" else "unknown-severity"
        if not given:
            raise IncidentRefused(422, code, f"{what} is missing; there are: {', '.join(known)}", nearest=list(known))  # type: ignore[arg-type]
        raise unknown(what, code, given, known)  # type: ignore[arg-type]
    return given


def _eta(given: Eta, now: datetime) -> Moment | None:
    if given is None or given == "":
        return None
    try:
        moment: date | datetime = When.validate(given)  # type: ignore[attr-defined]
    except ValueError as error:
        raise IncidentRefused(422, "eta-unreadable", f"the expected end {error}") from None
    end = end_of(moment)
    if end <= now:
        raise _eta_refused("eta-past", f"the expected end {to_file(moment)} is over", now)
    if end > now + LONGEST_ETA:
        raise _eta_refused("eta-too-far", f"the expected end {to_file(moment)} is more than {LONGEST_ETA.days} days away", now)
    return moment


def _eta_refused(code: Code, why: str, now: datetime) -> IncidentRefused:
    """Says by which clock: that of the facts, as everything else that customers read of an incident, also where it stands still."""
    latest = to_file(now + LONGEST_ETA)
    return IncidentRefused(422, code, f"{why}: by the clock of the facts it is {to_file(now)}", now=to_file(now), latest=latest)


def _alone(session: Session, component: str, scope: Affects, now: datetime, but: str) -> None:
    """Makes sure that no customer would be told of the same trouble twice."""
    for row in open_rows(session, now):
        if row.id != but and row.component == component and overlap(row.affects, scope):
            reason = f"{row.id} is open for {component} already and holds for some of the same customers; update that one"
            raise IncidentRefused(409, "already-open", reason, incident=row.id)


def _write(session: Session, row: Mapping[str, Any]) -> None:
    try:
        write_world_data(session, {"incidents": [dict(row)]})
    except SourceError as error:
        raise IncidentRefused(422, "world-refused", "; ".join(str(problem) for problem in error.problems)) from None
