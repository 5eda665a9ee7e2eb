"""Plots of a review: how many in every five minutes, as bars, or how many by then, as steps; also where there are only one or two of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import StringIO

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from actions.core.moments import SHANGHAI
from ops.palette import palette

BUCKET_MS = 5 * 60_000
_INCH = 96
_SIZE = (760, 240)
_DAY = 24 * 3_600_000
_ROOM = 2 * BUCKET_MS
"""What is free before the first and behind the last of everything, so that one bar alone does not fill the plot."""
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "baitiao", "font.family": "sans-serif", "font.size": 9.5}

Points = Sequence[tuple[int, int]]


def draw_review(points: Points, marks: Mapping[str, int], grown: bool) -> str:
    """A plot as an SVG document of its own.

    Args:
        points: epoch milliseconds at which five minutes begin, with how many in them, or instants with how many by then; by time, at least one.
        marks: instants that are named on it, in epoch milliseconds.
        grown: whether each value holds what was there before, too.
    """
    colours = palette("light")
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        # What is measured is laid out with a font that lacks Chinese letters; the browser has one that does not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from current font", category=UserWarning)
        figure = Figure(figsize=(_SIZE[0] / _INCH, _SIZE[1] / _INCH), facecolor=colours["surface"], layout="constrained")
        axes = figure.add_subplot(facecolor=colours["surface"])
        first, last = min(points[0][0], *marks.values(), points[0][0]), max(points[-1][0] + (0 if grown else BUCKET_MS), *marks.values(), 0)
        if grown:
            steps = [(first - _ROOM, 0), *points, (last + _ROOM, points[-1][1])]
            axes.step([_day(at) for at, _ in steps], [value for _, value in steps], where="post", color=colours["accent"], linewidth=2)
        else:
            wide = _day(BUCKET_MS) - _day(0)
            axes.bar([_day(at) for at, _ in points], [value for _, value in points], wide * 0.9, align="edge", color=colours["accent"])
        for number, (name, at) in enumerate(sorted(marks.items(), key=lambda mark: mark[1])):
            axes.axvline(_day(at), color=colours["urgent"], linewidth=1, linestyle="--")
            # Names of instants that lie close together stand below one another.
            place = {"xytext": (3, -3 - 12 * number), "textcoords": "offset points", "va": "top"}
            axes.annotate(name, (_day(at), 1), xycoords=("data", "axes fraction"), color=colours["urgent"], **place)
        axes.set_xlim(_day(first - _ROOM), _day(last + _ROOM))
        _dress(axes, colours, last - first, max(value for _, value in points))
        written = StringIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _dress(axes: Axes, colours: Mapping[str, str], long: int, most: int) -> None:
    axes.set_ylim(0, max(1, most) * 1.25)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.xaxis.set_major_locator(AutoDateLocator(tz=SHANGHAI, minticks=2, maxticks=8))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M" if long <= _DAY else "%m-%d %H:%M", tz=SHANGHAI))
    axes.tick_params(colors=colours["muted"], length=0)
    axes.grid(axis="y", color=colours["line"], linewidth=1)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


def _day(at: int) -> float:
    return float(date2num(datetime.fromtimestamp(at / 1000, SHANGHAI)))
