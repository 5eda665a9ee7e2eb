"""Documents name files that exist, and the walk through one turn names each module once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.pages import PAGES, ROOT

_NAMED = re.compile(
    r"`((?:actions|bot|conversations|data|demo|docs|knowledge|scripts|tests|tools)/[\w./-]+\.(?:py|yml|js|css|json|ts|tsv))`"
)
_WALK = re.compile(r"^\| \d+ \| `([^`]+)`", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = set(_NAMED.findall(page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_walk_through_one_turn_names_each_module_once_and_every_module_of_the_dialogue() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text.partition("### One turn, module by module")[2].partition("## Packages")[0]
    walked = _WALK.findall(section)
    assert len(walked) == len(set(walked)) > 30
    dialogue = {path.name for path in (ROOT / "actions/dialogue").glob("*.py")} - {"__init__.py"}
    assert {name for name in dialogue if name not in section} == set()
