"""The style of the chat, the demo shop and the desk: colours and sizes stand once, in the tokens, and the chat's sheets stay small."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tools.pages import ROOT

CHAT = sorted((ROOT / "bot/widget/style").glob("*.css"))
TOKENS = ROOT / "bot/widget/style/tokens.css"
OTHERS = [path for path in sorted((ROOT / "bot").rglob("*.css")) if path != TOKENS]
LONGEST = 560
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|\b(?:white|black|red|blue|green|gr[ae]y)\b", re.I)
SCALED = re.compile(r"font(?:-size)?|border(?:-\w+)*-radius|(?:padding|margin)(?:-\w+)*|(?:row-|column-)?gap")
"""What is measured by a scale of the tokens."""
OFF_THE_SCALE = re.compile(r"(?<![\w.-])(?!0px)[\d.]+(?:px|r?em)\b")
CLEAR_OF_THE_LAUNCHER = [("padding-bottom", "96px")]


def declarations(path: Path) -> list[tuple[str, str]]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"^\s*([\w-]+):\s*(.*);$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda path: path.stem)
def test_colours_and_sizes_come_from_the_tokens(sheet: Path) -> None:
    found = declarations(sheet)
    assert [each for each in found if COLOUR.search(each[1])] == []
    measured = [each for each in found if SCALED.fullmatch(each[0]) and each not in CLEAR_OF_THE_LAUNCHER]
    assert [each for each in measured if OFF_THE_SCALE.search(each[1])] == []


def test_every_token_stands_once_and_is_used() -> None:
    for scale, most in ((r"--_(tiny|small|normal|large|huge)", 5), (r"--_radius.*", 4), (r"--_space-.*", 5)):
        assert len([name for name, _ in declarations(TOKENS) if re.fullmatch(scale, name)]) <= most
    block = re.search(r":root, \.chat \{\n  color-scheme.*?\n\}", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert block
    names = re.findall(r"^  (--_[\w-]+):", block[0], flags=re.MULTILINE)
    everything = "".join(path.read_text(encoding="utf-8") for path in (TOKENS, *OTHERS))
    assert [name for name, count in Counter(names).items() if count > 1 or f"var({name})" not in everything] == []
    assert [each for path in OTHERS for each in declarations(path) if each[0] in names] == []


def test_every_name_that_is_read_is_given() -> None:
    given = {name for path in (TOKENS, *OTHERS) for name, _ in declarations(path)}
    by_script = {"--_top", "--_height"}
    read = {name for path in (TOKENS, *OTHERS) for name in re.findall(r"var\((--_[\w-]+)", path.read_text(encoding="utf-8"))}
    assert read <= given | by_script


def test_the_chats_sheets_stay_small_and_honest() -> None:
    lines = [line for path in CHAT for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) <= LONGEST
    assert [line for line in lines if line.count(";") > 1 or re.search(r"\{.*\S.*\}", line)] == []


def test_the_script_loads_every_sheet_and_our_pages_share_two() -> None:
    script = (ROOT / "bot/widget/style.js").read_text(encoding="utf-8")
    listed = re.search(r"SHEETS = \[(.*?)\]", script)
    assert listed and set(re.findall(r'"(\w+)"', listed[1])) == {path.stem for path in CHAT}
    for page in ("bot/demo/static/shop.html", "bot/desk/templates/base.html", "bot/console/templates/base.html"):
        sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', (ROOT / page).read_text(encoding="utf-8"))
        assert sheets[:2] == ["/widget/style/tokens.css", "/widget/style/base.css"]
