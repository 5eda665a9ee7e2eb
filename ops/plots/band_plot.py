"""One kind of plot: a line over time, the band in which it would be ordinary, and the instant at which somebody was told.

Letters stay letters, which the browser draws in its own fonts; so a document has to be shown as a file, because the pages' policy refuses the
style attributes of one that stands in the page.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from actions.core.moments import SHANGHAI
from actions.state.plots import PlotTheme
from ops.palette import palette

SIZES: dict[str, tuple[int, int]] = {"wide": (720, 280), "narrow": (340, 260)}
"""Pixels on a desktop and on a phone, each drawn so that its letters are as large as the page's."""
_INCH = 96
"""Pixels; of points, in which the library counts, an inch has 72."""
_DAY = 24 * 3_600_000
_FEW = 4
"""Points below which each is marked."""
_ROOM = 10 / 1440
"""Days left free beside the first and the last of a few."""
_TICKS, _COLUMNS = {"wide": 8, "narrow": 5}, {"wide": 5, "narrow": 2}
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "baitiao", "font.family": "sans-serif", "font.size": 9.5}


@dataclass(frozen=True)
class BandPoint:
    """A point of the line.

    Attributes:
        at: epoch milliseconds.
        value: what was.
        low, high: the band.
        expected: what was to be expected, if anything.
    """

    at: int
    value: float
    low: float
    high: float
    expected: float | None = None


@dataclass(frozen=True)
class BandPlot:
    """What is drawn.

    Attributes:
        points: by time.
        unit: of the values.
        line, band, expected, limit, mark: what each is called in the legend.
        limit_at: a value that is drawn across; None: there is none.
        marked_at: epoch milliseconds of the instant that is marked.
        whole: whether values are counts, which have no halves.
    """

    points: Sequence[BandPoint]
    unit: str
    line: str
    band: str
    expected: str
    limit: str
    mark: str
    marked_at: int
    limit_at: float | None = None
    whole: bool = True


def draw(plot: BandPlot, theme: PlotTheme, size: str = "wide") -> str:
    """The plot as an SVG document.

    Args:
        plot: what is drawn.
        theme: in whose colours.
        size: one of ``SIZES``.
    """
    wide, tall = SIZES[size]
    colours = palette(theme)
    # What is measured is laid out with a font that lacks Chinese letters; the browser has one that does not.
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from current font", category=UserWarning)
        figure = Figure(figsize=(wide / _INCH, tall / _INCH), facecolor=colours["surface"], layout="constrained")
        axes = figure.add_subplot(facecolor=colours["surface"])
        at = [_day(point.at) for point in plot.points]
        few = len(at) < _FEW
        step = "post" if plot.whole and not few else None
        low, high = [point.low for point in plot.points], [point.high for point in plot.points]
        if few:
            # Between so few there is no line and no surface: each stands for itself.
            axes.vlines(at, low, high, color=colours["accent-soft"], label=plot.band, linewidth=12)
            axes.set_xlim(at[0] - _ROOM, at[-1] + _ROOM)
        else:
            axes.fill_between(at, low, high, step=step, color=colours["accent-soft"], label=plot.band, linewidth=0)
        if any(point.expected is not None for point in plot.points):
            axes.plot(
                at, [point.expected for point in plot.points], color=colours["muted"], linestyle="--", linewidth=1, label=plot.expected
            )
        axes.plot(
            at,
            [point.value for point in plot.points],
            color=colours["accent"],
            linewidth=2,
            label=plot.line,
            drawstyle=f"steps-{step}" if step else None,
            marker="o" if few else None,
        )
        if plot.limit_at is not None:
            axes.axhline(plot.limit_at, color=colours["warn"], linestyle="--", linewidth=1, label=plot.limit)
        if plot.points[0].at <= plot.marked_at <= plot.points[-1].at:
            axes.axvline(_day(plot.marked_at), color=colours["urgent"], linewidth=1.5, linestyle=":", label=plot.mark)
        axes.set_ylim(bottom=0)
        if not few:
            axes.margins(x=0.01)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=plot.whole))
        axes.xaxis.set_major_locator(AutoDateLocator(tz=SHANGHAI, minticks=2, maxticks=_TICKS[size]))
        axes.xaxis.set_major_formatter(DateFormatter("%H:%M" if _within_a_day(plot) else "%m-%d %H:%M", tz=SHANGHAI))
        axes.text(0, 1.02, plot.unit, color=colours["muted"], transform=axes.transAxes)
        axes.tick_params(colors=colours["muted"], length=0)
        axes.grid(axis="y", color=colours["line"], linewidth=1)
        axes.set_axisbelow(True)
        for side in axes.spines.values():
            side.set_visible(False)
        figure.legend(loc="outside upper left", ncols=_COLUMNS[size], frameon=False, labelcolor=colours["text"], columnspacing=4)
        written = StringIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _within_a_day(plot: BandPlot) -> bool:
    return plot.points[-1].at - plot.points[0].at <= _DAY


def _day(at: int) -> float:
    return float(date2num(datetime.fromtimestamp(at / 1000, SHANGHAI)))
