"""The plot of an alert: how many customers a minute against what is ordinary, or which share of the census's panel is newly blocked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from sqlalchemy.orm import Session

from actions.state import census
from actions.state.alerts import AlertRow, minutes_of, now_millis, recent_alerts
from actions.state.plots import PLOTS, PlotTheme, drawn_at, forget_plots, keep_plot, plot_name
from actions.state.retention import kept_days
from actions.yaml_source import Source
from ops.plots.band_plot import SIZES, BandPlot, BandPoint, draw
from ops.stats.intervals import share
from ops.watch.settings import WatchSettings, read_watch_settings
from ops.worker import Surroundings

_THEMES: tuple[PlotTheme, ...] = get_args(PlotTheme)
_DAY = 24 * 3_600_000
_LATELY = 7 * _DAY
_AT_ONCE = 2
"""Alerts of one pass; each is drawn for day and night, wide and narrow, which takes about a second; what else is due waits meanwhile."""
_MOST_POINTS = 6 * 60
_AROUND = 2 * 3_600_000
"""Milliseconds of the census that are shown before an alert's begin."""


def draw_alerts(here: Surroundings) -> int:
    """Draws the alerts of which something has become known since they were drawn; returns how many."""
    words: Mapping[str, str] = Source.read(Path(__file__).with_suffix(".yml")).data
    now = now_millis()
    with here.database.session() as session:
        done = drawn_at(session)
        given = read_watch_settings()
        wanted = [alert for alert in recent_alerts(session, now - _LATELY) if alert.seen_at > done.get(plot_name(alert.id, "wide"), 0)]
        plots = [(alert, plot) for alert in wanted[:_AT_ONCE] if (plot := _plot(session, alert, given, words)) is not None]
    for alert, plot in plots:
        data = {"unit": plot.unit, "points": [asdict(point) for point in plot.points]}
        drawn = {size: {theme: draw(plot, theme, size) for theme in _THEMES} for size in SIZES}
        with here.database.session() as session:
            for size, documents in drawn.items():
                keep_plot(session, plot_name(alert.id, size), documents, data, alert.seen_at)
            forget_plots(session, now - kept_days(PLOTS.name) * _DAY)
    return len(plots)


def _plot(session: Session, alert: AlertRow, given: WatchSettings, words: Mapping[str, str]) -> BandPlot | None:
    by_census = alert.source == "census"
    points = _shares(session, alert) if by_census else _counts(session, alert)
    if not points:
        return None
    return BandPlot(
        points[-_MOST_POINTS:],
        words["percent" if by_census else "customers"],
        words["observed"],
        words["interval" if by_census else "band"],
        words["expected"],
        words["limit"],
        words["opened"],
        alert.opened_at,
        100 * given.census.share if by_census else None,
        whole=not by_census,
    )


def _counts(session: Session, alert: AlertRow) -> Sequence[BandPoint]:
    return [BandPoint(each.at, each.observed, each.low, each.high, each.expected) for each in minutes_of(session, alert.id)]


def _shares(session: Session, alert: AlertRow) -> Sequence[BandPoint]:
    newly = alert.detail["census"]["newly"]
    kind = newly[0]["kind"] if newly else "item"
    points: list[BandPoint] = []
    for look in census.looks(session, alert.since - _AROUND, alert.seen_at):
        population = look.outcome.get(kind)
        if population:
            hits = next((row["hits"] for row in population["newly"] if row["cause"] == alert.streams[0]), 0)
            low, high = share(hits, population["of"])
            points.append(BandPoint(look.at, 100 * hits / population["of"], 100 * low, 100 * high))
    return points
