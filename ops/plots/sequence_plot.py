"""A difference after each look, with the interval that holds at all looks together, and the differences that would not be worth having."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from actions.state.plots import PlotTheme
from ops.plots.framing import LETTER, Frame, framed, width

_TALL = 280.0
_ROOM = 1.25
"""The part of the widest interval that is shown beyond the estimates, so that the first, wide ones do not flatten the rest."""


@dataclass(frozen=True)
class SequenceLook:
    """One look.

    Attributes:
        n: units whose outcome was known.
        estimate, low, high: the difference and its interval; None: too little is known.
    """

    n: int
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SequencePlot:
    """What is drawn.

    Attributes:
        looks: in their order.
        worth: the smallest difference worth having.
        line, band, nothing: what each is called in the legend; ``across``: under the axis of units; ``up``: above that of differences.
    """

    looks: Sequence[SequenceLook]
    worth: float
    line: str
    band: str
    nothing: str
    across: str
    up: str


def draw_sequence(plot: SequencePlot, theme: PlotTheme, size: str = "wide") -> str:
    """The plot as an SVG document; arguments as for ``band_plot.draw``."""
    at = [look.n for look in plot.looks]
    estimate, low, high = (
        100 * np.array([np.nan if value is None else value for value in values], dtype=float)
        for values in zip(*((look.estimate, look.low, look.high) for look in plot.looks))
    )
    with framed(theme, size, _TALL) as frame:
        axes = frame.axes(56, 44, 16, 46)
        worth = 100 * plot.worth
        axes.axhspan(-worth, worth, color=frame.colours["line"], alpha=0.5, linewidth=0)
        axes.axhline(0, color=frame.colours["muted"], linewidth=1)
        axes.fill_between(at, low, high, color=frame.colours["accent-soft"], linewidth=0)
        axes.plot(at, estimate, color=frame.colours["accent"], linewidth=2, marker="o" if len(at) == 1 else None)
        axes.set_xlim(0, max(at) * 1.02)
        shown = np.abs(np.concatenate([low, high]))
        most = np.nanpercentile(shown, 90) if not np.isnan(shown).all() else np.nanmax(np.abs(estimate), initial=0.0)
        axes.set_ylim(-_ROOM * max(most, 2 * worth), _ROOM * max(most, 2 * worth))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.tick_params(colors=frame.colours["muted"])
        axes.grid(axis="y", color=frame.colours["line"], linewidth=1)
        axes.set_axisbelow(True)
        axes.set_xlabel(plot.across, color=frame.colours["muted"])
        axes.text(0, 1.02, plot.up, color=frame.colours["muted"], transform=axes.transAxes)
        marks = ((plot.line, "accent", 2.0), (plot.band, "accent-soft", 10.0), (plot.nothing, "line", 10.0))
        _legend(frame, [(name, frame.colours[colour], thick) for name, colour, thick in marks])
    return frame.svg


def _legend(frame: Frame, entries: Sequence[tuple[str, str, float]]) -> None:
    """Names beside their marks, set by hand: how wide Chinese letters are is not known to the layout, which let them overlap."""
    wide, tall = (float(each) * 96 for each in frame.figure.get_size_inches())
    at, y = 12.0, 1 - 16 / tall
    for name, colour, thick in entries:
        frame.figure.add_artist(Line2D([at / wide, (at + 20) / wide], [y, y], color=colour, linewidth=thick, solid_capstyle="butt"))
        frame.figure.text((at + 26) / wide, y, name, color=frame.colours["text"], va="center")
        at += 26 + width(name) * LETTER + 22
