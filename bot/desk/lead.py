"""A lead's pages: numbers of a period, a plot of each table as an image, and each table as CSV."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import date, timedelta
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from actions.core.moments import local, today
from actions.state.columns import real_now
from actions.threads import reading, writing
from bot.desk.forms import DeskRefused
from bot.desk.lead_numbers import LONGEST_PERIOD, LeadReport, Period
from bot.desk.lead_panels import Panel, Panels
from bot.desk.lead_plots import NARROW, WIDE, style_policy, svg
from bot.desk.lead_work import LeadWork
from bot.staff.rooms import Frame
from bot.staff.sessions import Agent
from bot.web.responses import NOT_KEPT

LEAD_PATH = "/desk/lead"
CHOICES = (1, 7, 30)
"""Days back, today included."""
_USUAL = 7
_FRESH_SECONDS = 20.0
"""For so long a page, its plots and its tables are counted once."""
_MOST_HELD = 8
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class LeadPages:
    """The routes below ``/desk/lead``.

    Args:
        work: the database.
        panels: what is shown.
    """

    def __init__(self, work: LeadWork, panels: Panels) -> None:
        self._work = work
        self._panels = panels
        self._held: dict[Period, tuple[float, asyncio.Task[LeadReport]]] = {}

    def add_to(self, app: Any, frame: Frame) -> None:
        """Adds the routes."""
        self._frame = frame
        app.add_route(frame.page(self._page), LEAD_PATH, name="desk_lead")
        app.add_route(frame.page(self._plot), f"{LEAD_PATH}/plots/<name:str>", name="desk_lead_plot")
        app.add_route(frame.page(self._table), f"{LEAD_PATH}/tables/<name:str>", name="desk_lead_table")

    async def _page(self, request: Request, agent: Agent) -> HTTPResponse:
        period = self._asked(request, agent)
        report = await self._report(period)
        await writing(self._work.note_look, agent, period)
        return self._frame.render(
            "lead.html",
            agent,
            report=report,
            panels=self._panels,
            period=period,
            choices=CHOICES,
            longest=LONGEST_PERIOD,
            today=today(real_now()),
            made_at=local(report.made_at).isoformat(timespec="minutes"),
            asked=f"from={period.first}&to={period.last}",
            sizes=(WIDE, NARROW),
        )

    async def _plot(self, request: Request, agent: Agent, name: str) -> HTTPResponse:
        period, panel = self._asked(request, agent), self._panel(name)
        report = await self._report(period)
        await writing(self._work.note_look, agent, period)
        drawn = svg(self._panels.plot(panel, report, f"{period.first} – {period.last}"), NARROW if "narrow" in request.args else WIDE)
        headers = {**NOT_KEPT, "Content-Security-Policy": style_policy()}
        return raw(drawn, headers=headers, content_type="image/svg+xml")

    async def _table(self, request: Request, agent: Agent, name: str) -> HTTPResponse:
        period, panel = self._asked(request, agent), self._panel(name)
        report = await self._report(period)
        await writing(self._work.note, agent, f"lead_{panel.name}", period)
        headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{panel.name}-{period.first}-{period.last}.csv"'}
        return raw(self._panels.csv(panel, report.tables[panel.name]), headers=headers, content_type="text/csv; charset=utf-8")

    def _asked(self, request: Request, agent: Agent) -> Period:
        if not agent.is_lead:
            raise DeskRefused("not_lead", 403)
        now = today(real_now())
        first, last = request.args.get("from"), request.args.get("to")
        if first is None and last is None:
            days = request.args.get("days", f"{_USUAL}")
            if days not in map(str, CHOICES):
                raise DeskRefused("period", 422)
            return Period(now - timedelta(days=int(days) - 1), now)
        try:
            period = Period(_day(first), _day(last))
        except (ValueError, TypeError):
            raise DeskRefused("period", 422) from None
        # Nobody's numbers lie before the year in which all this began, and calendars end.
        if not 1 <= period.days <= LONGEST_PERIOD or period.last > now or period.first.year < 2000:
            raise DeskRefused("period", 422)
        return period

    def _panel(self, name: str) -> Panel:
        if name not in self._panels.panels:
            raise DeskRefused("not_found", 404)
        return self._panels.panels[name]

    async def _report(self, period: Period) -> LeadReport:
        now = time.monotonic()
        self._held = {key: held for key, held in self._held.items() if now - held[0] < _FRESH_SECONDS}
        if period not in self._held:
            if len(self._held) >= _MOST_HELD:
                self._held.pop(next(iter(self._held)))
            self._held[period] = now, asyncio.ensure_future(reading(self._work.report, period))
        task = self._held[period][1]
        try:
            # Who goes away must not take it from the others who wait for it.
            return await asyncio.shield(task)
        except asyncio.TimeoutError:
            self._held.pop(period, None)
            raise DeskRefused("slow", 503) from None
        except Exception:
            self._held.pop(period, None)
            raise


def _day(text: str | None) -> date:
    if text is None or not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
