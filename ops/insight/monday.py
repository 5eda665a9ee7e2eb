"""The worker's pass: the report of the week that is over, made once it is Monday and kept for the console; and the titles of now, noted for later."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.core.moments import today
from actions.core.observations import milliseconds
from actions.state import insight
from actions.state.columns import real_now
from actions.state.insight import InsightPlot, InsightReport
from ops.insight.periods import PeriodRefused, last_week, period_of, week_of
from ops.insight.titles import current_titles
from ops.worker import Surroundings


def make_weekly(here: Surroundings) -> str | None:
    """Notes titles, forgets old reports, and makes the last week's report unless it is there; the week if it was made."""
    now = real_now()
    with here.database.session() as session:
        insight.note_titles(session, milliseconds(now), current_titles(here.knowledge.current))
        insight.forget_reports(session, milliseconds(now - timedelta(days=here.settings.tally_days)))
        week = week_of(last_week(now).first)
        if insight.find_report(session, week) is not None:
            return None
    make_week(here, week, now)
    return week


def make_week(here: Surroundings, week: str, now: datetime) -> InsightReport:
    """Makes the report of a week and keeps it in the place of one that was made before.

    Raises:
        PeriodRefused: it names no week, or one that is not over.
    """
    # What puts sentences together is large, and needed once a week.
    from ops.insight.drawing import plots_of
    from ops.insight.report import Ground, make_report

    period = period_of(week)
    if period.end > today(now):
        raise PeriodRefused(f"{week} is not over; its report is made on {period.end}")
    # Reading may take a minute, and drawing some seconds: neither holds what turns write.
    with here.database.session() as session:
        data = make_report(Ground(session, here.knowledge.current, now), period)
    report = InsightReport(week, period.begins_at, period.ends_at, milliseconds(now), data)
    plots = [
        InsightPlot(week, f"{name}-{size}", theme, svg)
        for name, sizes in plots_of(data).items()
        for size, themes in sizes.items()
        for theme, svg in themes.items()
    ]
    with here.database.session() as session:
        insight.keep_report(session, report, plots)
    return report
