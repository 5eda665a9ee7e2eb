"""A heat map of shares: rows against columns, each cell with its number, as an SVG document to be shown as a file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from actions.state.plots import PlotTheme
from ops.palette import palette

_INCH = 96
_CELL_WIDE, _CELL_TALL = 62, 34
_BESIDE, _ABOVE = 190, 90
"""Pixels for the names of rows and of columns."""
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "baitiao", "font.family": "sans-serif", "font.size": 9.5}
_DARK = 0.55
"""Of the scale, from where on letters are those of a full cell."""


@dataclass(frozen=True)
class HeatMap:
    """What is drawn.

    Attributes:
        rows, columns: their names.
        values: shares from 0 to 1, by row.
        title: above it.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]]
    title: str


def draw_heat_map(plot: HeatMap, theme: PlotTheme) -> str:
    """The heat map as an SVG document.

    Args:
        plot: what is drawn.
        theme: in whose colours.
    """
    colours = palette(theme)
    wide, tall = _BESIDE + _CELL_WIDE * len(plot.columns), _ABOVE + _CELL_TALL * len(plot.rows)
    scale = LinearSegmentedColormap.from_list("share", [colours["surface"], colours["accent"]])
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from current font", category=UserWarning)
        figure = Figure(figsize=(wide / _INCH, tall / _INCH), facecolor=colours["surface"])
        axes = figure.add_axes((_BESIDE / wide, 0.02, 1 - _BESIDE / wide - 0.01, 1 - _ABOVE / tall), facecolor=colours["surface"])
        axes.imshow(plot.values, cmap=scale, vmin=0, vmax=1, aspect="auto")
        for place, row in enumerate(plot.values):
            for column, value in enumerate(row):
                ink = colours["surface"] if value > _DARK else colours["text"]
                axes.text(column, place, f"{100 * value:.0f}%", ha="center", va="center", color=ink)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(plot.columns)), plot.columns, color=colours["text"])
        axes.set_yticks(range(len(plot.rows)), plot.rows, color=colours["text"])
        axes.set_xticks([each - 0.5 for each in range(1, len(plot.columns))], minor=True)
        axes.set_yticks([each - 0.5 for each in range(1, len(plot.rows))], minor=True)
        axes.grid(which="minor", color=colours["line"], linewidth=1)
        axes.tick_params(which="both", length=0)
        for side in axes.spines.values():
            side.set_color(colours["line"])
        figure.text(0.01, 1 - 18 / tall, plot.title, color=colours["text"], fontsize=11)
        written = StringIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None})
    return written.getvalue()
