"""docs/simulation.md: its personas, properties and numbers are those of the program."""

from __future__ import annotations

import re

from conversations.rules import RULES
from conversations.simulation import report
from conversations.simulation.personas import personas
from conversations.simulation.properties import MOST_CLARIFICATIONS, MOST_TURNS, PROPERTIES
from tests.unit.docs.tables import first_cells, rows, section
from tools.pages import ROOT

PAGE = ROOT / "docs/simulation.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_persona_is_named_and_measured() -> None:
    listed = re.findall(r"\w+", TEXT.partition("`personas.yml`): ")[2].partition(". A persona")[0])
    assert listed == list(personas())
    measured = {name.strip(): "cooperative" in cells[0] for cells in rows(section(PAGE, "Run and replay"))[1:]
                for name in cells[0].split(",") if name.strip() != "cooperative"}  # fmt: skip
    assert measured == {name: persona.cooperative for name, persona in personas().items()}


def test_every_property_is_explained() -> None:
    assert first_cells(section(PAGE, "What is played")) == {*RULES, *PROPERTIES, "person", "accepted", "ends"}


def test_the_numbers_are_those_of_the_program() -> None:
    assert f"within {MOST_TURNS} customer turns" in TEXT and MOST_CLARIFICATIONS == 2
    assert f"below {report.LEAST_SUCCESS * 100:.0f} % success" in TEXT and f"× {report.VARIANTS} + variant" in TEXT
