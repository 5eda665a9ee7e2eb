"""The drawing of a comparison: each change with its interval, and where nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.state.plots import PlotTheme
from ops.plots.row_plots import Dot, DotPlot, DotRow, draw_dots
from ops.rollouts.words import rollout_words

_MOST_ROWS = 16


def draw(report: Mapping[str, Any], theme: PlotTheme) -> str | None:
    """The changes in points as an SVG document; None: nothing could be told."""
    words = rollout_words()
    told = [each for each in report["comparisons"] if each["interval"] is not None]
    # What all regions come to is read first, and a long list is cut at those of single regions.
    told.sort(key=lambda each: each["region"] is not None)
    rows = [
        DotRow(
            f"{words['outcomes'][each['outcome']]} · {each['region'] or words['together']}",
            (Dot(each["estimate"], *each["interval"]),),
        )
        for each in told[:_MOST_ROWS]
    ]
    return draw_dots(DotPlot(rows, (words["plot"],), signed=True), theme, "wide") if rows else None
