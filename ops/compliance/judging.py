"""What auditors make of looks that were far more than usual: they had a reason, or they were misuse."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state import audit
from actions.state.access_alerts import AccessAlert, AccessVerdict, get_access_alert, judge_access
from actions.state.columns import real_now
from ops.compliance.clocks import shown
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.words import said

VERDICTS: tuple[AccessVerdict, ...] = get_args(AccessVerdict)


def access_data(alert: AccessAlert) -> dict[str, Any]:
    """An alert for programs and templates."""
    times = {name: shown(value) for name, value in (("since", alert.since), ("until", alert.until), ("found_at", alert.found_at))}
    judged = None if alert.judged_at is None else {"at": shown(alert.judged_at), "by": alert.judged_by, "note": alert.note}
    same = {name: getattr(alert, name) for name in ("id", "agent", "kind", "cases", "median", "found_by", "verdict")}
    return {**same, **times, "judged": judged}


def judge(session: Session, number: int, verdict: object, note: object, by: str) -> AccessAlert:
    """Notes what an auditor made of an alert, and audits it; the alert afterwards.

    Raises:
        ComplianceRefused: there is none, it is judged already, the verdict is none, it says nothing, or it is about the auditor.
    """
    alert = get_access_alert(session, number)
    if alert is None:
        raise ComplianceRefused("not_found", f"there is no alert {number} about an access")
    if verdict not in VERDICTS:
        raise ComplianceRefused("access_verdict_unknown", f"a verdict is one of {', '.join(VERDICTS)}")
    if alert.agent == by:
        raise ComplianceRefused("own_access", "nobody judges their own looks")
    text = said(note)
    if not judge_access(session, number, verdict, text, by, milliseconds(real_now())):  # type: ignore[arg-type]
        raise ComplianceRefused("access_judged", f"alert {number} is judged already, by {alert.judged_by}")
    audit.record(session, by, "compliance.judge", detail={"access": number, "agent": alert.agent, "verdict": verdict})
    found = get_access_alert(session, number)
    assert found is not None
    return found
