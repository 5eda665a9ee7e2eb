"""Plots as SVG of our own, for ``<img>``: bars and columns with axes, a legend, a title and a description, in the page's colours by day and night.

No library that draws is loaded into the web server: one would take more memory than everything else there.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

TOKENS = Path(__file__).parents[1] / "widget/style/tokens.css"
WIDE, NARROW = 640, 340
"""Pixels of a plot on a desktop and on a phone, each drawn so that its letters are as large as the page's."""
_RULES = """
svg { font: 12px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; font-variant-numeric: tabular-nums; }
.ground { fill: var(--_surface); }
text { fill: var(--_text); }
.axis { fill: var(--_muted); }
.line { stroke: var(--_line); }
.s0 { fill: var(--_accent); }
.s1 { fill: var(--_warn); }
.s2 { fill: var(--_good); }
.s3 { fill: var(--_urgent); }
.s4 { fill: var(--_muted); }
.rest { fill: var(--_line); }
"""
_EDGE, _LEGEND, _LETTER = 10, 26, 12
_BAR, _ROW = 14, 40
_PLOT, _LEFT, _BOTTOM = 170, 44, 22
_NOTHING = 44
_GAP = 2
"""Pixels between two pieces, so that they can be told apart without their colours."""

PlotKind = Literal["bars", "stacked", "grouped"]


@dataclass(frozen=True)
class Plot:
    """What is drawn.

    Attributes:
        kind: ``bars`` across, one below the other; ``stacked`` or ``grouped`` columns over time.
        title, description: for whoever does not see it.
        labels: of the bars or columns.
        series: titles, in the order of the colours.
        colours: the classes of the series.
        values: of each series at each label; None is not shown.
        unit: of the values, above the axis.
        nothing: what stands there without any value.
    """

    kind: PlotKind
    title: str
    description: str
    labels: tuple[str, ...]
    series: tuple[str, ...]
    colours: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str
    nothing: str


@lru_cache(maxsize=1)
def style() -> str:
    """The style of every plot: the pages' own colours, and how they are used."""
    tokens = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", tokens + _RULES)


@lru_cache(maxsize=1)
def style_policy() -> str:
    """The Content-Security-Policy of a plot that somebody opens by itself: nothing but its own style."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def svg(plot: Plot, width: int = WIDE) -> bytes:
    """The plot as an SVG document of so many pixels."""
    legend = _LEGEND * _legend_lines(plot, width) if len(plot.series) > 1 else 0
    empty = not any(value for values in plot.values for value in values)
    top = _EDGE + legend
    drawn = _ROW * len(plot.labels) if plot.kind == "bars" else _PLOT + _BOTTOM
    # Where there is nothing to see, nobody scrolls past a white field.
    height = _NOTHING if empty else top + drawn + _EDGE
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "desk",
            "viewBox": f"0 0 {width} {height}",
            "width": f"{width}",
            "height": f"{height}",
            "role": "img",
            "aria-labelledby": "title description",
            "lang": "zh-CN",
        },
    )
    _add(root, "title", {"id": "title"}, plot.title)
    _add(root, "desc", {"id": "description"}, plot.description)
    _add(root, "style", {}, style())
    _add(root, "rect", {"class": "ground", "width": width, "height": height})
    if empty:
        _add(root, "text", {"class": "axis", "x": width / 2, "y": height / 2, "text-anchor": "middle"}, plot.nothing)
    else:
        if legend:
            _draw_legend(root, plot, width)
        (_draw_bars if plot.kind == "bars" else _draw_columns)(root, plot, width, top)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, attributes: Mapping[str, Any], text: str | None = None) -> None:
    made = ElementTree.SubElement(parent, name, {key: _number(value) for key, value in attributes.items()})
    made.text = text


def _number(value: Any) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _wide(text: str) -> float:
    """About how many pixels a text takes."""
    return sum(_LETTER if ord(letter) > 0x2E80 else _LETTER * 0.6 for letter in text)


def _places(plot: Plot, width: int) -> list[tuple[float, int]]:
    """Where each entry of the legend stands: pixels from the left, and line."""
    places: list[tuple[float, int]] = []
    x, line = float(_EDGE), 0
    for title in plot.series:
        needed = _wide(title) + 34
        if x > _EDGE and x + needed > width - _EDGE:
            x, line = float(_EDGE), line + 1
        places.append((x, line))
        x += needed
    return places


def _legend_lines(plot: Plot, width: int) -> int:
    return _places(plot, width)[-1][1] + 1


def _draw_legend(root: ElementTree.Element, plot: Plot, width: int) -> None:
    for title, colour, (x, line) in zip(plot.series, plot.colours, _places(plot, width)):
        y = _EDGE + line * _LEGEND
        _add(root, "rect", {"class": colour, "x": x, "y": y + 2, "width": 12, "height": 12, "rx": 3})
        _add(root, "text", {"x": x + 18, "y": y + 12}, title)


def _draw_bars(root: ElementTree.Element, plot: Plot, width: int, top: int) -> None:
    totals = [sum(values[place] or 0 for values in plot.values) for place in range(len(plot.labels))]
    room = width - 2 * _EDGE
    scale = room / max(totals)
    for place, label in enumerate(plot.labels):
        y, x = top + place * _ROW, float(_EDGE)
        hidden = all(values[place] is None for values in plot.values)
        _add(root, "text", {"x": _EDGE, "y": y + 12}, label)
        words = "–" if hidden else f"{totals[place]:g}"
        _add(root, "text", {"class": "axis", "x": width - _EDGE, "y": y + 12, "text-anchor": "end"}, words)
        _add(root, "rect", {"class": "rest", "x": _EDGE, "y": y + 18 + _BAR - 2, "width": room, "height": 2, "rx": 1})
        for values, colour in zip(plot.values, plot.colours):
            long = (values[place] or 0) * scale
            if long > 0:
                _add(root, "rect", {"class": colour, "x": x, "y": y + 18, "width": max(1.0, long - _GAP), "height": _BAR, "rx": 2})
                x += long


def _draw_columns(root: ElementTree.Element, plot: Plot, width: int, top: int) -> None:
    stacked = plot.kind == "stacked"
    at_labels = [[values[place] or 0 for values in plot.values] for place in range(len(plot.labels))]
    ticks = nice_ticks(max(sum(each) if stacked else max(each) for each in at_labels))
    scale, ground = (_PLOT - 16) / ticks[-1], top + _PLOT
    room = (width - _LEFT - _EDGE) / len(plot.labels)
    _add(root, "text", {"class": "axis", "x": _LEFT - 8, "y": top + 6, "text-anchor": "end"}, plot.unit)
    for tick in ticks:
        y = ground - tick * scale
        _add(root, "line", {"class": "line", "x1": _LEFT, "x2": width - _EDGE, "y1": y, "y2": y})
        _add(root, "text", {"class": "axis", "x": _LEFT - 8, "y": y + 4, "text-anchor": "end"}, f"{tick:g}")
    every = math.ceil(max(map(_wide, plot.labels)) * 1.5 / room)
    beside = 1 if stacked else len(plot.series)
    thick = max(1.0, min(28.0 if stacked else 14.0, room * 0.75 / beside))
    for place, label in enumerate(plot.labels):
        middle = _LEFT + (place + 0.5) * room
        if place % every == 0:
            _add(root, "text", {"class": "axis", "x": middle, "y": ground + 16, "text-anchor": "middle"}, label)
        y = float(ground)
        for number, (values, colour) in enumerate(zip(plot.values, plot.colours)):
            tall = (values[place] or 0) * scale
            if tall <= 0:
                continue
            x = middle - thick * beside / 2 + (0 if stacked else number * thick)
            gap = min(_GAP, tall / 2) if stacked else 0
            base = y if stacked else float(ground)
            _add(root, "rect", {"class": colour, "x": x, "y": base - tall + gap, "width": max(1.0, thick - 1), "height": tall - gap})
            y -= tall


def nice_ticks(largest: float) -> Sequence[float]:
    """Round numbers from 0 to the largest or a little more, about four of them; whole ones where the values are counts."""
    step = 10 ** math.floor(math.log10(max(largest, 1) / 4)) if largest > 4 else 1
    step = next(step * factor for factor in (1, 2, 5, 10) if step * factor * 4 >= largest)
    return [step * number for number in range(math.ceil(largest / step) + 1)]
