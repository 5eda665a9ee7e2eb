"""README.md: what it says there is."""

from __future__ import annotations

import typer

from bot.cli import app
from tests.unit.docs.tables import rows, section
from tools.pages import ROOT

PAGE = ROOT / "README.md"


def test_every_command_has_a_row() -> None:
    shown = " ".join(cells[0] for cells in rows(section(PAGE, "Commands")))
    group = typer.main.get_command(app)
    names = [
        f"{name} {inner}".strip()
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", {"": None})
    ]
    assert [name for name in names if f"`baitiao {name}" not in shown] == []
