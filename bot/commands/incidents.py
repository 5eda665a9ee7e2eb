"""What ``baitiao incident`` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

from sqlalchemy.orm import Session

from actions.bootstrap import Application
from actions.state import incident_waits
from actions.state.alerts import get_alert
from actions.state.incidents import cases_of
from bot.commands import OPERATOR, Refusal, opened
from ops.incidents import service
from ops.incidents.at_risk import orders_at_risk
from ops.incidents.reading import IncidentView, every_incident, find_incident
from ops.incidents.refusals import IncidentRefused
from ops.incidents.scope import names_in
from ops.watch.alerts import instant

Scope = dict[str, Any]


def scope_of(
    regions: list[str], merchants: list[str], categories: list[str], channels: list[str], app_below: str | None, everybody: bool = False
) -> Scope | None:
    """A scope in file form; None where nothing is said of it.

    Raises:
        Refusal: it is to hold for everybody and for some.
    """
    given: Scope = {"regions": regions, "merchants": merchants, "categories": categories, "channels": channels, "app_below": app_below}
    named = {name: value for name, value in given.items() if value}
    if everybody and named:
        raise Refusal("--everybody leaves no room for a region, merchant, category, channel or app version")
    return named or ({} if everybody else None)


def declare(
    component: str | None,
    severity: str | None,
    scope: Scope | None,
    eta: str | None,
    notice: str | None,
    internal: str | None,
    from_alert: str | None,
    draft: str | None,
) -> str:
    """Declares; the id.

    Raises:
        Refusal: it is not possible, and why.
    """
    with _at_work() as (here, session):
        if from_alert is not None:
            alert = get_alert(session, from_alert)
            if alert is None:
                raise Refusal(f"there is no alert {from_alert}")
            draft = draft or alert.draft
        return service.declare(
            session,
            here.knowledge.current,
            here.world_now(session),
            component=component,
            severity=severity,
            affects=scope,
            eta=eta,
            notice=notice,
            internal=internal,
            from_alert=from_alert,
            draft=draft,
            by=OPERATOR,
        )


def update(
    incident: str,
    stage: str | None,
    severity: str | None,
    scope: Scope | None,
    eta: str | None,
    notice: str | None,
    internal: str | None,
) -> dict[str, Any]:
    """Changes an incident; it afterwards, as ``listed`` has it.

    Raises:
        Refusal: it is not possible, and why.
    """
    if all(each is None for each in (stage, severity, scope, eta, notice, internal)):
        raise Refusal("say what changes: --stage, --eta, --notice, --severity, --internal or a scope")
    with _at_work() as (here, session):
        changes = {"stage": stage, "severity": severity, "affects": scope, "eta": eta, "notice": notice, "internal": internal}
        knowledge, now = here.knowledge.current, here.world_now(session)
        return _named(session, service.update(session, knowledge, now, incident, **changes, by=OPERATOR))  # type: ignore[arg-type]


def listed(all_: bool) -> list[dict[str, Any]]:
    """Drafts and open incidents, or every one, each with the names of the shops and categories of its scope."""
    with _at_work() as (here, session):
        views = every_incident(session, here.world_now(session))
        return [_named(session, view) for view in views if all_ or view.is_open or view.stage == "draft"]


def shown(incident: str) -> tuple[dict[str, Any], str]:
    """Everything about one incident, and its orders at risk as CSV.

    Raises:
        Refusal: there is none of that id.
    """
    with _at_work() as (here, session):
        now = here.world_now(session)
        view = find_incident(session, incident, now)
        counts = incident_waits.counts(session, incident)
        cases = [{"handoff": each.handoff_id, "outcome": each.outcome} for each in cases_of(session, incident)]
        data = {**_named(session, view), "waiting": counts["open"], "told": counts["claimed"], "cases": cases, "at_risk": None}
        if view.row is None or not view.is_open:
            return data, ""
        risk = orders_at_risk(session, here.facts(session), view.row, now)
        return {**data, "at_risk": risk.to_data()}, risk.to_csv()


def reviewed(incident: str, form: str) -> str:
    """The drafted review.

    Raises:
        Refusal: there is no such incident, or no such form.
    """
    from ops.incidents.review import ReviewFormat, review

    if form not in get_args(ReviewFormat):
        raise Refusal(f"--format is one of {', '.join(get_args(ReviewFormat))}, not {form}")
    with _at_work() as (here, session):
        now = here.world_now(session)
        view = find_incident(session, incident, now)
        return review(session, here.knowledge.current, here.facts(session), view, now, form)  # type: ignore[arg-type]


def line(data: dict[str, Any]) -> str:
    """An incident in one line for people."""
    parts = [data["id"], data["stage"], _what(data), _scope(data)]
    parts += [f"since {data['started_at']}"] if data["started_at"] else []
    parts += [f"until {data['eta']}"] if data["eta"] else []
    parts += [f"{data['outside']} outside the console"] if data["outside"] else []
    return " · ".join(parts)


def lines(data: dict[str, Any]) -> Iterator[str]:
    """Everything about an incident for people."""
    yield f"{data['id']}: {data['stage']}, {_what(data)}, {_scope(data)}"
    yield f"notice: {data['notice'] or '-'}"
    yield f"since {data['started_at'] or '-'}, expected until {data['eta'] or 'nobody knows'}, ended {data['resolved_at'] or '-'}"
    yield f"{data['waiting']} wait, {data['told']} told, {len(data['cases'])} linked cases"
    if data["at_risk"] is not None:
        yield f"{data['at_risk']['count']} orders at risk until {data['at_risk']['until']}, {data['at_risk']['amount']} yuan"
    for note in data["notes"]:
        told = [str(note[name]) for name in ("public", "internal") if note.get(name)]
        said = "; ".join([*_changed(note, data["named"]), *told])
        yield f"  {instant(note['at'] / 1000)} {note['stage']} by {note['by']}{': ' + said if said else ''}"


@contextmanager
def _at_work() -> Iterator[tuple[Application, Session]]:
    here = opened()
    try:
        with here.database.session() as session:
            yield here, session
    except IncidentRefused as error:
        raise Refusal(error.reason) from None


def _named(session: Session, view: IncidentView) -> dict[str, Any]:
    data = view.to_data()
    scopes = [data["affects"], *(note.get("affects") or {} for note in data["notes"])]
    return {**data, "named": names_in(session, *scopes)}


def _what(data: dict[str, Any]) -> str:
    return f"{data['component'] or '?'} {data['severity'] or '?'}"


def _changed(note: dict[str, Any], named: dict[str, str]) -> Iterator[str]:
    """What a step has changed beside its stage and its words."""
    if note.get("component"):
        yield str(note["component"])
    if note.get("severity"):
        yield str(note["severity"])
    if "affects" in note:
        yield _scope({"affects": note["affects"], "named": named})
    if "eta" in note:
        yield f"expected until {'nobody knows' if note['eta'] is None else instant(note['eta'] / 1000)}"


def _scope(data: dict[str, Any]) -> str:
    """The scope with the names beside the ids that nobody knows by heart."""
    return " ".join(f"{name}={_listed(value, data['named'])}" for name, value in data["affects"].items()) or "everybody"


def _listed(value: Any, named: dict[str, str]) -> str:
    if not isinstance(value, list):
        return str(value)
    return ",".join(f"{named[each]} ({each})" if each in named else each for each in value)
