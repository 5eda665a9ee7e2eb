"""The places of alerts: the list, each alert with its plot, and what people decide about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from sqlalchemy.orm import Session

from actions.knowledge.store import KnowledgeStore
from actions.state import audit
from actions.state.alerts import AlertRow, change_alert, now_millis, open_alerts
from actions.state.database import Database
from actions.state.plots import PlotTheme, find_plot, plot_name
from bot.channel.tokens import ROLE_ANALYST, ROLE_OPERATOR
from bot.console import alert_reading
from bot.console.conversation import LONGEST_REASON, READERS, SHORTEST_REASON, not_for_analysts, reason_of
from bot.console.places import ConsoleRefused, Done, Download, Place, Shown, Visit
from bot.console.today import Item, Section
from ops.incidents.service import make_draft
from ops.watch import decisions
from ops.watch.decisions import AlertRefused, known_alert
from ops.watch.settings import read_watch_settings

_OPERATORS = frozenset({ROLE_OPERATOR})
_SIZES = ("wide", "narrow")


class AlertPlaces:
    """What the console shows and does about alerts. Blocking: call it in a thread.

    Args:
        database: where they are kept.
        knowledge: what causes are called.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database = database
        self._knowledge = knowledge

    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/alerts/<id:str>"
        return (
            Place("alerts", "/alerts", self._list, listed=True),
            Place("alert", one, self._one),
            Place("alert_plot", f"{one}/plot/<drawing:str>", self._plot, audited=False),
            Place("alert_acknowledge", f"{one}/acknowledge", act=self._acknowledge, acted_by=_OPERATORS),
            Place("alert_verdict", f"{one}/verdict", act=self._judge, acted_by=_OPERATORS),
            Place("alert_silence", f"{one}/silence", act=self._silence, acted_by=_OPERATORS),
            Place("alert_draft", f"{one}/draft", act=self._draft, acted_by=_OPERATORS),
            Place("alert_samples", f"{one}/samples", act=self._samples, acted_by=READERS),
        )

    def sections(self) -> tuple[Section, ...]:
        """What stands on the console's first page."""
        return (Section("blind", self._blind), Section("alerts", self._open))

    def _list(self, visit: Visit) -> Shown:
        with self._database.session() as session:
            data, words = alert_reading.overview(session, self._knowledge.current, read_watch_settings(), now_millis())
        return Shown(data, "alerts.html", {"words": words})

    def _one(self, visit: Visit) -> Shown:
        with self._database.session() as session:
            return self._shown(session, visit, _known(session, visit))

    def _shown(self, session: Session, visit: Visit, row: AlertRow, **more: Any) -> Shown:
        data, words = alert_reading.detail(session, self._knowledge.current, row)
        acts = not visit.who.roles.isdisjoint(_OPERATORS)
        reads = not visit.who.roles.isdisjoint(READERS) and ROLE_ANALYST not in visit.who.roles
        known = {
            "words": words,
            "acts": acts,
            "reads": reads,
            "most_days": decisions.MOST_DAYS,
            "shortest": SHORTEST_REASON,
            "longest": LONGEST_REASON,
        }
        return Shown({**data, **more}, "alert.html", {**known, "samples": more.get("samples")})

    def _plot(self, visit: Visit) -> Download:
        size, _, theme = visit.parts["drawing"].partition("-")
        if size not in _SIZES or theme not in get_args(PlotTheme):
            raise ConsoleRefused("not_found")
        with self._database.session() as session:
            drawn = find_plot(session, plot_name(visit.parts["id"], size), theme)  # type: ignore[arg-type]
        if drawn is None:
            raise ConsoleRefused("not_found")
        return Download(drawn.svg.encode(), "image/svg+xml", f"{drawn.name}-{theme}.svg")

    def _acknowledge(self, visit: Visit) -> Done:
        return self._decided(visit, lambda session, alert: decisions.acknowledge(session, alert, visit.who.name))

    def _judge(self, visit: Visit) -> Done:
        verdict = str(visit.given.get("verdict", ""))
        return self._decided(visit, lambda session, alert: decisions.judge(session, alert, verdict, visit.who.name))

    def _silence(self, visit: Visit) -> Done:
        try:
            days = float(visit.given.get("days", ""))
        except (TypeError, ValueError):
            raise ConsoleRefused("silence_too_long") from None
        reason = str(visit.given.get("reason", ""))
        return self._decided(visit, lambda session, alert: decisions.silence(session, alert, days, reason, visit.who.name))

    def _draft(self, visit: Visit) -> Done:
        with self._database.session() as session:
            row = _known(session, visit)
            draft = row.draft or _drafted(session, row, visit.who.name)
        return Done(f"/incidents/new?draft={draft}", {"draft": draft})

    def _samples(self, visit: Visit) -> Shown:
        not_for_analysts(visit)
        reason = reason_of(visit)
        with self._database.session() as session:
            row = _known(session, visit)
            said = alert_reading.samples(session, row)
            detail = {"alert": row.id, audit.WORDS: reason, "shown": len(said)}
            audit.record(session, visit.who.name, "alert.samples", detail=detail)
            return self._shown(session, visit, row, samples=said)

    def _decided(self, visit: Visit, decide: Callable[[Session, str], object]) -> Done:
        alert = visit.parts["id"]
        with self._database.session() as session:
            try:
                decide(session, alert)
            except AlertRefused as refused:
                raise ConsoleRefused(refused.code.replace("-", "_")) from None
            data = alert_reading.detail(session, self._knowledge.current, known_alert(session, alert))[0]
        return Done(f"/alerts/{alert}", data)

    def _open(self) -> list[Item]:
        with self._database.session() as session:
            rows = tuple(row for row in open_alerts(session) if row.level == "alarm")
            words = alert_reading.words_for(session, self._knowledge.current, rows)
            return [alert_reading.summary(row, words) for row in rows]

    def _blind(self) -> list[Item]:
        with self._database.session() as session:
            return list(alert_reading.blind_warnings(session, self._knowledge.current, now_millis()))


def _known(session: Session, visit: Visit) -> AlertRow:
    try:
        return known_alert(session, visit.parts["id"])
    except AlertRefused:
        raise ConsoleRefused("not_found") from None


def _drafted(session: Session, row: AlertRow, by: str) -> str:
    """A draft of an alert that brought none, such as one of the machines' own monitoring."""
    evidence = {"alert": row.id, "streams": list(row.streams), "title": row.title, "since": row.since}
    draft = make_draft(
        session, component=None, severity=None, affects={}, notice=None, evidence=evidence, from_alert=row.id, by=by
    )  # fmt: skip
    change_alert(session, row.id, draft=draft)
    return draft
