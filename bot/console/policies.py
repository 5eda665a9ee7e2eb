"""The console's places for policies: the register, one policy with its versions, a rehearsal, the calendar; four eyes between writing and approving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.platform import POLICY_FIELDS
from actions.core.policy_stages import RISKS
from bot.channel.tokens import CONSOLE_ROLES, ROLE_APPROVER, ROLE_AUTHOR
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown, Visit
from bot.console.policy_forms import LISTS, about_of, as_policy_refusals, body_of, number_of
from bot.console.policy_regions import PolicyRegions
from bot.console.policy_views import PolicyPremises, PolicyViews
from bot.console.today import Section
from ops.policies import asking, service

AUTHORS, APPROVERS = frozenset({ROLE_AUTHOR}), frozenset({ROLE_APPROVER})
BOTH = AUTHORS | APPROVERS

Step = Callable[[Session, datetime, str, Visit], object]


class PolicyPlaces:
    """Makes the places.

    Args:
        premises: what policies are read from and written to.
    """

    def __init__(self, premises: PolicyPremises) -> None:
        self._at = premises
        self._views = PolicyViews(premises)

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/policies/<policy:str>"
        return (
            Place("policies", "/policies", self._list, self._write, acted_by=AUTHORS, listed=True),
            Place("policy_new", "/policies/new", self._new, seen_by=AUTHORS),
            Place("policy_calendar", "/policies/calendar", self._calendar),
            Place("policy_feed", "/policies/calendar.ics", self._feed, audited=False),
            Place("policy", one, self._one),
            Place("policy_trial", "/policies/trial/<trial:str>", self._trial),
            *PolicyRegions(self._at).places,
            Place("policy_rehearse", f"{one}/trial", act=self._rehearse, acted_by=AUTHORS),
            Place("policy_submit", f"{one}/submit", act=self._submit, acted_by=AUTHORS),
            Place("policy_approve", f"{one}/approve", act=self._approve, acted_by=APPROVERS),
            Place("policy_return", f"{one}/return", act=self._send_back, acted_by=APPROVERS),
            Place("policy_withdraw", f"{one}/withdraw", act=self._withdraw, acted_by=BOTH),
        )

    @property
    def overdue(self) -> Section:
        """What today's page tells of policies in red."""
        return Section("policy_overdue", self._views.overdue)

    def _list(self, visit: Visit) -> Shown | Returned:
        known, on = visit.asked.get("known", ""), visit.asked.get("on", "")
        page = Shown({**self._views.every(), "believed": None}, "policies.html", {"asked": {"known": known, "on": on}})
        if not known and not on:
            return page
        try:
            return Shown({**page.data, "believed": self._views.believed(known, on)}, page.template, page.words)
        except ConsoleRefused as refused:
            return Returned(refused, page)

    def _new(self, visit: Visit) -> Shown:
        with as_policy_refusals():
            return self._form(self._views.form_for(visit.asked.get("kind"), visit.asked.get("supersedes")))

    def _form(self, given: Mapping[str, Any]) -> Shown:
        kind = str(given.get("kind") or "")
        fields = [name for name in POLICY_FIELDS.get(kind, ()) if name != "notice"]
        data = {"kinds": list(POLICY_FIELDS), "risks": list(RISKS), "owners": list(CONSOLE_ROLES), "fields": fields}
        return Shown(data, "policy_new.html", {"given": dict(given), "lists": LISTS})

    def _write(self, visit: Visit) -> Done | Returned:
        try:
            with as_policy_refusals():
                body, about = body_of(visit.given), about_of(visit.given)
                with self._at.database.session() as session:
                    version = service.write(session, self._at.clock(session), body=body, by=visit.who.name, **about)
        except ConsoleRefused as refused:
            return Returned(refused, self._form(visit.given))
        return Done(f"/policies/{version.policy}", {"id": version.policy, "version": version.version, "status": "draft"}, 201)

    def _one(self, visit: Visit) -> Shown:
        with as_policy_refusals():
            return self._page(visit)

    def _page(self, visit: Visit) -> Shown:
        roles = visit.who.roles
        words = {"writes": ROLE_AUTHOR in roles, "approves": ROLE_APPROVER in roles, "given": dict(visit.given)}
        return Shown(self._views.one(visit.parts["policy"]), "policy.html", words)

    def _trial(self, visit: Visit) -> Shown:
        with as_policy_refusals():
            return Shown(self._views.trial(visit.parts["trial"]), "policy_trial.html")

    def _calendar(self, visit: Visit) -> Shown:
        return Shown(self._views.calendar(visit.asked.get("month")), "policy_calendar.html")

    def _feed(self, visit: Visit) -> Download:
        return Download(self._views.ics(), "text/calendar; charset=utf-8", "baitiao-policies.ics")

    def _rehearse(self, visit: Visit) -> Done | Returned:
        def step(session: Session, now: datetime, policy: str, visit: Visit) -> str:
            day, number = str(visit.given.get("day") or "") or None, number_of(visit.given)
            return asking.ask(session, now, policy, by=visit.who.name, day=day, number=number)

        return self._step(visit, step, lambda trial: Done(f"/policies/trial/{trial}", {"trial": trial}, 201))

    def _submit(self, visit: Visit) -> Done | Returned:
        return self._decided(visit, lambda *given, **by: service.submit(given[0], self._at.knowledge.current, *given[1:], **by))

    def _approve(self, visit: Visit) -> Done | Returned:
        return self._decided(visit, lambda *given, **by: service.approve(given[0], self._at.knowledge.current, *given[1:], **by))

    def _send_back(self, visit: Visit) -> Done | Returned:
        reason = str(visit.given.get("reason") or "")
        return self._decided(visit, lambda *given, **by: service.send_back(*given, reason=reason, **by))

    def _withdraw(self, visit: Visit) -> Done | Returned:
        return self._decided(visit, service.withdraw)

    def _decided(self, visit: Visit, decide: Callable[..., Any]) -> Done | Returned:
        def step(session: Session, now: datetime, policy: str, visit: Visit) -> str:
            decide(session, now, policy, by=visit.who.name, number=number_of(visit.given))
            return policy

        return self._step(visit, step, self._told)

    def _told(self, policy: Any) -> Done:
        found = self._views.one(str(policy))
        return Done(f"/policies/{policy}", {"id": policy, "status": found["status"], "registration": found["registration"]})

    def _step(self, visit: Visit, step: Step, done: Callable[[Any], Done]) -> Done | Returned:
        policy = visit.parts["policy"]
        try:
            with as_policy_refusals(), self._at.database.session() as session:
                found = step(session, self._at.clock(session), policy, visit)
        except ConsoleRefused as refused:
            if refused.name in ("unknown_policy", "no_such_version"):
                raise
            return Returned(refused, self._page(visit))
        return done(found)
