"""A heat map: a cell for each row and column, the darker the larger its part of the row, with the number in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_rgb

from actions.state.plots import PlotTheme
from ops.plots.framing import LETTER, framed, width

_ROW = 30.0
_FULL = 0.75
"""Part of a row from which a cell has the whole colour: few have more."""


@dataclass(frozen=True)
class HeatPlot:
    """What is drawn.

    Attributes:
        rows, columns: their names.
        values: parts of one, by row and column; None where nothing is told, and where there is nothing.
        marked: cells that are framed, by row and column.
        untold: what stands where nothing is told.
        ends: what follows the name of each row and is never cut off, if anything does.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    marked: frozenset[tuple[int, int]] = frozenset()
    untold: str = ""
    ends: Sequence[str] = ()


def draw_heat(plot: HeatPlot, theme: PlotTheme, size: str) -> str:
    """The plot as an SVG document; arguments as for ``band_plot.draw``."""
    upright = size == "narrow" or len(plot.columns) > 6
    head = (max(width(_cut(name)) for name in plot.columns) * LETTER + 14) if upright else 30.0
    with framed(theme, size, head + _ROW * len(plot.rows) + 8) as frame:
        names = [frame.named(name, end) for name, end in zip(plot.rows, plot.ends or [""] * len(plot.rows))]
        axes = frame.axes(frame.margin(names), head, 8, 8)
        colours = LinearSegmentedColormap.from_list("heat", [frame.colours["surface"], frame.colours["accent"]])
        for row, values in enumerate(plot.values):
            for column, value in enumerate(values):
                colour = colours(min(1.0, (value or 0.0) / _FULL))
                marked = (row, column) in plot.marked
                edge = frame.colours["urgent"] if marked else frame.colours["line"]
                axes.barh(row, 0.94, left=column - 0.47, height=0.9, color=colour, edgecolor=edge, linewidth=2.0 if marked else 0.8)
                said, shade = (plot.untold, frame.colours["muted"]) if value is None else (f"{100 * value:.0f}", _on(colour))
                if said:
                    axes.text(column, row, said, ha="center", va="center", color=shade)
        axes.set_yticks(range(len(plot.rows)), names)
        axes.set_ylim(len(plot.rows) - 0.5, -0.5)
        axes.set_xlim(-0.5, len(plot.columns) - 0.5)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(plot.columns)), [_cut(name) for name in plot.columns], rotation=90 if upright else 0)
    return frame.svg


def _cut(name: str) -> str:
    return name if len(name) <= 9 else f"{name[:8]}…"


def _on(colour: Sequence[float]) -> str:
    """What can be read on a colour."""
    red, green, blue = to_rgb(tuple(colour)[:3])
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else "#ffffff"
