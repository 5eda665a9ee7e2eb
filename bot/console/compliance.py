"""The places of compliance: clocks of complaints, looks that auditors judge, how long everything is kept, and the monthly reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.core.observations import milliseconds
from actions.knowledge.store import KnowledgeStore
from actions.settings import Settings
from actions.state.access_alerts import access_alerts, open_access_alerts
from actions.state.answer_clocks import clocks_between
from actions.state.columns import real_now
from actions.state.compliance_reports import KeptReport, find_report, kept_months
from actions.state.database import Database
from actions.state.retention import retentions
from actions.state.world.tables import TABLES
from bot.channel.tokens import ROLE_APPROVER, ROLE_AUDITOR, ROLE_OPERATOR
from bot.console.obligations import as_console_refusals
from bot.console.places import ConsoleRefused, Done, Download, Place, Returned, Shown, Visit
from bot.console.today import Item, Section
from ops.compliance import clocks
from ops.compliance.judging import access_data, judge
from ops.compliance.report import PART_OF_CLOCKS
from ops.compliance.reporting import compliance_texts
from ops.compliance.words import LONGEST, SHORTEST

_AUDITORS = frozenset({ROLE_AUDITOR})
_MOVERS = frozenset({ROLE_OPERATOR, ROLE_APPROVER})
_TALLIED_DAYS, _ALERT_DAYS = 90, 90


class CompliancePlaces:
    """Makes the places.

    Args:
        database: where everything is.
        knowledge: reasons and their days.
        settings: days of retention.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, settings: Settings) -> None:
        self._database = database
        self._knowledge = knowledge
        self._settings = settings

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        month = "/compliance/<month:str>"
        return (
            Place("compliance", "/compliance", self._overview, listed=True),
            Place("retention", "/compliance/retention", self._retention),
            Place("compliance_report", month, self._report),
            Place("compliance_file", f"{month}/file", self._file),
            Place("clock_extend", "/compliance/clocks/<id:str>/extend", act=self._extend, acted_by=_MOVERS),
            Place("access_verdict", "/compliance/accesses/<id:str>/verdict", act=self._judge, acted_by=_AUDITORS),
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        """What stands on the console's first page."""
        return (Section("clocks", self._pressing), Section("accesses", self._accesses, _AUDITORS))

    def _overview(self, visit: Visit) -> Shown:
        return self._page(visit, {})

    def _page(self, visit: Visit, given: Mapping[str, Any]) -> Shown:
        knowledge, now = self._knowledge.current, milliseconds(real_now())
        audits = not visit.who.roles.isdisjoint(_AUDITORS)
        with self._database.session() as session:
            running = [each.to_data() for each in clocks.open_clocks(session, knowledge, now)]
            past = clocks.tallied(clocks_between(session, now - _TALLIED_DAYS * clocks.DAY, now + 1), now)
            months = [{"month": name, "made_at": clocks.shown(at), "whole": whole} for name, (at, whole) in kept_months(session).items()]
            seen = [access_data(each) for each in access_alerts(session, now - _ALERT_DAYS * clocks.DAY)] if audits else None
        data = {
            "clocks": running,
            "days": {"tallied": _TALLIED_DAYS, "alerts": _ALERT_DAYS},
            "tally": [
                {"kind": kind, "title": knowledge.handoffs[kind].agents.title, "days": list(days), **_of_kind(past.get(kind, {}))}
                for kind, days in knowledge.answer_days.items()
            ],
            "months": months,
            **({} if seen is None else {"accesses": seen}),
        }
        acts = not visit.who.roles.isdisjoint(_MOVERS)
        words = {"said": compliance_texts(), "given": given, "acts": acts, "shortest": SHORTEST, "longest": LONGEST}
        return Shown(data, "compliance.html", words)

    def _retention(self, _visit: Visit) -> Shown:
        tables = [
            {"table": each.table, "of": each.of, "by": each.by, "days": each.days_under(self._settings), "why": each.why}
            | {"setting": None if each.setting is None else Settings.variable(each.setting)}
            for each in retentions().values()
        ]
        return Shown(
            {"tables": tables, "world": sorted(table.name for table in TABLES.values())}, "retention.html", {"said": compliance_texts()}
        )

    def _report(self, visit: Visit) -> Shown:
        found = self._found(visit)
        return Shown(found.data, "compliance_report.html", {"said": compliance_texts()})

    def _file(self, visit: Visit) -> Download:
        found = self._found(visit)
        return Download(found.html.encode(), "text/html; charset=utf-8", f"compliance-{found.month}.html")

    def _found(self, visit: Visit) -> KeptReport:
        with self._database.session() as session:
            found = find_report(session, visit.parts["month"])
        if found is None:
            raise ConsoleRefused("not_reported")
        return found

    def _extend(self, visit: Visit) -> Done | Returned:
        return self._done(
            visit, lambda session: clocks.extend(session, self._knowledge.current, _number(visit), _note(visit), visit.who.name).to_data()
        )

    def _judge(self, visit: Visit) -> Done | Returned:
        verdict = visit.given.get("verdict")
        return self._done(visit, lambda session: access_data(judge(session, _number(visit), verdict, _note(visit), visit.who.name)))

    def _done(self, visit: Visit, step: Any) -> Done | Returned:
        try:
            with as_console_refusals(), self._database.session() as session:
                data = step(session)
        except ConsoleRefused as refused:
            if refused.name == "not_found":
                raise
            return Returned(refused, self._page(visit, {**visit.given, "id": visit.parts["id"]}))
        return Done("/compliance", data)

    def _pressing(self) -> Sequence[Item]:
        now = milliseconds(real_now())
        with self._database.session() as session:
            found = clocks.open_clocks(session, self._knowledge.current, now)
        return [
            {**each.to_data(), "link": f"/desk/cases/{each.row.clock.handoff_id}"} for each in found if each.state in ("soon", "missed")
        ]

    def _accesses(self) -> Sequence[Item]:
        with self._database.session() as session:
            return [{**access_data(each), "link": "/console/compliance"} for each in open_access_alerts(session)]


def _of_kind(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in ("received", *PART_OF_CLOCKS, "moved")}


def _note(visit: Visit) -> object:
    return visit.given.get("note")


def _number(visit: Visit) -> int:
    text = visit.parts["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ConsoleRefused("not_found")
    return int(text)
