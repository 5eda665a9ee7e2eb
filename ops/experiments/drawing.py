"""The drawing of an experiment, made from what the worker found, and the words of the console for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from actions.state.plots import PlotTheme
from actions.yaml_source import Source
from ops.experiments.specification import ExperimentSpecification


@cache
def experiment_words() -> Mapping[str, Any]:
    """What the console says of experiments."""
    words: Mapping[str, Any] = Source.read(Path(__file__).with_name("texts.yml")).data
    return words


def draw(results: Mapping[str, Any], spec: ExperimentSpecification, theme: PlotTheme) -> str | None:
    """The sequence of looks as an SVG document; None: no outcome is known yet."""
    if not results["looks"]:
        return None
    # What only looks up words need not wait for the library that draws.
    from ops.plots.sequence_plot import SequenceLook, SequencePlot, draw_sequence

    looks = [SequenceLook(**look) for look in results["looks"]]
    return draw_sequence(SequencePlot(looks, spec.smallest_effect, **experiment_words()["plot"]), theme)
