"""The drawing of an experiment: what it names can be read, in either theme."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree

import pytest

from actions.state.plots import PlotTheme
from ops.experiments.drawing import draw
from ops.experiments.words import experiment_words
from ops.palette import palette
from ops.plots.framing import LETTER, WIDTHS, width
from tests.unit.ops.experiments.conftest import Write

LOOKS = [{"n": n, "estimate": 0.1 - n / 20_000, "low": -60 / n, "high": 60 / n} for n in range(100, 1001, 100)]
POINT = 96 / 72


@pytest.mark.parametrize("theme", get_args(PlotTheme))
def test_the_names_in_the_legend_stand_beside_each_other_and_within_the_plot(write: Write, theme: PlotTheme) -> None:
    svg = draw({"looks": LOOKS}, write().spec, theme)
    assert svg is not None
    begins: dict[str, float] = {}
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        at = text.get("x") or text.get("transform", "").removeprefix("translate(").split()[0]
        begins[text.text or ""] = float(at) * POINT
    words = experiment_words()["plot"]
    names = [words[name] for name in ("line", "band", "nothing")]
    ends = [begins[name] + width(name) * LETTER for name in names]
    assert all(end < begins[name] - 26 for end, name in zip(ends, names[1:])) and ends[-1] <= WIDTHS["wide"]
    assert palette(theme)["accent"] in svg and words["across"] in begins and words["up"] in begins
