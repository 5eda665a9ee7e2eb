"""The commands of ``baitiao policy``."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(help="Dated rules.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps the name of a command necessary while there is only one."""


@app.command("dry-run")
def dry_run(
    file: Path = typer.Argument(..., help="A world file with policies, such as a new one and the end of the one before."),
    on: str = typer.Option(..., help="The day, such as 2026-12-01."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object with the lists whole."),
) -> None:
    """Says who would lose the option, gain it or get it narrower if the file held on that day. Changes nothing."""
    from bot.commands import policies

    found = policies.rehearsed(file, on)
    if as_json:
        print(json.dumps(found.to_data(), ensure_ascii=False))
        return
    for line in policies.lines(found):
        print(line)
