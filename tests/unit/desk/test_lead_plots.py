"""Plots are SVG that means what the table says: in proportion, named, in the page's colours, and harmless whatever stands in it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bot.desk.lead_plots import NARROW, TOKENS, WIDE, Plot, nice_ticks, style, style_policy, svg

NS = "{http://www.w3.org/2000/svg}"
BARS = Plot("bars", "为什么转人工", "共 3 项", ("甲", "乙", "丙"), ("件数",), ("s0",), ((30, 10, None),), "件", "没有数据")
COLUMNS = Plot("stacked", "解决", "两天", ("11-01", "11-02"), ("是", "否"), ("s2", "s1"), ((4, 2), (4, 0)), "位", "没有数据")


def parts(plot: Plot, name: str = "rect", width: int = WIDE) -> list[dict[str, str]]:
    found = ElementTree.fromstring(svg(plot, width)).iter(NS + name)
    return [each.attrib for each in found if each.get("class") not in ("ground", "rest")]


def test_bars_are_as_long_as_their_values() -> None:
    first, second = (float(each["width"]) + 2 for each in parts(BARS))
    assert first == pytest.approx(3 * second, rel=0.01) and first <= WIDE


def test_columns_stand_on_each_other_and_as_high_as_their_values() -> None:
    drawn = [each for each in parts(COLUMNS) if "rx" not in each]
    (low, more, high) = sorted(drawn, key=lambda each: (float(each["x"]), -float(each["y"])))[0:3]
    assert low["class"] == "s2" and more["class"] == "s1" and low["x"] == more["x"] != high["x"]
    top_of_low = float(low["y"])
    assert float(more["y"]) + float(more["height"]) == pytest.approx(top_of_low - 2, abs=0.2)
    assert float(low["height"]) + 2 == pytest.approx(2 * (float(high["height"]) + 2), abs=0.3)


def test_columns_beside_each_other_stand_on_one_ground() -> None:
    drawn = [each for each in parts(replace(COLUMNS, kind="grouped")) if "rx" not in each]
    assert len({round(float(each["y"]) + float(each["height"])) for each in drawn}) == 1
    assert len({each["x"] for each in drawn}) == 3


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("plot", [BARS, COLUMNS, replace(COLUMNS, kind="grouped")], ids=lambda plot: plot.kind)
def test_nothing_lies_outside(plot: Plot, width: int) -> None:
    root = ElementTree.fromstring(svg(plot, width))
    height = float(root.attrib["height"])
    for each in root.iter(NS + "rect"):
        x, y, wide, high = (float(each.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + wide <= width + 0.5 and y + high <= height + 0.5 and wide > 0 and high > 0


def test_a_legend_that_is_too_long_goes_on_below() -> None:
    series = tuple(f"很长的一个系列 {number}" for number in range(5))
    plot = replace(COLUMNS, series=series, colours=("s0",) * 5, values=((1, 1),) * 5)
    squares = [each for each in parts(plot, width=NARROW) if "rx" in each]
    assert len({each["y"] for each in squares}) > 1 and all(float(each["x"]) < NARROW - 100 for each in squares)


def test_a_plot_without_values_says_so() -> None:
    nothing = ElementTree.fromstring(svg(replace(BARS, labels=(), values=((),))))
    assert "没有数据" in "".join(nothing.itertext()) and float(nothing.get("height", "")) < 60, "no white field to scroll past"
    assert parts(replace(BARS, values=((0, 0, None),))) == []


def test_it_is_named_and_described_for_who_does_not_see_it() -> None:
    root = ElementTree.fromstring(svg(BARS))
    named = {each.get("id"): each.text for each in root if each.tag in (NS + "title", NS + "desc")}
    assert root.get("role") == "img" and [named[name] for name in root.attrib["aria-labelledby"].split()] == ["为什么转人工", "共 3 项"]


def test_its_colours_are_the_pages_by_day_and_by_night() -> None:
    text = style()
    assert "prefers-color-scheme: dark" in text and not re.search(r"#[0-9a-f]{3,6}", text.partition("svg {")[2])
    used = set(re.findall(r"var\((--_\w[\w-]*)\)", text.partition("svg {")[2]))
    assert used and all(f"{name}:" in TOKENS.read_text(encoding="utf-8") for name in used)
    assert ElementTree.fromstring(svg(BARS)).get("class") == "desk"
    assert "unsafe" not in style_policy()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"onload="x', "a&b", "]]>"])
def test_what_stands_in_it_stays_text(text: str) -> None:
    root = ElementTree.fromstring(svg(replace(BARS, title=text, labels=(text, "乙", "丙"), description=text)))
    assert {each.tag.removeprefix(NS) for each in root.iter()} == {"svg", "title", "desc", "style", "rect", "text"}
    assert [each.text for each in root.iter(NS + "text")][0] == text


@pytest.mark.parametrize(
    ("largest", "expected"), [(1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (97, [0, 50, 100]), (40, [0, 10, 20, 30, 40])]
)
def test_axes_have_round_numbers(largest: float, expected: list[float]) -> None:
    assert nice_ticks(largest) == expected
