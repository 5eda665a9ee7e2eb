"""A class's name stands for one thing in the product and its tools."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tools.pages import ROOT

pytestmark = pytest.mark.broad

IN_THE_PAYLOAD = {"Bill", "Diagnosis", "Incident", "Line", "Order", "OrderLine", "Plan"}
"""``handoff/1`` publishes its names as a schema: there they say in the agents' words what the core says in its own."""
TRAINED_WITH = {"Found", "Part", "Reading", "Unclear"}
"""One of the two stands in what a model is trained from, which a rename would make stale; the next training may bring it."""
OF_A_ROOM = {"Handoff", "Turn"}
"""Of the core and of the room that stores it, or takes it from Rasa."""
READ_BY_PYDANTIC = {"Config"}
MAY_REPEAT = IN_THE_PAYLOAD | TRAINED_WITH | OF_A_ROOM | READ_BY_PYDANTIC


def test_no_two_classes_have_one_name() -> None:
    modules = [path for top in ("actions", "bot", "tools") for path in (ROOT / top).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules]
    times = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert {name for name, many in times.items() if many > 1} - MAY_REPEAT == set()
