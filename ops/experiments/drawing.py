"""The drawing of an experiment, made from what the worker found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.state.plots import PlotTheme
from ops.experiments.specification import ExperimentSpecification
from ops.experiments.words import experiment_words
from ops.plots.sequence_plot import SequenceLook, SequencePlot, draw_sequence


def draw(results: Mapping[str, Any], spec: ExperimentSpecification, theme: PlotTheme) -> str | None:
    """The sequence of looks as an SVG document; None: no outcome is known yet."""
    if not results["looks"]:
        return None
    looks = [SequenceLook(**look) for look in results["looks"]]
    return draw_sequence(SequencePlot(looks, spec.smallest_effect, **experiment_words()["plot"]), theme)
