"""The console's places for incidents: the list, declaring one, and one of them with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from actions.core.moments import local
from actions.state.incident_reviews import find_review
from bot.channel.tokens import ROLE_OPERATOR
from bot.console.incident_forms import as_refusals, given_of
from bot.console.incident_views import IncidentViews, Premises
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown, Visit
from bot.console.today import Section
from ops.incidents import service
from ops.incidents.cases import reply_to_linked
from ops.incidents.reading import find_incident
from ops.incidents.service import COMPONENTS, SEVERITIES

OPERATORS = frozenset({ROLE_OPERATOR})
_CHANGES = ("stage", "eta", "notice", "severity", "affects", "internal")
_DECLARED = ("component", "severity", "affects", "eta", "notice", "internal", "from_alert", "draft")

Step = Callable[[Any, str, dict[str, Any], str], object]


class IncidentPlaces:
    """Makes the places.

    Args:
        premises: what incidents are read from and written to.
    """

    def __init__(self, premises: Premises) -> None:
        self._at = premises
        self._views = IncidentViews(premises)

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/incidents/<incident:str>"
        return (
            Place("incidents", "/incidents", self._list, self._declare, acted_by=OPERATORS, listed=True),
            Place("incident_new", "/incidents/new", self._new, seen_by=OPERATORS),
            Place("incident", one, self._one),
            Place("incident_updates", f"{one}/updates", act=self._update, acted_by=OPERATORS),
            Place("incident_resolve", f"{one}/resolve", self._before_resolving, self._resolve, OPERATORS, OPERATORS),
            Place("incident_withdraw", f"{one}/withdraw", self._before_withdrawing, self._withdraw, OPERATORS, OPERATORS),
            Place("incident_replies", f"{one}/replies", act=self._reply, acted_by=OPERATORS),
            Place("incident_review", f"{one}/review", self._review, seen_by=OPERATORS),
            Place("incident_orders", f"{one}/orders", self._orders, seen_by=OPERATORS),
        )

    @property
    def drafts(self) -> Section:
        """What today's page tells of incidents beside those that are open."""
        return Section("drafts", self._views.drafts)

    def _list(self, _visit: Visit) -> Shown:
        return Shown({"incidents": self._views.every()}, "incidents.html")

    def _new(self, visit: Visit) -> Shown:
        draft = visit.asked.get("draft")
        if draft is None:
            return self._form({})
        with as_refusals():
            found = self._views.one(draft)
        if found["stage"] != "draft":
            raise ConsoleRefused("stage_not_possible", possible=found["following"])
        scope = {name: value if isinstance(value, str) else "、".join(value) for name, value in found["affects"].items()}
        return self._form({**scope, **{name: found[name] or "" for name in ("component", "severity", "notice")}, "draft": draft})

    def _form(self, given: Mapping[str, Any], preview: Mapping[str, Any] | None = None) -> Shown:
        data = {
            "components": list(COMPONENTS),
            "severities": list(SEVERITIES),
            "labels": self._views.labels(),
            "names": self._views.names(),
            "customers": self._views.customers(),
            "preview": preview,
            "now": self._views.now(),
        }
        return Shown(data, "incident_new.html", {"given": dict(given)})

    def _declare(self, visit: Visit) -> Done | Shown | Returned:
        try:
            given = given_of(visit.given)
            what = {name: value for name, value in given.items() if name in _DECLARED and value != ""}
            what["by"] = visit.who.name
            with as_refusals():
                if visit.given.get("preview"):
                    return self._form(visit.given, self._views.tried(given.get("customer", ""), what))
                with self._at.database.session() as session:
                    incident = service.declare(session, self._views.knowledge, self._at.clock(session), **what)
        except ConsoleRefused as refused:
            return Returned(refused, self._form(visit.given))
        return Done(f"/incidents/{incident}", {"id": incident}, 201)

    def _one(self, visit: Visit) -> Shown | Returned:
        incident, customer = visit.parts["incident"], visit.asked.get("customer")
        try:
            with as_refusals():
                return self._page(self._views.one(incident, customer), {"customer": customer or ""})
        except ConsoleRefused as refused:
            if refused.name != "unknown_customer":
                raise
            return Returned(refused, self._page(self._views.one(incident), {"customer": customer or ""}))

    def _page(self, found: Mapping[str, Any], given: Mapping[str, Any]) -> Shown:
        steps = [{**note, **{name: _written(note[name]) for name in ("at", "eta") if note.get(name)}} for note in found["notes"]]
        words = {"given": dict(given), "customers": self._views.customers(), "labels": self._views.labels(), "steps": steps}
        words["names"] = self._views.names()
        return Shown(found, "incident.html", words)

    def _update(self, visit: Visit) -> Done | Returned:
        def step(session: Any, incident: str, given: dict[str, Any], by: str) -> None:
            changes = {name: value for name, value in given.items() if name in _CHANGES and (value != "" or name in ("eta", "notice"))}
            service.update(session, self._views.knowledge, self._at.clock(session), incident, **changes, by=by)

        return self._step(visit, step)

    def _before_resolving(self, visit: Visit) -> Shown:
        return self._ending(visit, "resolved")

    def _before_withdrawing(self, visit: Visit) -> Shown:
        return self._ending(visit, "withdrawn")

    def _ending(self, visit: Visit, wanted: str) -> Shown:
        with as_refusals():
            return Shown(self._views.ending(visit.parts["incident"], wanted), "incident_end.html", {"wanted": wanted})

    def _resolve(self, visit: Visit) -> Done | Returned:
        def step(session: Any, incident: str, given: dict[str, Any], by: str) -> None:
            said = {name: given.get(name) or None for name in ("notice", "internal")}
            service.resolve(session, self._views.knowledge, self._at.clock(session), incident, **said, by=by)

        return self._step(visit, step)

    def _withdraw(self, visit: Visit) -> Done | Returned:
        def step(session: Any, incident: str, given: dict[str, Any], by: str) -> None:
            internal = given.get("internal") or None
            service.withdraw(session, self._views.knowledge, self._at.clock(session), incident, internal=internal, by=by)

        return self._step(visit, step)

    def _reply(self, visit: Visit) -> Done | Returned:
        def step(session: Any, incident: str, given: dict[str, Any], by: str) -> None:
            find_incident(session, incident, self._at.clock(session))
            if not reply_to_linked(session, self._views.knowledge, incident, given.get("text", ""), by):
                raise ConsoleRefused("no_linked_cases" if given.get("text", "").strip() else "nothing_written")

        return self._step(visit, step)

    def _orders(self, visit: Visit) -> Download:
        with as_refusals():
            found = self._views.at_risk(visit.parts["incident"])
        return Download(found.to_csv().encode("utf-8-sig"), "text/csv; charset=utf-8", f"orders-{visit.parts['incident']}.csv")

    def _review(self, visit: Visit) -> Download:
        incident = visit.parts["incident"]
        with as_refusals(), self._at.database.session() as session:
            find_incident(session, incident, self._at.clock(session))
            found = find_review(session, incident)
        if found is None:
            raise ConsoleRefused("not_reviewed")
        return Download(found.html.encode(), "text/html; charset=utf-8", f"review-{incident}.html")

    def _step(self, visit: Visit, step: Step) -> Done | Returned:
        incident = visit.parts["incident"]
        try:
            with as_refusals():
                given = given_of(visit.given)
                with self._at.database.session() as session:
                    step(session, incident, given, visit.who.name)
        except ConsoleRefused as refused:
            if refused.name == "unknown_incident":
                raise
            return Returned(refused, self._page(self._views.one(incident), visit.given))
        return Done(f"/incidents/{incident}", {"id": incident, "stage": self._views.one(incident)["stage"]})


def _written(milliseconds: int) -> str:
    return local(datetime.fromtimestamp(milliseconds / 1000, timezone.utc)).isoformat()
