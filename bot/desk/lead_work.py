"""A lead's look at the database: read in one go, counted, and noted in the audit. Blocking: call it in a thread."""

from __future__ import annotations

from collections.abc import Mapping

from actions.handoff.ownership import OTHER_CAUSE
from actions.knowledge.handoffs import QueueBriefing
from actions.knowledge.model import Knowledge
from actions.knowledge.store import KnowledgeStore
from actions.masking import mask
from actions.state import audit, reporting
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.opinions import opinions
from bot.desk.lead_numbers import LeadReport, Period, ReportRows, report_of
from bot.desk.lead_opinions import with_opinions
from bot.desk.lead_panels import Panels
from bot.staff.looks import Looks
from bot.staff.sessions import Agent

_MOST_TEXTS = 2000


class LeadWork:
    """What a lead sees.

    Args:
        database: where handoffs and conversations are.
        knowledge: titles of reasons, causes and queues.
        panels: titles of what was not understood.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, panels: Panels) -> None:
        self._database = database
        self._knowledge = knowledge
        self._panels = panels
        self._looks = Looks()

    def note(self, agent: Agent, what: str, period: Period) -> None:
        """Audits what is taken along, or looked at."""
        with self._database.session() as session:
            audit.record(session, agent.name, f"desk.{what}", detail={"from": f"{period.first}", "to": f"{period.last}"})

    def note_look(self, agent: Agent, period: Period) -> None:
        """Audits a look at the numbers: a page and its plots are one, but a plot that is opened by itself is one too."""
        if self._looks.is_new(agent.session, f"{period.first}", f"{period.last}"):
            self.note(agent, "lead", period)

    def report(self, period: Period) -> LeadReport:
        """The period in numbers."""
        now, span, missed = real_now(), (period.start, period.end), tuple(self._panels.missed)
        with self._database.session() as session:
            rows = ReportRows(
                open_cases=reporting.open_cases(session),
                handed_over=reporting.handed_over(session, *span),
                wrote=reporting.first_said(session, *span),
                resolved=reporting.first_resolved(session, *span),
                # Whoever was handed over late in the period was answered after it.
                agents_said=reporting.said_by_agents(session, period.start, max(now, period.end)),
                missed=reporting.intents(session, *span, missed),
                missed_texts=reporting.said_as(session, *span, missed, _MOST_TEXTS),
                scores=reporting.scores(session, *span),
            )
            found = opinions(session, *span)
        knowledge = self._knowledge.current

        def title_of(kind: str, name: str) -> str:
            return self._title(knowledge, kind, name)

        def masked(text: str) -> str:
            return mask(text).text

        return with_opinions(report_of(period, rows, now, title_of, masked), found, title_of, masked)

    def _title(self, knowledge: Knowledge, kind: str, name: str) -> str:
        if kind == "missed":
            return self._panels.missed[name]
        if kind == "other":
            return self._panels.spoken.get(name, self._panels.other)
        if kind == "topic":
            topic = knowledge.answers.topics.get(name)
            return topic.title if topic is not None else name
        if kind == "cause":
            known = knowledge.causes.get(name)
            return known.title if known is not None else self._panels.other if name == OTHER_CAUSE else name
        if kind == "reason":
            reason = knowledge.handoffs.get(name)
            return reason.agents.title if reason is not None else name
        queues: Mapping[str, QueueBriefing] = knowledge.briefing.queues  # type: ignore[assignment]
        return queues[name].title if name in queues else name
