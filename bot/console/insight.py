"""The places of insight: the weeks, each with the report that the worker has made, who takes care of what, and the way to real cases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.core.signs import cleaned
from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state import audit, insight, references
from actions.state.database import Database
from actions.state.insight import WORK_STATES, InsightReport
from bot.channel.tokens import ROLE_ANALYST, ROLE_AUTHOR, ROLE_OPERATOR
from bot.console.alert_reading import instant
from bot.console.conversation import LONGEST_REASON, READERS, SHORTEST_REASON, not_for_analysts, reason_of
from bot.console.places import ConsoleRefused, Done, Download, Place, Shown, Visit
from bot.console.today import Item, Section
from ops.insight.cases import cases_of
from ops.insight.drilling import places_in
from ops.insight.periods import period_of
from ops.insight.showing import changed, percent, shown, words

_MENDERS = frozenset({ROLE_ANALYST, ROLE_AUTHOR, ROLE_OPERATOR})
"""Who may say who takes care of what."""
_LONGEST_OWNER = 40
_TOP = 3


class InsightPlaces:
    """What the console shows and does about insight. Blocking: call it in a thread.

    Args:
        database: where reports are kept.
        knowledge: for what claims name.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database = database
        self._knowledge = knowledge

    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/insight/<week:str>"
        return (
            Place("insight", "/insight", self._list, listed=True),
            Place("insight_week", one, self._one),
            Place("insight_plot", f"{one}/plot/<drawing:str>", self._plot, audited=False),
            Place("insight_work", f"{one}/work", act=self._take, acted_by=_MENDERS),
            Place("insight_cases", f"{one}/cases", act=self._cases, acted_by=READERS),
        )

    def section(self) -> Section:
        """What stands on the console's first page."""
        return Section("insight", self._newest)

    def _list(self, visit: Visit) -> Shown:
        with self._database.session() as session:
            weeks = [{"week": week, "made_at": instant(made_at)} for week, made_at in insight.weeks(session)]
            newest = None if not weeks else insight.find_report(session, str(weeks[0]["week"]))
            data = {"weeks": weeks, "newest": None if newest is None else _summary(newest)}
        return Shown(data, "insights.html", {"shown": shown})

    def _newest(self) -> list[Item]:
        with self._database.session() as session:
            weeks = insight.weeks(session)
            newest = insight.find_report(session, weeks[0][0]) if weeks else None
        return [] if newest is None else [_summary(newest)]

    def _one(self, visit: Visit) -> Shown:
        with self._database.session() as session:
            return self._page(session, visit, _report(session, visit))

    def _page(self, session: Session, visit: Visit, report: InsightReport, cases: Any = None, place: str | None = None) -> Shown:
        data = {**report.data, "week": report.week}
        if "work" in data:
            # Who takes care of what is told as it is now; everything else as it was.
            taken = insight.work_states(session)
            data["work"] = [
                {**item, "state": cared.state, "owner": cared.owner} if (cared := taken.get(item["place"])) else item
                for item in data["work"]
            ]
        if cases is not None:
            data["cases"] = {"place": place, "references": cases}
        roles = visit.who.roles
        return Shown(
            data,
            "insight.html",
            {
                "words": words(),
                "plots": insight.drawn_names(session, report.week),
                "source": lambda name: f"/console/insight/{report.week}/plot/{name}?at={report.made_at}",
                "shown": shown,
                "changed": changed,
                "percent": percent,
                "acts": not roles.isdisjoint(_MENDERS),
                "reads": not roles.isdisjoint(READERS) and ROLE_ANALYST not in roles,
                "states": WORK_STATES,
                "shortest": SHORTEST_REASON,
                "longest": LONGEST_REASON,
                "most": _LONGEST_OWNER,
            },
        )

    def _plot(self, visit: Visit) -> Download:
        name, _, theme = visit.parts["drawing"].rpartition("-")
        with self._database.session() as session:
            svg = insight.find_drawing(session, visit.parts["week"], name, theme)
        if svg is None:
            raise ConsoleRefused("not_found")
        return Download(svg.encode(), "image/svg+xml", f"{visit.parts['week']}-{name}-{theme}.svg")

    def _take(self, visit: Visit) -> Done:
        place, state, owner = (visit.given.get(name) for name in ("place", "state", "owner"))
        said = cleaned(owner).strip() if isinstance(owner, str) else ""
        if state not in WORK_STATES or len(said) > _LONGEST_OWNER or mask(said).text != said:
            raise ConsoleRefused("work_state")
        with self._database.session() as session:
            _known_place(_report(session, visit), place)
            before = insight.work_states(session).get(str(place))
            insight.set_work(session, str(place), state, said, visit.who.name)
            detail = {
                "place": place,
                "before": None if before is None else {"state": before.state, "owner": before.owner},
                "after": {"state": state, "owner": said},
            }
            audit.record(session, visit.who.name, "insight.work", detail=detail)
        return Done(f"/insight/{visit.parts['week']}#{str(place).replace('/', '-')}", {"place": place, "state": state, "owner": said})

    def _cases(self, visit: Visit) -> Shown:
        not_for_analysts(visit)
        reason, place = reason_of(visit), visit.given.get("place")
        knowledge = self._knowledge.current
        with self._database.session() as session:
            report = _report(session, visit)
            _known_place(report, place, of_tables=True)
            users = cases_of(session, knowledge, period_of(report.week), str(place))
            for user in users:
                references.keep(session, user, references.new_reference())
            found = [references.find(session, user) for user in users]
            audit.record(session, visit.who.name, "insight.cases", detail={"place": place, audit.WORDS: reason, "shown": len(found)})
            return self._page(session, visit, report, found, str(place))


def _summary(report: InsightReport) -> dict[str, Any]:
    data = report.data
    work = [{name: item[name] for name in ("rank", "title", "per_week", "low", "high", "verdict")} for item in data.get("work", ())[:_TOP]]
    return {"week": report.week, "made_at": instant(report.made_at), "episodes": data["episodes"], "few": data["few"], "work": work}


def _report(session: Session, visit: Visit) -> InsightReport:
    found = insight.find_report(session, visit.parts["week"])
    if found is None:
        raise ConsoleRefused("no_report")
    return found


def _known_place(report: InsightReport, place: Any, of_tables: bool = False) -> None:
    listed = {item["place"] for item in report.data.get("work", ())}
    if place not in listed and (not of_tables or place not in places_in(report.data.get("tables", {}))):
        raise ConsoleRefused("unknown_place")
