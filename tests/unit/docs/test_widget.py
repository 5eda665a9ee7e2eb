"""docs/widget.md: its names are those of the element."""

from __future__ import annotations

import json
import re

import pytest

from actions.settings import Settings
from tests.unit.docs.tables import first_cells, named, section
from tools.pages import ROOT, blocks, commands

PAGE = ROOT / "docs/widget.md"
BUNDLES = ("baitiao-chat.js", "baitiao-badge.js")
SOURCE = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "bot/widget").rglob("*.*") if path.name not in BUNDLES}
SCRIPTS = "\n".join(text for name, text in SOURCE.items() if name.endswith(".js"))
STYLES = "\n".join(text for name, text in SOURCE.items() if name.endswith(".css"))


def test_the_element_is_defined_where_the_page_loads_it_from() -> None:
    (html,) = [block.text for block in blocks(PAGE) if block.language == "html"]
    assert "/widget/baitiao-chat.js" in html and 'customElements.define("baitiao-chat"' in SOURCE["element.js"]
    observed = _observed("element.js")
    assert set(re.findall(r' (\w+)="[^"]*"', html.partition("<baitiao-chat")[2])) <= set(observed)
    assert set(observed) <= first_cells(section(PAGE, "Attributes"))


def test_the_badge_has_the_attributes_of_its_page() -> None:
    page = ROOT / "docs/badges.md"
    (html,) = [block.text for block in blocks(page) if block.language == "html"]
    assert "/widget/baitiao-badge.js" in html and 'customElements.define("baitiao-badge"' in SOURCE["badge.js"]
    described = first_cells(section(page, "For the customer's page"))
    read = set(re.findall(r'[gs]etAttribute\("(\w+)"\)', SOURCE["badge.js"])) - {"token"}
    assert {*_observed("badge.js"), *read} <= described


def _observed(name: str) -> list[str]:
    found: list[str] = json.loads(re.search(r"observedAttributes = (\[.*?\])", SOURCE[name])[1])  # type: ignore[index]
    return found


def test_the_properties_of_the_page_are_those_of_the_style() -> None:
    looks = section(PAGE, "Looks")
    read = set(re.findall(r"var\((--baitiao-[\w-]+)", STYLES + SCRIPTS))
    assert {word for word in named(looks) if word.startswith("--")} == read
    (css,) = [block.text for block in blocks(PAGE) if block.language == "css"]
    assert set(re.findall(r"(--[\w-]+):", css)) <= read


def test_the_parts_of_the_page_are_those_of_the_elements() -> None:
    line = next(line for line in section(PAGE, "Looks").splitlines() if line.startswith("Parts"))
    parts = {word for text in re.findall(r'part: ["`]([^"`]+)', SCRIPTS) for word in text.split() if "$" not in word}
    assert named(line) - {"::part()"} == parts | {"bot", "agent", "system"}


def test_what_the_page_calls_is_there() -> None:
    (js,) = [block.text for block in blocks(PAGE) if block.language == "js"]
    assert ".refreshToken = async ({ order })" in js and "refreshToken?.({ order" in re.sub(r"\s+", " ", SCRIPTS)
    events = first_cells(section(PAGE, "Methods and events"))
    assert {name for name in events if f'("{name.removeprefix("baitiao-")}"' not in SCRIPTS} == set()
    for method in ("open()", "close()", "ask(text)"):
        assert f"  {method} {{" in SOURCE["element.js"]


def test_the_settings_of_the_page_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in [line for block in blocks(PAGE) if block.language == "sh" for line in commands(block.text)]:
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value.strip('"'))
    settings = Settings.read()
    assert settings.widget_origins == ("https://shop.example", "https://m.shop.example")
    assert settings.frame_ancestors == ("self", "https://app.example")
