"""The commands of ``baitiao knowledge``."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(help="What the assistant knows.", no_args_is_help=True)


@app.command("check")
def check() -> None:
    """Checks every knowledge file: facts, types, placeholders, lengths, forbidden sentences, and a conversation test per cause."""
    from bot.commands.inspection import check as checked

    print(checked())


@app.command("dry-run")
def dry_run(
    folder: Path = typer.Argument(..., help="A knowledge folder, such as a changed copy of knowledge/."),
    expect: list[str] = typer.Option([], help="A cause by which diagnoses are meant to change; may be given several times."),
    stored: int = typer.Option(1000, min=0, help="So many of the diagnoses that customers were told last are looked at, too."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object with the lists whole."),
) -> None:
    """Says whose diagnosis and which sentences a knowledge folder would change; exit code 1 if a diagnosis changes that is not expected to."""
    from bot.commands.knowledge_changes import lines, rehearsed

    found = rehearsed(folder, expect, stored)
    for line in [json.dumps(found.to_data(), ensure_ascii=False)] if as_json else lines(found):
        print(line)
    if found.is_unexpected:
        raise SystemExit(1)
