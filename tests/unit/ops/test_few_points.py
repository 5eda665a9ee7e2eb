"""Plots of one or two points show them: as bars and steps with room around them, or as marks."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ops.incidents.review_plot import BUCKET_MS, draw_review
from ops.palette import palette
from ops.plots.band_plot import BandPlot, BandPoint, draw

pytestmark = pytest.mark.broad

SVG = "{http://www.w3.org/2000/svg}"
AT = 1_763_800_200_000
_NUMBER = re.compile(r"-?[\d.]+")


def boxes(drawn: str, colour: str) -> list[tuple[float, float]]:
    """How wide and how tall what is drawn in a colour is, in points."""
    found = []
    for path in ElementTree.fromstring(drawn).iter(f"{SVG}path"):
        if colour in path.get("style", ""):
            numbers = [float(each) for each in _NUMBER.findall(path.get("d", ""))]
            along, up = numbers[0::2], numbers[1::2]
            found.append((max(along) - min(along), max(up) - min(up)))
    return found


@pytest.mark.parametrize("count", [1, 2])
def test_counts_of_a_review_are_bars_that_leave_room(count: int) -> None:
    points = [(AT + number * BUCKET_MS, 3) for number in range(count)]
    bars = boxes(draw_review(points, {"宣布": AT + BUCKET_MS}, grown=False), palette("light")["accent"])
    assert len(bars) == count
    assert all(40 < wide < 200 and tall > 60 for wide, tall in bars)


def test_one_who_was_told_is_a_step_from_nobody() -> None:
    ((wide, tall),) = boxes(draw_review([(AT, 1)], {}, grown=True), palette("light")["accent"])
    assert wide > 200 and tall > 60


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("whole", [True, False])
def test_a_few_points_of_an_alert_are_marked_each_with_its_band(count: int, whole: bool) -> None:
    points = [BandPoint(AT + number * 300_000, 4.0, 1.0, 6.0) for number in range(count)]
    drawn = draw(BandPlot(points, "%", "line", "band", "expected", "limit", "mark", AT, whole=whole), "light")
    bands = [tall for wide, tall in boxes(drawn, palette("light")["accent-soft"]) if wide == 0 and tall > 30]
    marks = [each for each in ElementTree.fromstring(drawn).iter(f"{SVG}use") if palette("light")["accent"] in each.get("style", "")]
    assert len(bands) == count and len(marks) >= count
