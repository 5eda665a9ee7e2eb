"""What the insight reports need kept: the reports with their plots, who takes care of which item of work, and what things were called when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from actions.core.observations import milliseconds
from actions.state.columns import real_now, rows_as, table_of
from actions.state.plots import PlotTheme

WorkState = Literal["open", "doing", "done", "dropped"]
WORK_STATES: tuple[str, ...] = get_args(WorkState)


@dataclass(frozen=True)
class InsightReport:
    """A report of a week as it was made.

    Attributes:
        week: as ISO 8601 counts them, such as ``2026-W47``.
        begins, ends: epoch milliseconds; the end is the first instant after it.
        made_at: epoch milliseconds.
        data: everything that it says; titles are those of the time.
    """

    week: str
    begins: int
    ends: int
    made_at: int
    data: dict[str, Any]


@dataclass(frozen=True)
class InsightPlot:
    """One drawing of a report.

    Attributes:
        name: of the plot and its size, such as ``steps-wide``.
        theme: of the page that it stands on.
        svg: the document.
    """

    week: str
    name: str
    theme: PlotTheme
    svg: str


@dataclass(frozen=True)
class InsightWork:
    """Who takes care of one place that loses customers.

    Attributes:
        place: as reports call it, such as ``step/overdue/2``.
        owner: a person or a team, in their own words; empty while nobody does.
        by, at: who said so last, and when in epoch milliseconds.
    """

    place: str
    state: WorkState
    owner: str
    by: str
    at: int


@dataclass(frozen=True)
class InsightTitle:
    """What something was called.

    Attributes:
        name: of what, such as ``cause/overdue`` or ``step/overdue/2``.
        since: epoch milliseconds from when on, until the next row of that name.
    """

    name: str
    since: int
    title: str


REPORTS = table_of("insight_reports", InsightReport, key=("week",))
DRAWINGS = table_of("insight_plots", InsightPlot, key=("week", "name", "theme"))
WORK = table_of("insight_work", InsightWork, key=("place",))
TITLES = table_of("insight_titles", InsightTitle, key=("name", "since"))


def keep_report(session: Session, report: InsightReport, plots: Iterable[InsightPlot]) -> None:
    """Stores a week's report with its plots, in the place of one that was made before."""
    for table in (REPORTS, DRAWINGS):
        session.execute(delete(table).where(table.c.week == report.week))
    session.execute(insert(REPORTS).values(vars(report)))
    drawn = [vars(plot) for plot in plots]
    if drawn:
        session.execute(insert(DRAWINGS), drawn)


def find_report(session: Session, week: str) -> InsightReport | None:
    """The report of a week; None while there is none."""
    return next(iter(rows_as(InsightReport, session.execute(select(REPORTS).where(REPORTS.c.week == week)))), None)


def weeks(session: Session) -> tuple[tuple[str, int], ...]:
    """Every week that has a report with when it was made, the newest first."""
    rows = session.execute(select(REPORTS.c.week, REPORTS.c.made_at).order_by(REPORTS.c.begins.desc()))
    return tuple((str(row.week), int(row.made_at)) for row in rows)


def report_before(session: Session, begins: int) -> InsightReport | None:
    """The latest report of a week that was over by an instant in epoch milliseconds."""
    wanted = select(REPORTS).where(REPORTS.c.ends <= begins).order_by(REPORTS.c.begins.desc()).limit(1)
    return next(iter(rows_as(InsightReport, session.execute(wanted))), None)


def find_drawing(session: Session, week: str, name: str, theme: str) -> str | None:
    """A plot of a report as an SVG document."""
    wanted = select(DRAWINGS.c.svg).where(DRAWINGS.c.week == week, DRAWINGS.c.name == name, DRAWINGS.c.theme == theme)
    found: str | None = session.execute(wanted).scalar()
    return found


def drawn_names(session: Session, week: str) -> set[str]:
    """Which plots a report has, without their sizes."""
    names = session.execute(select(DRAWINGS.c.name).where(DRAWINGS.c.week == week)).scalars()
    return {name.rpartition("-")[0] for name in names}


def forget_reports(session: Session, before: int) -> int:
    """Deletes the reports of weeks that were over before an instant in epoch milliseconds; how many."""
    old = session.execute(select(REPORTS.c.week).where(REPORTS.c.ends < before)).scalars().all()
    for table in (DRAWINGS, REPORTS):
        session.execute(delete(table).where(table.c.week.in_(old)))
    return len(old)


def work_states(session: Session) -> dict[str, InsightWork]:
    """Who takes care of what, by place."""
    return {row.place: row for row in rows_as(InsightWork, session.execute(select(WORK)))}


def set_work(session: Session, place: str, state: WorkState, owner: str, by: str) -> None:
    """Says who takes care of a place, in the place of what was said before."""
    session.execute(delete(WORK).where(WORK.c.place == place))
    session.execute(insert(WORK).values(vars(InsightWork(place, state, owner, by, milliseconds(real_now())))))


def note_titles(session: Session, now: int, titles: Mapping[str, str]) -> int:
    """Writes down what is called otherwise than before; how much that is.

    Args:
        now: epoch milliseconds.
        titles: by name, as they are now.
    """
    known = titles_at(session, now)
    new = [vars(InsightTitle(name, now, title)) for name, title in titles.items() if known.get(name) != title]
    if new:
        session.execute(insert(TITLES), new)
    return len(new)


def titles_at(session: Session, at: int) -> dict[str, str]:
    """What everything was called at an instant in epoch milliseconds; what came later, by its first title."""
    rows = session.execute(select(TITLES).order_by(TITLES.c.since)).all()
    first: dict[str, str] = {}
    then: dict[str, str] = {}
    for row in rows:
        first.setdefault(row.name, row.title)
        if row.since <= at:
            then[row.name] = row.title
    return {**first, **then}
