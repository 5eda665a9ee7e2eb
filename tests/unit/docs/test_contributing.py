"""CONTRIBUTING.md: every target and every folder of tests."""

from __future__ import annotations

from tests.unit.docs.tables import first_cells, section
from tests.unit.docs.test_commands import TARGETS
from tools.pages import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_target_of_make_is_named() -> None:
    assert [target for target in TARGETS - {"help"} if f"`make {target}`" not in TEXT] == []


def test_every_folder_of_tests_has_a_row() -> None:
    shown = " ".join(first_cells(section(PAGE, "Where tests go")))
    folders = [path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("__")]
    assert [name for name in folders if f"tests/{name}/" not in shown] == []
