"""Plots with a row for each thing: dots with their intervals, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator

from actions.state.plots import PlotTheme
from ops.plots.framing import LETTER, Frame, framed, width

_ROW, _HEAD, _FOOT, _RIGHT = 30.0, 34.0, 30.0, 26.0


@dataclass(frozen=True)
class Dot:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class DotRow:
    """What stands in one row.

    Attributes:
        name: at its left; ``end`` follows it and is never cut off.
        dots: one per series; None where nothing is told.
    """

    name: str
    dots: tuple[Dot | None, ...]
    end: str = ""


@dataclass(frozen=True)
class DotPlot:
    """Rows of dots on one scale.

    Attributes:
        series: what each dot of a row is called, the one that matters first.
        percent: whether values are parts of one; else they are counts.
        near: whether the scale begins where the values do, because only their differences matter.
        signed: whether values may be below nought, which is drawn as a line then.
    """

    rows: Sequence[DotRow]
    series: tuple[str, ...]
    percent: bool = True
    near: bool = False
    signed: bool = False


@dataclass(frozen=True)
class BarPlot:
    """Rows of bars with the number at their end."""

    rows: Sequence[tuple[str, int]]


def draw_dots(plot: DotPlot, theme: PlotTheme, size: str) -> str:
    """The plot as an SVG document; arguments as for ``band_plot.draw``."""
    rows = plot.rows
    # One series is what the plot's own caption says.
    head = _HEAD if len(plot.series) > 1 else 6.0
    with framed(theme, size, head + _ROW * len(rows) + _FOOT) as frame:
        names = [frame.named(row.name, row.end) for row in rows]
        axes = frame.axes(frame.margin(names), head, _RIGHT, _FOOT)
        colours = [frame.colours["accent"], frame.colours["muted"]]
        shift = 0.0 if len(plot.series) == 1 else 0.17
        scale = 100.0 if plot.percent else 1.0
        for number, name in enumerate(plot.series):
            placed = [(place, row.dots[number]) for place, row in enumerate(rows)]
            at = [place + (shift if number else -shift) for place, dot in placed if dot is not None]
            dots = [dot for _, dot in placed if dot is not None]
            colour, marker = colours[number], "o" if number == 0 else "D"
            axes.hlines(at, [dot.low * scale for dot in dots], [dot.high * scale for dot in dots], color=colour, linewidth=2)
            size_of = {"markersize": 7 if number == 0 else 5, "clip_on": False}
            axes.plot([dot.value * scale for dot in dots], at, marker, color=colour, label=name, **size_of)
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        told = [dot for row in rows for dot in row.dots if dot is not None]
        low, high = [dot.low * scale for dot in told], [dot.high * scale for dot in told]
        most, least = max(high, default=1.0), min(low, default=0.0)
        begin = max(0.0, least - 0.15 * (most - least)) if plot.near else 0.0
        if plot.signed:
            begin, most = min(0.0, least) - 0.04 * (most - least), max(0.0, most)
            axes.axvline(0, color=frame.colours["muted"], linewidth=1)
        axes.set_xlim(begin, most + 0.04 * (most - begin))
        # A dot at nought must not touch the name beside it.
        axes.tick_params(axis="y", pad=6)
        axes.tick_params(axis="x", colors=frame.colours["muted"])
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8 if size == "wide" else 4))
        axes.xaxis.set_major_formatter("{x:g}%" if plot.percent else "{x:g}")
        axes.grid(axis="x", color=frame.colours["line"], linewidth=1)
        axes.set_axisbelow(True)
        if len(plot.series) > 1:
            _legend(frame, plot.series, colours)
    return frame.svg


def draw_bars(plot: BarPlot, theme: PlotTheme, size: str) -> str:
    """The plot as an SVG document; arguments as for ``band_plot.draw``."""
    rows = plot.rows
    with framed(theme, size, 12 + _ROW * len(rows)) as frame:
        names = [frame.named(name) for name, _ in rows]
        axes = frame.axes(frame.margin(names), 6, 64, 6)
        axes.barh(range(len(rows)), [value for _, value in rows], height=0.62, color=frame.colours["accent"])
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xticks([])
        for place, (_, value) in enumerate(rows):
            axes.annotate(f"{value:,}", (value, place), xytext=(5, 0), textcoords="offset points", va="center", color=frame.colours["text"])
    return frame.svg


def _legend(frame: Frame, series: Sequence[str], colours: Sequence[str]) -> None:
    """Names of series beside their marks, set by hand: how wide Chinese letters are is not known to the layout."""
    wide, tall = (float(each) * 96 for each in frame.figure.get_size_inches())
    at = 12.0
    for number, name in enumerate(series):
        y = 1 - 16 / tall
        frame.figure.text(at / wide, y, "●" if number == 0 else "◆", color=colours[number], va="center")
        frame.figure.text((at + 16) / wide, y, name, color=frame.colours["text"], va="center")
        at += 16 + width(name) * LETTER + 22
