"""Scripts say nothing themselves and read nothing that is said: their words are data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.generate import ROOT

SCRIPTS = sorted(file for place in ("bot/widget", "bot/desk/static", "bot/console/static") for file in (ROOT / place).rglob("*.js"))
READERS = ("personal.js", "baitiao-chat.js")
"""Reads what the customer types, in search of the words for codes; nothing that the assistant says. The other is the bundle it is in."""


@pytest.mark.parametrize("script", [file for file in SCRIPTS if file.name not in READERS], ids=lambda file: str(file.relative_to(ROOT)))
def test_no_chinese_stands_in_a_script(script: Path) -> None:
    assert re.findall("[\u3400-\u9fff]+", script.read_text(encoding="utf-8")) == []
