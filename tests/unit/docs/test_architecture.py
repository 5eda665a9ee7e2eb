"""docs/architecture.md: its diagrams, lists and limits are those of the program."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import get_args

import pytest

from actions.core import facts, walkthrough
from actions.core.case import Phase
from bot.channel import turns
from tests.unit.docs.tables import named, rows, section
from tools.pages import ROOT, blocks

PAGE = ROOT / "docs/architecture.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_phases_of_the_diagram_are_those_of_a_case() -> None:
    (diagram,) = [block.text for block in blocks(PAGE) if block.text.startswith("stateDiagram")]
    drawn = set(re.findall(r"^  (\w+) --> (\w+)|--> (\w+)", diagram, re.MULTILINE))
    assert {name for names in drawn for name in names if name} == set(get_args(Phase))


def test_every_move_is_named() -> None:
    moves = {each.__name__ for each in walkthrough.Move.__subclasses__()}
    shown = section(PAGE, "Facts → diagnosis → moves → replies").partition("**Moves.**")[2].partition("- **")[0]
    assert named(shown) - {"Walkthrough"} == moves


def test_what_a_facts_source_must_do_is_what_the_port_asks_for() -> None:
    asked = {name for name in vars(facts.FactsSource) if not name.startswith("_")}
    shown = section(PAGE, "Your own account and order services")
    assert asked | {"UnknownCustomer", "UnknownSubject"} <= named(shown)
    assert named(shown.partition("Implement ")[2].partition(", raising")[0]) == asked | {"core.facts.FactsSource"}


def test_every_file_to_look_at_exists() -> None:
    look_at = "\n".join(f"{cells[0]} {cells[1]}" for cells in rows(section(PAGE, "Packages")))
    names = {path.name for top in ("actions", "bot", "tests", "tools", "knowledge") for path in (ROOT / top).rglob("*.*")}
    paths = {word for word in named(look_at) if re.search(r"\.(py|yml)$|/$", word)}
    assert [path for path in paths if not (ROOT / path).exists() and path not in names] == []
    assert len(paths) > 40


def test_the_limits_of_a_turn_are_those_of_the_program() -> None:
    from bot.engine.action_client import ACTION_TIMEOUT
    from bot.engine.tracker_store import WINDOW

    for words in (f"{turns.LONGEST_TURN:.0f} seconds over", f"allows {ACTION_TIMEOUT:.0f} seconds", f"window of about {WINDOW} events"):
        assert words in TEXT


@pytest.mark.slow
def test_dialogue_state_and_command_line_load_without_rasa() -> None:
    code = (
        "import sys, actions.dialogue.assistant, actions.state.world.loading, actions.bootstrap, bot.cli\n"
        "print(sorted({'rasa', 'rasa_sdk', 'spacy', 'tensorflow'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout == "[]\n"
