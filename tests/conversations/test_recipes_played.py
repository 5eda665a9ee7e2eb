"""What the recipes add is met by customers: their conversations are played, in a copy of the project, with the trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.recipes.page import ROOT, copy_of_the_project, python, recipes
from tests.unit.knowledge.pages import shown

PLAYED = ("policy", "reason")
"""The recipes whose conversations the served model understands; a new question or topic has to be learned first."""


def test_the_conversations_of_the_recipes_and_of_the_new_cause_pass(agent: Any, tmp_path: Path) -> None:
    tree = copy_of_the_project(tmp_path)
    (tree / "models").symlink_to(ROOT / "models")
    for path, text in shown("example").items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    for name in PLAYED:
        for block in recipes()[name]:
            block.apply(tree)
    (tree / "reasons.yml").write_text(python(tree, "-m", "conversations.reasons"), encoding="utf-8")
    played = [
        "tests/conversations/causes/payment_deadline_passed.yml",
        "tests/conversations/causes/item_below_minimum.yml",
        "reasons.yml",
    ]
    said = python(tree, "-m", "conversations.once", *played).splitlines()[-1]
    passed, _, count = said.partition(" conversations pass")[0].partition(" of ")
    assert passed == count and int(count) >= len(played)
