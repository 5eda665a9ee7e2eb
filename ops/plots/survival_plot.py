"""Small multiples: for each walkthrough how many of those who began it reached each step, side by side on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.state.plots import PlotTheme
from ops.plots.framing import framed

_TALL, _GAP = 128.0, 44.0
_COLUMNS = {"wide": 3, "narrow": 1}


@dataclass(frozen=True)
class SurvivalPanel:
    """One walkthrough.

    Attributes:
        name: of its cause.
        reached: the name of each place and the part that reached it with its interval, in order.
    """

    name: str
    reached: Sequence[tuple[str, float, float, float]]


def draw_survival(panels: Sequence[SurvivalPanel], theme: PlotTheme, size: str) -> str:
    """The plot as an SVG document; arguments as for ``band_plot.draw``."""
    columns = _COLUMNS[size]
    lines = -(-len(panels) // columns)
    across = (720 if size == "wide" else 340) / columns
    with framed(theme, size, lines * (_TALL + _GAP) + 4) as frame:
        for place, panel in enumerate(panels):
            line, column = divmod(place, columns)
            top = line * (_TALL + _GAP) + 26
            right = (columns - 1 - column) * across + 10
            axes = frame.axes(column * across + 44, top, right, (lines - 1 - line) * (_TALL + _GAP) + 24)
            at = list(range(len(panel.reached)))
            values = [100 * each[1] for each in panel.reached]
            low, high = ([100 * each[side] for each in panel.reached] for side in (2, 3))
            axes.plot(at, values, color=frame.colours["accent"], linewidth=2, marker="o", markersize=5)
            axes.vlines(at, low, high, color=frame.colours["accent"], linewidth=2)
            axes.set_ylim(0, 104)
            axes.set_xlim(-0.3, max(1, len(at) - 1) + 0.3)
            axes.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
            axes.set_xticks(at, [each[0] for each in panel.reached])
            axes.tick_params(colors=frame.colours["muted"])
            axes.grid(axis="y", color=frame.colours["line"], linewidth=1)
            axes.set_axisbelow(True)
            axes.annotate(
                frame.named(panel.name), (0, 1), xycoords="axes fraction", xytext=(0, 7), textcoords="offset points",
                color=frame.colours["text"],
            )  # fmt: skip
    return frame.svg
